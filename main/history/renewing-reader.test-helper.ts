import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { openHistory } from "./open-history.ts";
import { say } from "./say.test-helper.ts";
import { workerUrl } from "./workers.test-helper.ts";

/** A process for index-renewal.test.ts that opens a history, says so, and stays until it is killed. */
const [folder = "", key = ""] = process.argv.slice(2);
const worker = startDatabaseWorker(workerUrl);
await openHistory({
  worker,
  folder,
  key: new Uint8Array(Buffer.from(key, "hex")),
  mode: "encrypted",
  onTrouble: () => process.exit(3),
});
say("open");
setInterval(() => undefined, 60_000);
