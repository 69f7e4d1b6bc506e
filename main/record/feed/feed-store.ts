import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type Database from "@signalapp/sqlcipher";
import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import { directAuthor } from "../../../shared/model/author.ts";
import { closeQuietly, type Migration, openDatabase, setAside, translate } from "../../database/database.ts";
import { Statements } from "../../database/statements.ts";
import type { FeedItem } from "./compliance-feed.ts";
import { secondId } from "./item-id.ts";
import { QueueSalvage, type SalvagedRow } from "./queue-salvage.ts";

/** State of an item: it waits, the destination has taken it, or it will never take it. */
export type ItemState = "waiting" | "taken" | "refused";

/** An item that waits. */
export interface QueuedItem {
  /** Its place in the queue. */
  readonly n: number;
  readonly item: FeedItem;
}

/** Ids of items that were taken are remembered, so that what the server's archive brings again is not fed again. */
const maxRemembered = 200_000;
/** Of queues that were set aside, so many are looked through, the newest. */
const maxSetAside = 5;
/** The first place in a queue that takes the place of another: what comes from that one goes before what is new. */
const placesOfOne = 2 ** 32;
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
 * archive.db, in the worker: what waits for the organization's archive, in order. Every write is on disk when it
 * returns. A file that cannot be read is set aside and a new one begun, which is told (`storage-corrupt`). A new one
 * has the mark `rebuild` until somebody says that it is whole: `salvageSome` takes over what can be read of those that
 * were set aside. Errors: `storage-full`, `storage-failed`, `vault-unavailable`.
 */
