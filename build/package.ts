import { spawn } from "node:child_process";
import { join } from "node:path";
import { bundle, productParts } from "./bundle.ts";
import { root } from "./root.ts";

/**
 * `npm run package [-- --linux --mac --win --dir]`: fresh bundles, then installers in .cache/package. electron-builder
 * fetches Electron's runtime where it is not here; without a network give it with ELECTRON_OVERRIDE_DIST_PATH.
 */
await bundle(productParts);
const runtime = process.env["ELECTRON_OVERRIDE_DIST_PATH"];
const args = [
  join(root, "node_modules/electron-builder/cli.js"),
  "--config",
  "build/electron-builder.config.cjs",
  "--publish",
  "never",
];
if (runtime) args.push(`--config.electronDist=${runtime}`);
const child = spawn(process.execPath, [...args, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
