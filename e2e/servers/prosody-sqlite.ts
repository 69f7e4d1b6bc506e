import { DatabaseSync } from "node:sqlite";
import xml from "@xmpp/xml";
import type { SeedMessage } from "./prosody-data.ts";

/** The table as mod_storage_sql of Prosody 0.12 makes it, which it does only when it first needs it. */
const schema = `
  CREATE TABLE IF NOT EXISTS prosodyarchive (
    sort_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, host TEXT NOT NULL, user TEXT NOT NULL, store TEXT NOT NULL,
    key TEXT NOT NULL, "when" INTEGER NOT NULL, "with" TEXT NOT NULL, type TEXT NOT NULL, value MEDIUMTEXT NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS prosodyarchive_index ON prosodyarchive (host, user, store, key);
  CREATE INDEX IF NOT EXISTS prosodyarchive_with_when ON prosodyarchive (host, user, store, "with", "when");
  CREATE INDEX IF NOT EXISTS prosodyarchive_when ON prosodyarchive (host, user, store, "when");
  CREATE INDEX IF NOT EXISTS prosodyarchive_sort ON prosodyarchive (host, user, store, sort_id);
`;

/**
 * Replaces the archive of `user` in Prosody's SQLite file, which must be given to the server's user afterwards; oldest
 * first.
 */
export function writeArchive(
  file: string,
  { host, user }: { readonly host: string; readonly user: string },
  messages: readonly SeedMessage[],
): void {
  const db = new DatabaseSync(file, { timeout: 10_000 });
  try {
    db.exec(schema);
    db.exec("BEGIN");
    db.prepare("DELETE FROM prosodyarchive WHERE host = ? AND user = ? AND store = 'archive'").run(host, user);
    const insert = db.prepare(
      `INSERT INTO prosodyarchive (host, user, store, key, "when", "with", type, value) VALUES (?, ?, 'archive', ?, ?, ?, 'xml', ?)`,
    );
    for (const { id, from, to, body, at } of messages) {
      const stanza = xml(
        "message",
        { id, type: "chat", from: `${from}/seed`, to },
        xml("body", {}, body),
        xml("origin-id", { xmlns: "urn:xmpp:sid:0", id }),
      );
      insert.run(
        host,
        user,
        `seed-${id}`,
        Math.floor(at / 1000),
        from.startsWith(`${user}@`) ? to : from,
        stanza.toString(),
      );
    }
    db.exec("COMMIT");
  } finally {
    db.close();
  }
}
