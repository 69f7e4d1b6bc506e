import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bundleIfStale } from "./bundle.ts";
import { root } from "./root.ts";

/**
 * `npm run hallway -- policy show`: the program's commands, as the installed program takes them. The window is `npm
 * start`.
 */

await bundleIfStale(["main", "worker", "export-worker"]);
const args = process.argv.slice(2);
if (args.length > 0) {
  const { status, error } = spawnSync(process.execPath, [join(root, "dist/main.mjs"), ...args], { stdio: "inherit" });
  if (error) console.error(error.message);
  process.exitCode = status ?? 1;
} else {
  console.error("Say: npm run hallway -- --help. The window is opened by npm start.");
  process.exitCode = 2;
}
