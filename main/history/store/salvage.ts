import Database from "@signalapp/sqlcipher";
import { closeQuietly } from "./database.ts";
import { type MessageRow, selectMessage } from "./message-row.ts";
import type { MessageStore } from "./message-store.ts";

const atOnce = 200;
/** So many rows that cannot be read, one after the other, and the rest is given up. */
const maxBad = 20_000;

/**
 * Reads what can still be read of a history that was set aside, some rows at a time, newest first. SQLCipher refuses a
 * connection after a page failed its authentication, so it is opened again after each bad row.
 */
export class Salvage {
  readonly #path: string;
  readonly #key: Uint8Array;
  #db: Database | undefined;
  #below: number | undefined;
  #bad = 0;

  constructor(path: string, key: Uint8Array) {
    this.#path = path;
    this.#key = key;
  }

  /** The highest `seq`, when it can be read. */
  lastSeq(): number | undefined {
    for (const sql of ["SELECT seq FROM sqlite_sequence WHERE name = 'message'", "SELECT max(seq) FROM message"]) {
      try {
        const value = this.#open().prepare(sql, { pluck: true }).get<number>([]);
        if (typeof value === "number") return value;
      } catch {
        this.#reopen();
      }
    }
    return undefined;
  }

  /** Brings some rows into the new file; false when there are no more. */
  some(into: MessageStore): boolean {
    this.#below ??= (this.lastSeq() ?? -1) + 1;
    if (this.#below <= 0 || this.#bad > maxBad) return this.#end();
    const rows = this.#read(this.#below);
    if (rows === undefined) return true;
    const last = rows.at(-1);
    if (!last) return this.#end();
    into.absorb([...rows].reverse(), () => false);
    this.#below = last.seq;
    return true;
  }

  /** Undefined: nothing could be read here, `#below` has moved past it. */
  #read(below: number): MessageRow[] | undefined {
    const sql = `${selectMessage} WHERE m.seq < ? ORDER BY m.seq DESC LIMIT ?`;
    try {
      return this.#open().prepare(sql).all([below, atOnce]) as unknown as MessageRow[];
    } catch {
      this.#reopen();
    }
    // Row by row to the bad one, then past it.
    const rows: MessageRow[] = [];
    let seq = below;
    for (let n = 0; n < atOnce && seq > 0; n++) {
      seq -= 1;
      try {
        const row = this.#open().prepare(`${selectMessage} WHERE m.seq = ?`).get([seq]) as unknown as MessageRow | undefined;
        if (row) rows.push(row);
        this.#bad = 0;
      } catch {
        this.#bad += 1;
        this.#reopen();
      }
    }
    if (rows.length > 0) return rows;
    this.#below = seq;
    return undefined;
  }

  #open(): Database {
    if (!this.#db) {
      const db = new Database(this.#path);
      this.#db = db;
      db.pragma("cipher_log_level=NONE");
      db.pragma(`key="x'${Buffer.from(this.#key).toString("hex")}'"`);
    }
    return this.#db;
  }

  #reopen(): void {
    closeQuietly(this.#db);
    this.#db = undefined;
  }

  #end(): false {
    this.#reopen();
    return false;
  }
}
