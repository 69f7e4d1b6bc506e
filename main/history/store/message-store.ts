import type Database from "@signalapp/sqlcipher";
import type { HallwayError } from "../../../shared/errors.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import { Statements } from "../../database/statements.ts";
import type { Changed, Correction, NewMessage, Retraction, StateUpdate, Stored } from "../history.ts";
import { ArchivePlaces } from "./archive-places.ts";
import { Arrivals } from "./arrivals.ts";
import { Candidates } from "./candidates.ts";
import { Changes, type Outcome } from "./changes.ts";
import { ConversationLines } from "./conversation-lines.ts";
import { type Details, moveState, noDetails, readDetails, type WholeMessage } from "./details.ts";
import type { GoneMessages } from "./gone-messages.ts";
import { IdIndex } from "./id-index.ts";
import { Insertion } from "./insertion.ts";
import { Keys } from "./keys.ts";
import { MessageReader } from "./message-reader.ts";
import { type MessageRow, mayMove, stateNumber, toRecord } from "./message-row.ts";
import { RecordReader } from "./record-reader.ts";
import { Removal } from "./removal.ts";
import type { RetractionAhead } from "./retraction-ahead.ts";
import type { SalvagePart } from "./salvage.ts";
import type { Cursor } from "./slice.ts";
import { SummaryReader } from "./summary-reader.ts";
import { TimeBlocks } from "./time-blocks.ts";
import { WordIndex } from "./word-index.ts";

export interface MessageStoreOptions {
  /** False: nothing can be searched. */
  readonly indexed: boolean;
  /** Grows with every call. */
  readonly nextSeq: () => number;
  readonly now: () => number;
  /** Messages whose ids are indexed together (see IdIndex); for tests. */
  readonly idBlock?: number;
  /** Messages that must not come back; absent: what is deleted is forgotten. */
  readonly gone?: GoneMessages;
}

/**
 * The messages in one open database. Everything is synchronous; nothing here knows about files, modes or failing disks.
 * Each method that writes is one transaction.
 */
export class MessageStore {
  readonly read: MessageReader;
  readonly summaries: SummaryReader;
  readonly record: RecordReader;
  readonly candidates: Candidates;
  readonly #options: MessageStoreOptions;
  readonly #sql: Statements;
  readonly #keys: Keys;
  readonly #lines: ConversationLines;
  readonly #blocks: TimeBlocks;
  readonly #ids: IdIndex;
  readonly #insertion: Insertion;
  readonly #removal: Removal;
  readonly #index: WordIndex;
  readonly #changes: Changes;
  readonly #arrivals: Arrivals;

