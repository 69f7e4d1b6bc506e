import type { Statements } from "../../database/statements.ts";
import type { Correction, Retraction } from "../history.ts";
import type { MessageVersion } from "../recorded-message.ts";
import type { ConversationLines } from "./conversation-lines.ts";
import type { Insertion } from "./insertion.ts";
import { authorKeyOf } from "./json-columns.ts";
import type { Keys } from "./keys.ts";
import type { MessageReader } from "./message-reader.ts";
import { hasFilesFlag, kindNumber, type MessageRow, time, writtenBy } from "./message-row.ts";
import type { RetractionAhead } from "./retraction-ahead.ts";
import type { WordIndex } from "./word-index.ts";

/** `unchanged`: known and done before, or of no effect. `unknown`: there is no such message here. */
export type Outcome =
  | { readonly outcome: "changed" | "unchanged"; readonly target: MessageRow }
  | { readonly outcome: "unknown" };

/** Parts that changes are written with. */
interface ChangesParts {
  readonly sql: Statements;
  readonly read: MessageReader;
  readonly keys: Keys;
  readonly index: WordIndex;
  readonly lines: ConversationLines;
  readonly insertion: Insertion;
}

/** Retractions without a message that are remembered for one conversation; the latest count. */
const maxAhead = 200;
const aheadOf = "conversation = ? AND direction = ? AND author = ? AND wire_id = ?";

/**
 * Corrections and retractions in one database. They come live and from archives, in any order and more than once: what
 * counts is the time at which they were said. What a message said before becomes a version where a record is demanded
 * (`keep`), and is overwritten where not.
 */
export class Changes {
  readonly #sql: Statements;
  readonly #read: MessageReader;
  readonly #index: WordIndex;
  readonly #lines: ConversationLines;
  readonly #insertion: Insertion;
  readonly #keys: Keys;
  /** Something waits for a message that has not come. Most of the time nothing does, and then nothing is looked for. */
  #somethingAhead: boolean | undefined;

  constructor({ sql, read, keys, index, lines, insertion }: ChangesParts) {
    this.#sql = sql;
    this.#read = read;
    this.#keys = keys;
    this.#index = index;
    this.#lines = lines;
    this.#insertion = insertion;
  }

