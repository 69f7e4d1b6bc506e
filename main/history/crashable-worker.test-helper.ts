import { existsSync, writeFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import type { WorkerCall } from "../database/protocol.ts";

/**
 * The database worker, but asked for the network cache under the path of a file it dies: once, when there is no such
 * file (it then makes it), and each time when the file's name says so.
 */
parentPort?.on("message", (call: WorkerCall) => {
  const [namespace, path] = call.args;
  if (call.method !== "profile.get" || namespace !== "network-cache" || typeof path !== "string") return;
  if (existsSync(path) && !path.endsWith("always")) return;
  writeFileSync(path, "");
  process.exit(1);
});
await import("../app/database-thread.ts");
