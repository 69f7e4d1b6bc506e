import type { Statements } from "../../database/statements.ts";
import type { ConversationLines } from "./conversation-lines.ts";
import type { GoneMessages } from "./gone-messages.ts";
import type { IdIndex } from "./id-index.ts";
import { hashed } from "./keys.ts";
import { type MessageRow, selectMessage } from "./message-row.ts";
import type { WordIndex } from "./word-index.ts";

interface Leaving {
  readonly seq: number;
  readonly conversation: number;
  readonly direction: number;
  readonly author: string | null;
  readonly wire_id: string | null;
  readonly wire_hash: number | null;
  readonly body: string;
  readonly at: number;
  readonly deleted_at: number | null;
}

const handOn = `UPDATE message SET wire_hash = ? WHERE seq = (
  SELECT seq FROM message WHERE wire_hash IS NOT NULL AND wire_hash IN (?, ?, ?) AND wire_id = ? ORDER BY seq LIMIT 1)`;

/**
 * A server brings nothing again that arrived longer ago, in milliseconds: a new reading of an archive begins 30 days
 * back.
 */
const broughtAgainFor = 100 * 24 * 3_600_000;

/** When and why messages go for good. `now`: milliseconds since the epoch. */
interface Leave {
  readonly now: number;
  /** `not kept`: the history is off, so that a later correction is all that there is of its message. */
  readonly why: "deleted" | "not kept";
}

/** Parts that a removal writes to. */
interface RemovalParts {
  readonly sql: Statements;
  readonly ids: IdIndex;
  readonly index: WordIndex;
  readonly lines: ConversationLines;
  /** Remembers messages that a server must not bring back. */
  readonly gone: GoneMessages | undefined;
}

/** Takes messages away: for good, or only out of the person's sight. */
export class Removal {
  readonly #sql: Statements;
  readonly #ids: IdIndex;
  readonly #index: WordIndex;
  readonly #lines: ConversationLines;
  readonly #gone: GoneMessages | undefined;

  constructor({ sql, ids, index, lines, gone }: RemovalParts) {
    this.#gone = gone;
    this.#sql = sql;
    this.#ids = ids;
    this.#index = index;
    this.#lines = lines;
  }

  /** As `take`, for good: what a server may bring again is remembered as gone. */
  remove(rest: string, parameters: readonly (number | string)[], { now, why }: Leave): number {
    const seqs = this.#select(rest, parameters).map((row) => row.seq);
    // Where nothing is kept, every message that comes asks whether one has to go.
    if (seqs.length === 0) return 0;
    const listed = JSON.stringify(seqs);
    const rows = this.#sql.all<MessageRow>(
      `${selectMessage} WHERE m.seq IN (SELECT value FROM json_each(?)) AND coalesce(m.received_at, m.stored_at) > ?`,
      [listed, now - broughtAgainFor],
    );
    const messages = rows.map((row) => ({ ...row, aliases: this.#aliases(row) }));
    if (why === "deleted") this.#gone?.addDeleted(messages);
    else this.#gone?.add(messages);
    return this.take("seq IN (SELECT value FROM json_each(?))", [listed]);
  }

  #aliases({ seq }: MessageRow): string[] {
    return this.#sql
      .all<{ wire_id: string }>("SELECT wire_id FROM alias WHERE message = ?", [seq])
      .map((row) => row.wire_id);
  }

  /**
   * Takes what `rest` (a condition on table `message`, with order and limit) names, and all that hangs on it. Answers
   * how many went.
   */
  take(rest: string, parameters: readonly (number | string)[]): number {
    const rows = this.#select(rest, parameters);
    for (const row of rows) {
      this.#conceal(row);
      this.#sql.run("DELETE FROM message WHERE seq = ?", [row.seq]);
      this.#handOn(row);
    }
    this.#recount(rows);
    return rows.length;
  }

  /** Lets a later message with the same id take the place of the first, which leaves. */
  #handOn(row: Leaving): void {
    const { conversation, wire_id, wire_hash } = row;
    if (wire_id === null || wire_hash === null) return;
    const heirs = this.#ids.heirs(wire_hash, hashed.wire(conversation, row, wire_id));
    if (heirs.length > 0) this.#sql.run(handOn, [wire_hash, ...heirs, wire_id]);
  }

  /**
   * Hides the messages that `rest` names: they stay in the record, and are not shown, found or counted any more.
   * Answers how many were hidden.
   */
  hide(rest: string, parameters: readonly (number | string)[], at: number): number {
    const rows = this.#select(rest, parameters).filter((row) => row.deleted_at === null);
    for (const row of rows) {
      this.#conceal(row);
      this.#sql.run("UPDATE message SET deleted_at = ? WHERE seq = ?", [at, row.seq]);
    }
    this.#recount(rows);
    return rows.length;
  }

  #select(rest: string, parameters: readonly (number | string)[]): Leaving[] {
    return this.#sql.all<Leaving>(
      `SELECT seq, conversation, direction, (SELECT value FROM author WHERE id = message.author) AS author, wire_id, wire_hash, body, at, deleted_at
         FROM message WHERE ${rest}`,
      parameters,
    );
  }

  #conceal(row: Leaving): void {
    if (row.deleted_at !== null) return;
    this.#index.remove(row);
    this.#sql.run("DELETE FROM unread WHERE conversation = ? AND at = ? AND seq = ?", [
      row.conversation,
      row.at,
      row.seq,
    ]);
  }

  #recount(rows: readonly Leaving[]): void {
    for (const conversation of new Set(rows.map((row) => row.conversation))) this.#lines.recount(conversation);
  }
}
