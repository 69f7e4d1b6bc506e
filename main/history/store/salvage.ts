import Database from "@signalapp/sqlcipher";
import { closeQuietly } from "./database.ts";
import { type MessageRow, selectMessage } from "./message-row.ts";

const atOnce = 200;
/** So many rows that cannot be read, one after the other, and the rest is given up. */
const maxBad = 20_000;

/** Some rows in order of `seq`, and below which `seq` the next are; `below` undefined: these were the last. */
export interface SalvagePart {
  readonly rows: readonly MessageRow[];
  readonly below: number | undefined;
}

/**
 * Reads what can still be read of a history that was set aside, some rows at a time, newest first. SQLCipher refuses a
 * connection after a page failed its authentication, so it is opened again after each bad row.
 */
export class Salvage {
  readonly #path: string;
  readonly #key: Uint8Array;
  #db: Database | undefined;
  #below: number;
  #bad = 0;
  #unread: ReadonlySet<number> | undefined;

  /** `below`: how far it had come in an earlier run; undefined: it begins, with the newest. */
  constructor(path: string, key: Uint8Array, below: number | undefined) {
    this.#path = path;
    this.#key = key;
    this.#below = below ?? (this.lastSeq() ?? -1) + 1;
  }

  get below(): number {
    return this.#below;
  }

  /** The highest `seq`, when it can be read. */
  lastSeq(): number | undefined {
    for (const sql of ["SELECT seq FROM sqlite_sequence WHERE name = 'message'", "SELECT max(seq) FROM message"]) {
      try {
        const value = this.#open().prepare(sql, { pluck: true }).get<number>([]);
        if (typeof value === "number") return value;
      } catch {
        this.close();
      }
    }
    return undefined;
  }

  /** Whether a row counted as unread, as far as that can be read. */
  isUnread(row: MessageRow): boolean {
    this.#unread ??= this.#readUnread();
    return this.#unread.has(row.seq);
  }

  next(): SalvagePart {
    if (this.#below <= 0 || this.#bad > maxBad) return { rows: [], below: undefined };
    const rows = this.#together() ?? this.#oneByOne();
    return { rows: rows.reverse(), below: this.#below > 0 ? this.#below : undefined };
  }

  close(): void {
    closeQuietly(this.#db);
    this.#db = undefined;
  }

  /** Undefined: one of them cannot be read. */
  #together(): MessageRow[] | undefined {
    try {
      const rows = this.#open().prepare(`${selectMessage} WHERE m.seq < ? ORDER BY m.seq DESC LIMIT ?`).all([this.#below, atOnce]) as unknown as MessageRow[];
      this.#below = rows.length < atOnce ? 0 : (rows.at(-1)?.seq ?? 0);
      return rows;
    } catch {
      this.close();
      return undefined;
    }
  }

  #oneByOne(): MessageRow[] {
    const rows: MessageRow[] = [];
    for (let n = 0; n < atOnce && this.#below > 0; n++) {
      this.#below -= 1;
      try {
        const row = this.#open().prepare(`${selectMessage} WHERE m.seq = ?`).get([this.#below]) as unknown as MessageRow | undefined;
        if (row) rows.push(row);
        this.#bad = 0;
      } catch {
        this.#bad += 1;
        this.close();
      }
    }
    return rows;
  }

  #readUnread(): ReadonlySet<number> {
    try {
      return new Set(this.#open().prepare("SELECT seq FROM unread", { pluck: true }).all<number>([]));
    } catch {
      this.close();
      return new Set();
    }
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
}
