import { closeQuietly, openSetAside } from "../../database/database.ts";
import { highest } from "../../database/highest.ts";
import { Statements } from "../../database/statements.ts";
import { noDetails, readDetails, type WholeMessage } from "./details.ts";
import { recordVersion } from "./history-schema.ts";
import { type MessageRow, selectMessageOf } from "./message-row.ts";
import { type RetractionAhead, selectAheadOf } from "./retraction-ahead.ts";

const atOnce = 200;
/** So many rows that cannot be read, one after the other, and the rest is given up. */
const maxBad = 20_000;

/** Some messages in order of `seq`, and below which `seq` the next are; `below` undefined: these were the last. */
export interface SalvagePart {
  readonly messages: readonly WholeMessage[];
  readonly below: number | undefined;
}

interface Opened {
  readonly sql: Statements;
  /** It is of before the compliance record. */
  readonly isFormer: boolean;
  /** Statements that select its messages, and its retractions whose messages have not come. */
  readonly select: string;
  readonly selectAhead: string;
  readonly close: () => void;
}

/**
 * Reads what can still be read of a history that was set aside, some rows at a time, newest first. SQLCipher refuses a
 * connection after a page failed its authentication, so it is opened again after each bad row.
 */
export class Salvage {
  readonly #path: string;
  readonly #key: Uint8Array;
  #open: Opened | undefined;
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
    return highest("message", "seq", { opened: () => this.#opened().sql, close: () => this.close() });
  }

  /** Whether a row counted as unread, as far as that can be read. */
  isUnread(row: MessageRow): boolean {
    this.#unread ??= this.#readUnread();
    return this.#unread.has(row.seq);
  }

  /** As far as they can be read. */
  retractionsAhead(): RetractionAhead[] {
    try {
      const { sql, isFormer, selectAhead } = this.#opened();
      return isFormer ? [] : sql.all<RetractionAhead>(selectAhead, []);
    } catch {
      this.close();
      return [];
    }
  }

  next(): SalvagePart {
    if (this.#below <= 0 || this.#bad > maxBad) return { messages: [], below: undefined };
    const messages = this.#together() ?? this.#oneByOne();
    return { messages: messages.reverse(), below: this.#below > 0 ? this.#below : undefined };
  }

  close(): void {
    closeQuietly(this.#open);
    this.#open = undefined;
  }

  /** Undefined: one of them cannot be read. */
  #together(): WholeMessage[] | undefined {
    try {
      const { sql, isFormer, select } = this.#opened();
      const rows = sql.all<MessageRow>(`${select} WHERE m.seq < ? ORDER BY m.seq DESC LIMIT ?`, [this.#below, atOnce]);
      const messages = withDetails(sql, isFormer, rows);
      this.#below = rows.length < atOnce ? 0 : (rows.at(-1)?.seq ?? 0);
      return messages;
    } catch {
      this.close();
      return undefined;
    }
  }

  #oneByOne(): WholeMessage[] {
    const messages: WholeMessage[] = [];
    for (let n = 0; n < atOnce && this.#below > 0; n++) {
      this.#below -= 1;
      try {
        const { sql, select } = this.#opened();
        const rows = sql.all<MessageRow>(`${select} WHERE m.seq = ?`, [this.#below]);
        messages.push(...this.#withDetailsOrNot(rows));
        this.#bad = 0;
      } catch {
        this.#bad += 1;
        this.close();
      }
    }
    return messages;
  }

  /** A message counts more than what hangs on it. */
  #withDetailsOrNot(rows: readonly MessageRow[]): WholeMessage[] {
    try {
      const { sql, isFormer } = this.#opened();
      return withDetails(sql, isFormer, rows);
    } catch {
      this.close();
      return rows.map((row) => ({ row, details: noDetails }));
    }
  }

  #readUnread(): ReadonlySet<number> {
    try {
      return new Set(
        this.#opened()
          .sql.all<{ seq: number }>("SELECT seq FROM unread", [])
          .map((row) => row.seq),
      );
    } catch {
      this.close();
      return new Set();
    }
  }

  #opened(): Opened {
    if (!this.#open) {
      const db = openSetAside(this.#path, this.#key);
      const sql = new Statements(db);
      const open = { sql, isFormer: false, select: "", selectAhead: "", close: () => sql.close() };
      this.#open = open;
      const version = Number(db.pragma("user_version", { simple: true }) ?? 0);
      open.isFormer = version < recordVersion;
      open.select = selectMessageOf(version);
      open.selectAhead = selectAheadOf(version);
    }
    return this.#open;
  }
}

function withDetails(sql: Statements, isFormer: boolean, rows: readonly MessageRow[]): WholeMessage[] {
  const details = isFormer ? undefined : readDetails(sql, rows);
  return rows.map((row) => ({ row, details: details?.get(row.seq) ?? noDetails }));
}