  constructor(db: Database, options: MessageStoreOptions) {
    this.#options = options;
    this.#sql = new Statements(db);
    this.#ids = new IdIndex(this.#sql, options.idBlock);
    this.read = new MessageReader(this.#sql, this.#ids, options.indexed);
    this.summaries = new SummaryReader(this.#sql);
    this.record = new RecordReader(this.#sql, { ids: this.#ids });
    this.candidates = new Candidates(this.#sql, this.#ids);
    this.#keys = new Keys(this.#sql);
    this.#lines = new ConversationLines(this.#sql);
    this.#index = new WordIndex(this.#sql, options.indexed);
    this.#blocks = new TimeBlocks(this.#sql);
    const { gone, nextSeq, now } = options;
    const [sql, read, keys, ids] = [this.#sql, this.read, this.#keys, this.#ids];
    const parts = { sql, read, keys, ids, index: this.#index, lines: this.#lines };
    this.#insertion = new Insertion({ ...parts, blocks: this.#blocks });
    this.#removal = new Removal({ ...parts, gone });
    this.#changes = new Changes({ ...parts, insertion: this.#insertion });
    const writers = { insertion: this.#insertion, changes: this.#changes };
    this.#arrivals = new Arrivals({ sql, read, keys, ...writers, nextSeq, now, gone });
  }

  /** `demanded`: the conversations of which policy demands a record. */
  append(messages: readonly NewMessage[], demanded: readonly string[] = []): Stored[] {
    // A message that waits to be sent must outlive a loss of power, not only the program.
    const durable = messages.some((message) => message.state === "waiting");
    const places = messages.some(({ archived }) => archived) ? new ArchivePlaces(this.read) : undefined;
    return this.#transaction(durable, () =>
      messages.map((message) => this.#arrivals.add(message, demanded.includes(message.conversationId), places)),
    );
  }

  /** Messages with all that hangs on them, for another store. */
  whole(rows: readonly MessageRow[]): WholeMessage[] {
    const details = readDetails(this.#sql, rows);
    return rows.map((row) => ({ row, details: details.get(row.seq) ?? noDetails }));
  }

  /**
   * Takes rows over from another store with their `seq`. Where a message is already here, its state is taken over.
   * `isUnread` says which of the new ones count as unread.
   */
  absorb(messages: readonly WholeMessage[], isUnread: (row: MessageRow) => boolean): void {
    this.#transaction(true, () => {
      for (const { row, details } of messages) {
        const known = this.read.byId(row.id);
        if (known) this.#overwrite(known, row, details);
        // Not taken twice when it is known by another id; a `seq` that is taken is replaced.
        else if (!this.#arrivals.insert(row, details, isUnread(row)) && this.#insertion.isTaken(row.seq))
          this.#arrivals.insert({ ...row, seq: this.#options.nextSeq() }, details, isUnread(row));
      }
    });
  }

  /**
   * Takes rows over from a file that was set aside, and notes how far that has come. What is here already stays as it
   * is.
   */
  salvage(file: string, { messages, below }: SalvagePart, isUnread: (row: MessageRow) => boolean): void {
    this.#transaction(false, () => {
      for (const { row, details } of messages) this.#arrivals.insert(row, details, isUnread(row));
      if (below === undefined) this.#sql.run("DELETE FROM salvage WHERE file = ?", [file]);
      else this.#sql.run("INSERT OR REPLACE INTO salvage VALUES (?, ?)", [file, below]);
    });
  }

  /** A message that is here already becomes what it is elsewhere. */
  #overwrite(known: MessageRow, row: MessageRow, details: Details): void {
    const unread = this.read.isUnread(known);
    this.#removal.take("seq = ?", [known.seq]);
    this.#arrivals.insert(
      { ...row, seq: known.seq, deleted_at: row.deleted_at ?? known.deleted_at },
      details,
      unread && row.retracted_at === null,
    );
  }

  /** Moves an own message; undefined: it is not here, or may not go to this state. */
  setState(update: StateUpdate): MessageRecord | undefined {
    const { conversationId, wireId, state, error } = update;
    const known = this.read.findOwn(conversationId, wireId);
    if (!known || !mayMove(toRecord(known).state, state)) return undefined;
    this.#transaction(state === "waiting", () => {
      moveState(this.#sql, known.seq, { state, at: this.#options.now(), error });
    });
    const after = this.read.byId(known.id);
    return after && toRecord(after);
  }

  /**
   * Own messages before a place were read there: of those that are `sent` or `delivered` the latest `limit` become
   * `read`. What waits or has failed stays as it is. Answers them, oldest first.
   */
  readBefore(conversationId: string, place: Cursor, limit: number): MessageRecord[] {
    const rows = this.read.unreadThere(conversationId, place, limit);
    if (rows.length === 0) return [];
    this.#transaction(false, () => {
      const moved = { state: "read", at: this.#options.now(), error: undefined } as const;
      for (const { seq } of rows) moveState(this.#sql, seq, moved);
    });
    return rows.reverse().map((row) => toRecord({ ...row, state: stateNumber("read"), error: null }));
  }

  /** `keep`: policy demands a record. */
  correct(correction: Correction, keep: boolean): Changed {
    return this.#transaction(false, () => this.#changed(this.#changes.correct(correction, this.#options.now(), keep)));
  }

  retract(retraction: Retraction, keep: boolean): Changed {
    return this.#transaction(false, () => this.#changed(this.#changes.retract(retraction, this.#options.now(), keep)));
  }

  #changed(change: Outcome): Changed {
    if (change.outcome === "unknown") return { outcome: "unknown", record: undefined, summary: undefined };
    const after = this.read.byId(change.target.id);
    const summary = change.outcome === "changed" ? this.summaries.of(change.target.conversation) : undefined;
    return { outcome: change.outcome, record: after?.deleted_at === null ? toRecord(after) : undefined, summary };
  }

  /** Takes over retractions whose messages have not come, from another store. */
  addAhead(ahead: readonly RetractionAhead[]): void {
    if (ahead.length === 0) return;
    this.#transaction(false, () => {
      for (const one of ahead) this.#changes.addAhead(one);
    });
  }

  /**
   * All up to a place is read. Answers those newly read whose sender wants to know, oldest first, the newest hundred at
   * most.
   */
  markRead(conversationId: string, upTo: Cursor): MessageRow[] {
    const conversation = this.read.conversation(conversationId);
    if (conversation === undefined) return [];
    const rows = this.read.unreadUpTo(conversation, upTo);
    this.#transaction(false, () => this.#lines.markRead(conversation, upTo));
    return rows;
  }

  /**
   * Removes messages by `seq` with all that hangs on them; `rewriteIndexSome` and `scrub` take their last traces.
   * Answers how many there were. `alongside` is done in the same transaction.
   */
  remove(seqs: readonly number[], alongside: () => void = () => undefined): number {
    return this.#transaction(false, () => {
      const gone = this.#index.lazily(() =>
        this.#removal.remove("seq IN (SELECT value FROM json_each(?))", [JSON.stringify(seqs)], {
          now: this.#options.now(),
          why: "deleted",
        }),
      );
      alongside();
      return gone;
    });
  }

  /** After messages were removed: what only they had goes too, and the pages of before leave the database's log. */
  scrub(): void {
    this.#transaction(false, () => this.candidates.tidy());
    this.#keys.forget();
    this.#sql.emptyLog();
  }

  /** Writes some of the index anew, so that no word of removed messages is left in it; true while there is more. */
  rewriteIndexSome(begin: boolean): boolean {
    return this.#transaction(false, () => this.#index.rewriteSome(begin));
  }

  /**
   * Cuts some entries of the index anew that an earlier version made, until `enough` says so; true while there are
   * more.
   */
  renewIndexSome(enough: () => boolean): boolean {
    return this.#index.hasFormer && this.#transaction(false, () => this.#index.renewSome(enough));
  }

  /** Learns some more of the ids in a file of an earlier version; true while there is more. */
  learnSome(): boolean {
    return this.#transaction(false, () => this.#ids.fillSome());
  }

  /** Keeps messages in the record and out of the person's sight from now on. Answers how many went out of sight. */
  hide(seqs: readonly number[]): number {
    return this.#transaction(false, () =>
      this.#index.lazily(() =>
        this.#removal.hide("seq IN (SELECT value FROM json_each(?))", [JSON.stringify(seqs)], this.#options.now()),
      ),
    );
  }

  /** Keeps the newest `keep` lines of a conversation and what still waits to be sent. */
  trim(conversationId: string, keep: number): void {
    const conversation = this.read.conversation(conversationId);
    if (conversation === undefined) return;
    this.#transaction(false, () => {
      this.#removal.remove(
        "conversation = ? AND state <> 0 ORDER BY at DESC, seq DESC LIMIT -1 OFFSET ?",
        [conversation, keep],
        { now: this.#options.now(), why: "not kept" },
      );
    });
  }

  /** Cause of an error that one of these methods threw. */
  diagnose(error: unknown): HallwayError {
    return this.#sql.diagnose(error);
  }

  close(): void {
    this.#sql.close();
  }

  /** With what it adds to the conversations. What the caches learned in one that failed is forgotten. */
  #transaction<T>(durable: boolean, work: () => T): T {
    try {
      return this.#sql.transaction(durable, () => {
        const result = work();
        this.#lines.write();
        this.#blocks.write();
        return result;
      });
    } catch (error) {
      this.#keys.forget();
      this.#lines.forget();
      this.#blocks.forget();
      this.#index.forget();
      this.#ids.forget();
      throw error;
    }
  }
}