export class FeedStore {
  readonly #path: string;
  readonly #key: Uint8Array;
  readonly #maxPages: number | undefined;
  readonly #trouble: (error: HallwayError) => void;
  #sql: Statements | undefined;
  #salvage: { readonly file: string; readonly from: QueueSalvage } | undefined;

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
  add(items: readonly FeedItem[]): void {
    this.#run((sql) =>
      sql.transaction(true, () => {
        for (const item of items) this.#addOne(sql, item);
      }),
    );
  }

  #addOne(sql: Statements, item: FeedItem): void {
    const at = Math.round(item.message.sentAt);
    const insert = (id: string, content: FeedItem): void => {
      if (sql.number("SELECT 1 FROM taken WHERE id = ?", [id]) !== undefined) return;
      sql.run("INSERT INTO item(id, at, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [
        id,
        at,
        JSON.stringify(content),
      ]);
    };
    const known = sql.number("SELECT at FROM item WHERE id = ? UNION ALL SELECT at FROM taken WHERE id = ?", [
      item.id,
      item.id,
    ]);
    if (known !== undefined && Math.abs(known - at) <= copyWithin) return;
    const id = known === undefined ? item.id : secondId(item.id, at);
    insert(id, { ...item, id });
  }

  /**
   * The next items in order, at least one where there is one: at most `count`, and no more once they have `length`
   * characters.
   */
  head(count: number, length: number): QueuedItem[] {
    return this.#run((sql) => {
      const items: QueuedItem[] = [];
      let total = 0;
      let after = 0;
      while (items.length < count && total < length) {
        const [row] = sql.all<{ n: number; content: string }>(
          "SELECT n, content FROM item WHERE refused IS NULL AND n > ? ORDER BY n LIMIT 1",
          [after],
        );
        if (!row) break;
        after = row.n;
        total += row.content.length;
        items.push({ n: row.n, item: itemOf(row.content) });
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
    this.#run((sql) =>
      sql.transaction(true, () => sql.run("UPDATE item SET refused = ? WHERE n = ?", [JSON.stringify(error), n])),
    );
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
    this.#run((sql) =>
      sql.transaction(true, () =>
        sql.run("INSERT INTO mark VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name, value]),
      ),
    );
  }

  /** Takes some more over from queues that were set aside; false when that is done. */
  salvageSome(): boolean {
    return this.#run((sql) => {
      const [step, ...rest] = readSteps(this.mark("salvage"));
      if (!step) return false;
      const path = join(dirname(this.#path), step.file);
      const { rows, next } = existsSync(path)
        ? this.#from(path).rows(step.table, step.after)
        : { rows: [], next: undefined };
      sql.transaction(true, () => {
        for (const row of rows) takeOver(sql, step.table, row);
        const steps = next === undefined ? rest : [{ ...step, after: next }, ...rest];
        sql.run("INSERT INTO mark VALUES ('salvage', ?) ON CONFLICT DO UPDATE SET value = excluded.value", [
          JSON.stringify(steps),
        ]);
      });
      return next !== undefined || rest.length > 0;
    });
  }

  #from(path: string): QueueSalvage {
    if (this.#salvage?.file !== path) {
      this.#salvage?.from.close();
      this.#salvage = { file: path, from: new QueueSalvage(path, this.#key) };
    }
    return this.#salvage.from;
  }

  close(): void {
    this.#salvage?.from.close();
    this.#salvage = undefined;
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
      const isNew = !existsSync(this.#path) || statSync(this.#path).size === 0;
      db = openDatabase({ path: this.#path, key: this.#key, migrations, cacheKiB: 2000 });
      if (this.#maxPages !== undefined) db.pragma(`max_page_count=${this.#maxPages}`);
      const sql = new Statements(db);
      if (isNew || sql.number("SELECT count(*) FROM mark", []) === 0) this.#begin(sql);
      return sql;
    } catch (error) {
      closeQuietly(db);
      throw error;
    }
  }
  /** In the same breath as the file, so that one that takes another's place is never taken for whole. */
  #begin(sql: Statements): void {
    const files = setAsideBeside(this.#path);
    // First what was taken already, of all of them: it is not to wait again.
    const steps = (["taken", "item"] as const).flatMap((table) =>
      files.map((file): Step => ({ file, table, after: 0 })),
    );
    sql.transaction(true, () => {
      sql.run("INSERT OR IGNORE INTO mark VALUES ('rebuild', 'pending'), ('salvage', ?)", [JSON.stringify(steps)]);
      sql.run(
        "INSERT INTO sqlite_sequence(name, seq) SELECT 'item', ? WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'item')",
        [files.length * placesOfOne],
      );
    });
  }
}

/** A table of a queue that was set aside, from a place on. */
interface Step {
  readonly file: string;
  readonly table: "taken" | "item";
  readonly after: number;
}

/** Only this file writes it. */
function readSteps(text: string | undefined): readonly Step[] {
  return text === undefined ? [] : (JSON.parse(text) as readonly Step[]);
}

/** Names, oldest first. */
function setAsideBeside(path: string): readonly string[] {
  const stem = `${basename(path, ".db")}-corrupt-`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(stem) && name.endsWith(".db"))
    .sort()
    .slice(-maxSetAside);
}

function takeOver(sql: Statements, table: Step["table"], { n, id, at, content, refused }: SalvagedRow): void {
  if (table === "taken") sql.run("INSERT INTO taken(id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", [id, at]);
  else if (content !== undefined && sql.number("SELECT 1 FROM taken WHERE id = ?", [id]) === undefined) {
    const place = sql.number("SELECT 1 FROM item WHERE n = ?", [n]) === undefined ? n : null;
    sql.run("INSERT INTO item(n, id, at, content, refused) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", [
      place,
      id,
      at,
      content,
      refused ?? null,
    ]);
  }
}

/** An item as it was queued; one of before authors has that of a direct conversation. */
function itemOf(text: string): FeedItem {
  const item = JSON.parse(text) as FeedItem;
  const { direction, own, peer } = item.message;
  return {
    ...item,
    message: { ...item.message, author: item.message.author ?? directAuthor(direction, { own, peer }) },
  };
}