  correct(correction: Correction, now: number, keep: boolean): Outcome {
    const said = time(correction.at, now);
    const target = this.#read.findChanged(correction, said);
    if (!target) return { outcome: "unknown" };
    const conversation = this.#conversation(target);
    const { newWireId, body } = correction;
    if (newWireId !== undefined) {
      if (newWireId === target.wire_id || this.#read.byAlias(conversation, target, newWireId)?.seq === target.seq)
        return { outcome: "unchanged", target };
      this.#addAlias(conversation, target, newWireId);
    }
    if (target.retracted_at !== null || (body === target.body && target.notice === null))
      return { outcome: "unchanged", target };
    if (target.corrected_at !== null && said < target.corrected_at) {
      if (keep) this.#splice(target, body, Math.max(said, target.at));
      return { outcome: "unchanged", target };
    }
    const at = Math.max(said, target.at);
    this.#supersede(target, at, keep);
    this.#sql.run("UPDATE message SET body = ?, notice = NULL, corrected_at = ? WHERE seq = ?", [body, at, target.seq]);
    this.#retext(conversation, target, body);
    this.#lines.recount(conversation);
    return { outcome: "changed", target };
  }

  /** One for a message that has not come is remembered, and takes effect when it comes. */
  retract(retraction: Retraction, now: number, keep: boolean): Outcome {
    const said = time(retraction.at, now);
    const target = this.#read.findChanged(retraction, said);
    if (!target) {
      const { conversationId, place, wireId } = retraction;
      const { accountId, kind, address } = place;
      const by = writtenBy(retraction, address);
      this.addAhead({
        conversation: conversationId,
        kind: kindNumber(kind),
        peer: address,
        account: accountId,
        direction: by.direction,
        author: authorKeyOf(by),
        wire_id: wireId,
        at: said,
      });
      return { outcome: "unknown" };
    }
    if (target.retracted_at !== null) return { outcome: "unchanged", target };
    const conversation = this.#conversation(target);
    const at = Math.max(said, target.corrected_at ?? target.at);
    this.#supersede(target, at, keep);
    if (!keep) this.#sql.run("DELETE FROM file WHERE message = ?", [target.seq]);
    const flags = keep ? target.flags : target.flags & ~hasFilesFlag;
    this.#sql.run("UPDATE message SET body = '', notice = ?, retracted_at = ?, flags = ? WHERE seq = ?", [
      keep ? target.notice : null,
      at,
      flags,
      target.seq,
    ]);
    this.#retext(conversation, target, "");
    this.#sql.run("DELETE FROM unread WHERE conversation = ? AND at = ? AND seq = ?", [
      conversation,
      target.at,
      target.seq,
    ]);
    this.#lines.recount(conversation);
    return { outcome: "changed", target };
  }

  /**
   * The message that a correction here was of has come (`conversation` is its number): they become one, in its place.
   * Undefined: there is none.
   */
  original(
    row: MessageRow,
    conversation: number,
    { keep, other }: { readonly keep: boolean; readonly other: string | undefined },
  ): MessageRow | undefined {
    if (!this.#isSomethingAhead() || row.wire_id === null || row.replaces !== null) return undefined;
    const correction =
      this.#read.byReplaces(conversation, row, row.wire_id) ??
      (other === undefined ? undefined : this.#read.byReplaces(conversation, row, other));
    if (!correction) return undefined;
    if (correction.wire_id !== null && correction.wire_id !== row.wire_id)
      this.#addAlias(conversation, correction, correction.wire_id);
    if (keep)
      this.#addVersion(correction.seq, { body: row.body, since: row.at, until: Math.max(correction.at, row.at) });
    this.#sql.run("UPDATE unread SET at = ? WHERE conversation = ? AND at = ? AND seq = ?", [
      row.at,
      conversation,
      correction.at,
      correction.seq,
    ]);
    this.#sql.run("UPDATE message SET at = ?, replaces = NULL WHERE seq = ?", [row.at, correction.seq]);
    this.#insertion.setIds(correction, conversation, row);
    if (other !== undefined) this.#addAlias(conversation, correction, other);
    this.#lines.recount(conversation);
    return this.#read.byId(correction.id);
  }

  /** When a message that comes (or the one that it corrects) was retracted before it came; that is forgotten then. */
  takeAhead(row: MessageRow, conversation: number, other?: string): number | undefined {
    if (!this.#isSomethingAhead()) return undefined;
    for (const wireId of [row.replaces, row.wire_id, other]) {
      if (wireId === null || wireId === undefined) continue;
      const place = [conversation, row.direction, authorKeyOf(row), wireId];
      const at = this.#sql.number(`SELECT at FROM retraction_ahead WHERE ${aheadOf}`, place);
      if (at === undefined) continue;
      this.#sql.run(`DELETE FROM retraction_ahead WHERE ${aheadOf}`, place);
      return at;
    }
    return undefined;
  }

  /** A correction is stored whose message has not come. */
  expectOriginal(): void {
    this.#somethingAhead = true;
  }

  addAhead(ahead: RetractionAhead): void {
    this.#somethingAhead = true;
    const conversation = this.#keys.conversation(ahead, this.#keys.account(ahead.account));
    this.#sql.run("INSERT OR IGNORE INTO retraction_ahead VALUES (?, ?, ?, ?, ?)", [
      conversation,
      ahead.direction,
      ahead.author,
      ahead.wire_id,
      ahead.at,
    ]);
    this.#sql.run(
      `DELETE FROM retraction_ahead WHERE conversation = ? AND (direction, author, wire_id) IN
         (SELECT direction, author, wire_id FROM retraction_ahead WHERE conversation = ? ORDER BY at DESC LIMIT -1 OFFSET ${maxAhead})`,
      [conversation, conversation],
    );
  }

  #isSomethingAhead(): boolean {
    this.#somethingAhead ??=
      this.#sql.number(
        "SELECT 1 FROM message WHERE replaces IS NOT NULL UNION ALL SELECT 1 FROM retraction_ahead LIMIT 1",
        [],
      ) !== undefined;
    return this.#somethingAhead;
  }

  #conversation(row: MessageRow): number {
    return this.#read.conversation(row.conversation) ?? 0;
  }

  /**
   * Turns the current text of a message into a version, or deletes it together with the earlier versions: half a record
   * would mislead.
   */
  #supersede(target: MessageRow, until: number, keep: boolean): void {
    const { seq, body, corrected_at: since, at } = target;
    if (keep) this.#addVersion(seq, { body, since: since ?? at, until });
    else this.#sql.run("DELETE FROM version WHERE message = ?", [seq]);
  }

  /** A correction that was said before the one in force: it stood between two others. */
  #splice(target: MessageRow, body: string, at: number): void {
    const [stood] = this.#sql.all<{ n: number; until: number }>(
      "SELECT n, until FROM version WHERE message = ? AND since <= ? AND until >= ? ORDER BY since DESC, n DESC LIMIT 1",
      [target.seq, at, at],
    );
    if (stood) this.#sql.run("UPDATE version SET until = ? WHERE message = ? AND n = ?", [at, target.seq, stood.n]);
    this.#addVersion(target.seq, { body, since: at, until: stood?.until ?? target.corrected_at ?? at });
  }

  #addVersion(seq: number, { body, since, until }: MessageVersion): void {
    this.#sql.run(
      "INSERT INTO version VALUES (?, (SELECT coalesce(max(n) + 1, 0) FROM version WHERE message = ?), ?, ?, ?)",
      [seq, seq, body, since, until],
    );
  }

  #addAlias(conversation: number, target: MessageRow, wireId: string): void {
    this.#sql.run("INSERT OR REPLACE INTO alias VALUES (?, ?, ?, ?, ?)", [
      conversation,
      target.direction,
      authorKeyOf(target),
      wireId,
      target.seq,
    ]);
  }

  #retext(conversation: number, target: MessageRow, body: string): void {
    if (target.deleted_at !== null) return;
    this.#index.remove({ seq: target.seq, conversation, body: target.body });
    this.#index.add({ seq: target.seq, conversation, body });
  }
}
