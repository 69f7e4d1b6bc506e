import { openDatabase } from "../database/database.ts";
import { say } from "./say.test-helper.ts";
import { historyMigrations } from "./store/history-schema.ts";

/** A process for migration.test.ts that brings a history of the version before up to date until it is killed. */
const [path = "", key = ""] = process.argv.slice(2);
say("begin");
const db = openDatabase({
  path,
  key: new Uint8Array(Buffer.from(key, "hex")),
  migrations: historyMigrations,
  cacheKiB: 2_000,
});
db.close();
say("end");
setInterval(() => undefined, 1_000);
