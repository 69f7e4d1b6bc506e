import { spawn } from "node:child_process";
import { join } from "node:path";
import { bundle, productParts } from "./bundle.ts";
import { buildDeb } from "./packaging/deb/deb.ts";
import { root } from "./root.ts";

/**
 * `npm run package [-- --linux --mac --win --dir]`: fresh bundles, then installers in .cache/package. electron-builder
 * fetches Electron's runtime where it is not here; without a network give it with ELECTRON_OVERRIDE_DIST_PATH.
 *
 * `npm run package -- deb`: the Debian package for thin clients, which needs no runtime; `-- deb --try` installs it
 * into a clean Debian (packaging/deb/trial.ts).
 */
async function main(args: readonly string[]): Promise<number> {
  await bundle(productParts);
  if (args[0] !== "deb")
    return run([join(root, "node_modules/electron-builder/cli.js"), ...builderArguments(), ...args]);
  if (args.includes("--try")) return run([join(root, "build/packaging/deb/trial.ts")]);
  const arch = process.arch === "arm64" ? "arm64" : "x64";
  console.log(await buildDeb({ output: join(root, ".cache/package"), node: process.execPath, arch }));
  return 0;
}

function builderArguments(): readonly string[] {
  const runtime = process.env["ELECTRON_OVERRIDE_DIST_PATH"];
  const config = ["--config", "build/electron-builder.config.cjs", "--publish", "never"];
  return runtime ? [...config, `--config.electronDist=${runtime}`] : config;
}

function run(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...args], { cwd: root, stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}

process.exitCode = await main(process.argv.slice(2));
