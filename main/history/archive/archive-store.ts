import type Database from "@signalapp/sqlcipher";
import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import { closeQuietly, type Migration, openDatabase, setAside, translate } from "../store/database.ts";
import { Statements } from "../store/statements.ts";
import type { ArchiveItem } from "./archive.ts";
import { secondId } from "./item-id.ts";

/** What is known of an item: it waits, the destination has taken it, or it will never take it. */
export type ItemState = "waiting" | "taken" | "refused";

/** An item that waits. */
export interface QueuedItem {
  /** Its place in the queue. */
  readonly n: number;
  readonly item: ArchiveItem;
}

/** Ids of items that were taken are remembered, so that what the server's archive brings again is not fed again. */
const maxRemembered = 200_000;
/** The same id this much later is another message, in milliseconds; as in the history. */
const copyWithin = 3600 * 1000;

const migrations: readonly Migration[] = [
  (db) =>
    db.exec(`
      CREATE TABLE item (n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, content TEXT NOT NULL, refused TEXT) STRICT;
      CREATE INDEX waiting ON item(n) WHERE refused IS NULL;
      CREATE TABLE taken (n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL) STRICT;
      CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    `),
];

/**
 * archive.db, in the worker: what waits for the organization's archive, in order. Every write is on disk when it returns.
 * A file that cannot be read is set aside and a new one begun, which is told (`storage-corrupt`).
 * Errors: `storage-full`, `storage-failed`, `vault-unavailable`.
 */
export class ArchiveStore {
  readonly #path: string;
  readonly #key: Uint8Array;
  readonly #maxPages: number | undefined;
  readonly #trouble: (error: HallwayError) => void;
  #sql: Statements | undefined;

  constructor(options: {
    readonly path: string;
    readonly key: Uint8Array;
    readonly maxPages: number | undefined;
    readonly trouble: (error: HallwayError) => void;
  }) {
    this.#path = options.path;
    this.#key = options.key;
    this.#maxPages = options.maxPages;
    this.#trouble = options.trouble;
  }

  /** All of them or none. What waits or was taken already is not put in again. */
  add(items: readonly ArchiveItem[]): void {
    this.#run((sql) =>
      sql.transaction(true, () => {
        for (const item of items) this.#addOne(sql, item);
      }),
    );
  }

  #addOne(sql: Statements, item: ArchiveItem): void {
    const at = Math.round(item.message.sentAt);
    const insert = (id: string, content: ArchiveItem): void => {
      if (sql.number("SELECT 1 FROM taken WHERE id = ?", [id]) !== undefined) return;
      sql.run("INSERT INTO item(id, at, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [id, at, JSON.stringify(content)]);
    };
    const known = sql.number("SELECT at FROM item WHERE id = ? UNION ALL SELECT at FROM taken WHERE id = ?", [item.id, item.id]);
    if (known !== undefined && Math.abs(known - at) <= copyWithin) return;
    const id = known === undefined ? item.id : secondId(item.id, at);
    insert(id, { ...item, id });
  }

  /** The next items in order, at least one where there is one: at most `count`, and no more once they have `length` characters. */
  head(count: number, length: number): QueuedItem[] {
    return this.#run((sql) => {
      const items: QueuedItem[] = [];
      let total = 0;
      let after = 0;
      while (items.length < count && total < length) {
        const [row] = sql.all<{ n: number; content: string }>("SELECT n, content FROM item WHERE refused IS NULL AND n > ? ORDER BY n LIMIT 1", [after]);
        if (!row) break;
        after = row.n;
        total += row.content.length;
        items.push({ n: row.n, item: JSON.parse(row.content) as ArchiveItem });
      }
      return items;
    });
  }

  /** The destination has them. */
  taken(places: readonly number[]): void {
    this.#run((sql) =>
      sql.transaction(true, () => {
        for (const n of places) {
          sql.run("INSERT OR IGNORE INTO taken(id, at) SELECT id, at FROM item WHERE n = ?", [n]);
          sql.run("DELETE FROM item WHERE n = ?", [n]);
        }
        sql.run("DELETE FROM taken WHERE n <= (SELECT max(n) FROM taken) - ?", [maxRemembered]);
      }),
    );
  }

  /** The destination will never take it: it stays, and nothing waits behind it. */
  refuse(n: number, error: ErrorInfo): void {
    this.#run((sql) => sql.transaction(true, () => sql.run("UPDATE item SET refused = ? WHERE n = ?", [JSON.stringify(error), n])));
  }

  /** Another destination, or another form, may take what was refused: it waits again. */
  again(): void {
    this.#run((sql) => sql.run("UPDATE item SET refused = NULL WHERE refused IS NOT NULL", []));
  }

  state(id: string): ItemState | undefined {
    return this.#run((sql) => {
      const refused = sql.number("SELECT refused IS NOT NULL FROM item WHERE id = ?", [id]);
      if (refused !== undefined) return refused === 1 ? "refused" : "waiting";
      return sql.number("SELECT 1 FROM taken WHERE id = ?", [id]) === undefined ? undefined : "taken";
    });
  }

  /** Where something has come to: a text by name. */
  mark(name: string): string | undefined {
    return this.#run((sql) => sql.all<{ value: string }>("SELECT value FROM mark WHERE name = ?", [name])[0]?.value);
  }

  setMark(name: string, value: string): void {
    this.#run((sql) => sql.transaction(true, () => sql.run("INSERT INTO mark VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name, value])));
  }

  close(): void {
    try {
      this.#sql?.close();
    } catch {
      // It is being given up anyway.
    }
    this.#sql = undefined;
  }

  /** Opened when it is first needed, and again after it could not be. */
  #run<T>(work: (sql: Statements) => T): T {
    try {
      this.#sql ??= this.#open();
      return work(this.#sql);
    } catch (error) {
      const known = this.#sql?.diagnose(error) ?? translate(error);
      if (known.code !== "storage-corrupt") throw known;
      this.close();
      const file = setAside(this.#path, new Date());
      this.#trouble(new HallwayError("storage-corrupt", { file }, error));
      this.#sql = this.#open();
      return work(this.#sql);
    }
  }

  #open(): Statements {
    let db: Database | undefined;
    try {
      db = openDatabase({ path: this.#path, key: this.#key, migrations, cacheKiB: 2000 });
      if (this.#maxPages !== undefined) db.pragma(`max_page_count=${this.#maxPages}`);
      return new Statements(db);
    } catch (error) {
      closeQuietly(db);
      throw error;
    }
  }
}
