import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestHome } from "../../e2e/app/launch.ts";
import { openDatabase, writeKeyCheck } from "../../main/database/database.ts";
import { historyMigrations } from "../../main/history/store/history-schema.ts";
import { filledKey } from "../filled-history.ts";

/** The key that the program keeps for a test home at which it was started once. */
async function keyOf(testHome: TestHome): Promise<Uint8Array> {
  const secrets = JSON.parse(await readFile(join(testHome.folder, "profile", "secrets.json"), "utf8")) as Record<
    string,
    string
  >;
  const name = Object.keys(secrets).find((one) => one.includes("/profile-key"));
  return new Uint8Array(Buffer.from(secrets[name ?? ""] ?? "", "base64"));
}

/**
 * Lays a filled history at a test home as that of an account there, under the key that is kept there. The program must not
 * run.
 */
export async function layHistory(testHome: TestHome, from: string, accountId: string): Promise<void> {
  const path = join(testHome.folder, "profile", "history.db");
  await copyFile(join(from, "history.db"), path);
  const key = await keyOf(testHome);
  writeKeyCheck(path, filledKey);
  const db = openDatabase({ path, key: filledKey, migrations: historyMigrations, cacheKiB: 16_000 });
  db.exec(
    `UPDATE conversation SET key = '${accountId}' || substr(key, instr(key, '|')); UPDATE account SET key = '${accountId}'`,
  );
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.pragma("journal_mode=DELETE");
  db.pragma(`rekey="x'${Buffer.from(key).toString("hex")}'"`);
  db.close();
  writeKeyCheck(path, key);
}
