import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RunFolder } from "./run-folder.ts";

/** Where Kamailio's packages put their table definitions. */
const schemas = "/usr/share/kamailio/db_sqlite";

/** One file per module that writes: with a single one "database is locked" surfaces as errors now and then. */
const databases = {
  accounts: ["standard", "auth_db", "uri_db"],
  presence: ["standard", "presence"],
  xcap: ["standard", "presence"],
  store: ["standard", "msilo"],
} as const;

/** The rows of a Kamailio that tests change. */
export interface KamailioData {
  account(user: string, password: string): void;
  /** Forgets who watches whom, so that no decision reaches a watcher who waits for it. */
  dropWatchers(): void;
}

/** Database files by name, `accounts` among them, and the tables of each. */
type Databases = Readonly<Record<string, readonly string[]>> & { readonly accounts: readonly string[] };

/** Makes the databases of a Kamailio in its folder; they are always new, since watcher states would persist. */
export async function createKamailioData(
  folder: RunFolder,
  domain: string,
  files: Databases = databases,
): Promise<KamailioData> {
  for (const [name, tables] of Object.entries(files)) {
    const file = join(folder.path, `${name}.db`);
    const database = new DatabaseSync(file);
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; BEGIN");
    for (const table of tables) database.exec(tableDefinitions(table));
    database.exec("COMMIT");
    database.close();
    await folder.give(file);
  }
  const change = (name: string, by: (database: DatabaseSync) => void): void => {
    const database = new DatabaseSync(join(folder.path, `${name}.db`), { timeout: 2_000 });
    try {
      by(database);
    } finally {
      database.close();
    }
  };
  return {
    account: (user, password) =>
      change("accounts", (database) => {
        database.prepare("DELETE FROM subscriber WHERE username = ? AND domain = ?").run(user, domain);
        database
          .prepare("INSERT INTO subscriber (username, domain, password, ha1, ha1b) VALUES (?, ?, ?, '', '')")
          .run(user, domain, password);
      }),
    dropWatchers: () => change("presence", (database) => database.exec("DELETE FROM watchers")),
  };
}

/**
 * As the package has them, but that no id is given twice. SQLite gives the id of a deleted row to the next one, which
 * MySQL never does; and the message store deletes by id, some time after it has read, what it has handed over: a
 * message that was kept meanwhile under the same id was deleted unsent.
 */
function tableDefinitions(name: string): string {
  const text = readFileSync(join(schemas, `${name}-create.sql`), "utf8");
  return text.replaceAll("INTEGER PRIMARY KEY NOT NULL", "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL");
}
