import type Database from "@signalapp/sqlcipher";
import { changeableFor } from "../../../shared/model/message-change.ts";
import { Statements } from "../../database/statements.ts";
import { authorKeyOf } from "./json-columns.ts";
import { hash } from "./keys.ts";
import { areCopiesByTime, copyWithin, type MessageRow } from "./message-row.ts";

/** Makes the table; part of profile.db, which is open in every mode of the history. */
export const goneSchema =
  "CREATE TABLE gone (hash INTEGER PRIMARY KEY, at INTEGER NOT NULL, said_at INTEGER, text INTEGER) STRICT";

/** Parts of a message that tell whether a server brings one that is gone. */
export type GoneMessage = Pick<
  MessageRow,
  | "account"
  | "conversation"
  | "direction"
  | "author"
  | "wire_id"
  | "archive_id"
  | "body"
  | "at"
  | "said_at"
  | "corrected_at"
  | "retracted_at"
> & {
  /** Wire ids of its corrections. */
  readonly aliases?: readonly string[];
};

/** So many ids are remembered; when there are more, those of the oldest messages are forgotten. */
const maxRemembered = 200_000;
/** After so many new ones it is looked whether there are too many. */
const looksEvery = 10_000;

/** A database with the table. Most people delete nothing: then nothing is looked up. */
interface Opened {
  readonly sql: Statements;
  isEmpty: boolean;
}

interface GoneRow {
  readonly at: number;
  readonly said_at: number | null;
  readonly text: number | null;
}

/**
 * In the place of a text: a correction, of which it is known only that it was said after its message (`said_at`) and no
 * later than the last one (`at`).
 */
const isCorrection = -1;

/**
 * Messages that were here, or passed through without being kept, and must not come back: deleted by the person or by
 * retention, or received while the history was off or its conversation out of scope. A server may bring them again, out
 * of its archive or its store or from another device, so their ids are remembered: as numbers that no id or text can be
 * made from, with the time of the message. A sender may use an id of its own again for something else, so such an id
 * counts only for the same time and, where that is known, the same text, of which 16 bits are kept.
 */
export class GoneMessages {
  readonly #run: <T>(work: (db: Database) => T) => T;
  readonly #opened = new WeakMap<Database, Opened>();
  #added = looksEvery;

  /** `run`: does something with the database that has the table. */
  constructor(run: <T>(work: (db: Database) => T) => T) {
    this.#run = run;
  }

  /** Messages that were not to be kept. Best effort: what cannot be written is not remembered. */
  add(messages: readonly GoneMessage[]): void {
    this.#addRows(messages.flatMap(rowsOf));
  }

  /**
   * Messages that were deleted: corrections of them must not bring them back either. A full disk must not keep anybody
   * from deleting.
   */
  addDeleted(messages: readonly GoneMessage[]): void {
    this.#addRows(messages.flatMap((message) => [...rowsOf(message), ...deletedRowsOf(message)]));
  }

