import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "../main/host/chromium/browser.ts";
import { bundleIfStale, productParts } from "./bundle.ts";
import { nodeFlags } from "./node-flags.ts";
import { root } from "./root.ts";

/** `npm start`: bundles what is stale, then opens Hallway on Electron, or says plainly that it falls back. */

const executables: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: "Electron.app/Contents/MacOS/Electron",
  win32: "electron.exe",
};

/** Path of Electron's runtime, when there is one: npm's own, or the folder that ELECTRON_OVERRIDE_DIST_PATH names. */
export function findElectron(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = environment["ELECTRON_OVERRIDE_DIST_PATH"] || join(root, "node_modules/electron/dist");
  const path = join(folder, executables[process.platform] ?? "electron");
  return existsSync(path) ? path : undefined;
}

/** Runs a program in the foreground and answers its exit code. Ctrl+C reaches it by itself. */
function run(file: string, args: readonly string[]): Promise<number> {
  const child = spawn(file, [...args], { stdio: "inherit", cwd: root });
  const keep = (): void => undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, signal === "SIGINT" ? keep : () => child.kill("SIGTERM"));
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
  });
}

async function start(): Promise<number> {
  const made = await bundleIfStale(productParts);
  if (made.length > 0) console.log(`Bundled ${made.join(", ")}.`);
  const electron = findElectron();
  if (electron !== undefined) return run(electron, [root]);
  const browser = findBrowser();
  console.log(
    "Electron's runtime is not here, so Hallway opens in a window of the system's browser instead: no tray, and closing the window quits.",
  );
  console.log("Where downloads are possible, `node node_modules/electron/install.js` fetches the runtime.");
  if (browser === undefined) {
    console.error(
      "No Chromium, Chrome or Edge was found either. Install one of them (on Debian: apt install chromium) and start again.",
    );
    return 1;
  }
  return run(process.execPath, [...nodeFlags, join(root, "dist/main.mjs")]);
}

if (import.meta.main) process.exitCode = await start();