  #addRows(rows: readonly (number | null)[][]): void {
    if (rows.length === 0) return;
    try {
      this.#with((opened) => {
        const { sql } = opened;
        opened.isEmpty = false;
        sql.transaction(false, () => {
          for (const row of rows) sql.run("INSERT OR REPLACE INTO gone VALUES (?, ?, ?, ?)", row);
        });
        this.#added += rows.length;
        if (this.#added >= looksEvery) this.#forgetOldest(sql);
      });
    } catch {
      // It is not remembered.
    }
  }

  /** A correction of a message that is not kept: as that, it must not come back as a message of its own. */
  addChange(change: Pick<GoneMessage, "conversation" | "direction" | "author" | "wire_id" | "at">): void {
    const { conversation, direction, author, wire_id, at } = change;
    const none = { account: "", archive_id: null, body: "", said_at: null, retracted_at: null } as const;
    this.add([{ ...none, conversation, direction, author, wire_id, at, corrected_at: at }]);
  }

  has(message: GoneMessage): boolean {
    try {
      return this.#with(({ sql, isEmpty }) => {
        if (isEmpty) return false;
        if (message.archive_id !== null && find(sql, archiveHash(message, message.archive_id))) return true;
        const known = message.wire_id === null ? undefined : find(sql, wireHash(message, message.wire_id));
        if (known === undefined) return false;
        if (known.text === isCorrection) return isWithin(known, message.at);
        return (known.text === null || known.text === textOf(message.body)) && areCopiesByTime(known, message);
      });
    } catch {
      return false;
    }
  }

  /**
   * Whether a correction that stands for itself is one of a message that was deleted. So is one that names this one.
   * Like a message that is here, a deleted one may be corrected for as long as `changeableFor`.
   */
  deletedTarget(correction: GoneMessage & Pick<MessageRow, "replaces">): boolean {
    const { replaces, wire_id: wireId, at } = correction;
    if (replaces === null) return false;
    try {
      const target = this.#with(({ sql, isEmpty }) =>
        isEmpty ? undefined : find(sql, deletedHash(correction, replaces)),
      );
      if (target === undefined || target.at > at + copyWithin || target.at < at - changeableFor - copyWithin)
        return false;
      if (wireId !== null) this.#addRows([[deletedHash(correction, wireId), target.at, null, null]]);
      return true;
    } catch {
      return false;
    }
  }

  #forgetOldest(sql: Statements): void {
    this.#added = 0;
    const oldest = sql.number(`SELECT at FROM gone ORDER BY at DESC LIMIT 1 OFFSET ${maxRemembered}`, []);
    if (oldest !== undefined) sql.run("DELETE FROM gone WHERE at <= ?", [oldest]);
  }

  #with<T>(work: (opened: Opened) => T): T {
    return this.#run((db) => {
      let opened = this.#opened.get(db);
      if (!opened) {
        const sql = new Statements(db);
        opened = { sql, isEmpty: sql.number("SELECT 1 FROM gone LIMIT 1", []) === undefined };
        this.#opened.set(db, opened);
      }
      return work(opened);
    });
  }
}

function find(sql: Statements, key: number): GoneRow | undefined {
  return sql.all<GoneRow>("SELECT at, said_at, text FROM gone WHERE hash = ?", [key])[0];
}

function rowsOf(message: GoneMessage): (number | null)[][] {
  const {
    at,
    said_at: said,
    wire_id: wireId,
    archive_id: archiveId,
    corrected_at: corrected,
    retracted_at: retracted,
  } = message;
  // What it said first may not be what it says.
  const text = corrected === null && retracted === null ? textOf(message.body) : null;
  return [
    ...(archiveId === null ? [] : [[archiveHash(message, archiveId), at, said, null]]),
    ...(wireId === null ? [] : [[wireHash(message, wireId), at, said, text]]),
    ...(message.aliases ?? []).map((alias) => [wireHash(message, alias), corrected ?? at, at, isCorrection]),
  ];
}

/** Names under which a correction may mean a message that was deleted. */
function deletedRowsOf(message: GoneMessage): (number | null)[][] {
  const names = [...(message.wire_id === null ? [] : [message.wire_id]), ...(message.aliases ?? [])];
  return names.map((name) => [deletedHash(message, name), message.at, null, null]);
}

function isWithin({ at, said_at: from }: GoneRow, time: number): boolean {
  return time >= (from ?? at) - copyWithin && time <= at + copyWithin;
}

function archiveHash({ account }: GoneMessage, archiveId: string): number {
  return hash(`gone a ${account} ${archiveId}`, 0);
}

function wireHash(message: GoneMessage, wireId: string): number {
  return hash(`gone w ${nameOf(message, wireId)}`, 0);
}

function deletedHash(message: GoneMessage, wireId: string): number {
  return hash(`gone d ${nameOf(message, wireId)}`, 0);
}

function nameOf(message: GoneMessage, wireId: string): string {
  const author = authorKeyOf(message);
  const by = author === "" ? "" : `${author.length} ${author} `;
  return `${message.conversation} ${message.direction} ${by}${wireId}`;
}

function textOf(body: string): number {
  return hash(body, 1) & 0xffff;
}
