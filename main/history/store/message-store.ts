import { randomUUID } from "node:crypto";
import type Database from "@signalapp/sqlcipher";
import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { MessageRecord, MessageState } from "../../../shared/model/message.ts";
import { Statements } from "../../database/statements.ts";
import type { Changed, Correction, NewMessage, Retraction, Stored } from "../history.ts";
import { ArchivePlaces } from "./archive-places.ts";
import { Candidates } from "./candidates.ts";
import { Changes, type Outcome } from "./changes.ts";
import { ConversationLines } from "./conversation-lines.ts";
import { addState, type Details, noDetails, readDetails, type WholeMessage } from "./details.ts";
import type { GoneMessages } from "./gone-messages.ts";
import { IdIndex } from "./id-index.ts";
import { Insertion } from "./insertion.ts";
import { Keys } from "./keys.ts";
import { type Cursor, MessageReader } from "./message-reader.ts";
import {
  hasFilesFlag,
  type MessageRow,
  mayAdvance,
  mayMove,
  selectMessage,
  stateNumber,
  toRecord,
  toRow,
  wantsReadFlag,
} from "./message-row.ts";
import { RecordReader } from "./record-reader.ts";
import { Removal } from "./removal.ts";
import type { RetractionAhead } from "./retraction-ahead.ts";
import { TimeBlocks } from "./time-blocks.ts";
import { WordIndex } from "./word-index.ts";

/** At most so many of the messages newly read are answered. */
const maxRead = 100;

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

  constructor(db: Database, options: MessageStoreOptions) {
    this.#options = options;
    this.#sql = new Statements(db);
    this.#ids = new IdIndex(this.#sql, options.idBlock);
    this.read = new MessageReader(this.#sql, this.#ids, options.indexed);
    this.record = new RecordReader(this.#sql, { ids: this.#ids });
    this.candidates = new Candidates(this.#sql, this.#ids);
    this.#keys = new Keys(this.#sql);
    this.#lines = new ConversationLines(this.#sql);
    const index = new WordIndex(this.#sql, options.indexed);
    this.#index = index;
    this.#blocks = new TimeBlocks(this.#sql);
    this.#insertion = new Insertion({
      sql: this.#sql,
      read: this.read,
      keys: this.#keys,
      ids: this.#ids,
      index,
      lines: this.#lines,
      blocks: this.#blocks,
    });
    this.#removal = new Removal(this.#sql, this.#ids, index, this.#lines, options.gone);
    this.#changes = new Changes(this.#sql, this.read, this.#keys, index, this.#lines, this.#insertion);
  }

  /** `demanded`: the conversations of which policy demands a record. */
  append(messages: readonly NewMessage[], demanded: readonly string[] = []): Stored[] {
    // A message that waits to be sent must outlive a loss of power, not only the program.
    const durable = messages.some((message) => message.state === "waiting");
    const places = new ArchivePlaces(this.read);
    return this.#transaction(durable, () =>
      messages.map((message) => this.#appendOne(message, demanded.includes(message.conversationId), places)),
    );
  }

  #appendOne(message: NewMessage, keep: boolean, places: ArchivePlaces): Stored {
    const row = toRow(message, this.#options.nextSeq(), this.#options.now());
    const conversation = this.#keys.conversation(row, this.#keys.account(row.account));
    if (!message.archived) return this.#put(message, row, conversation, keep);
    const stored = this.#put(message, places.put(row, message.archived, conversation), conversation, keep);
    places.stands(conversation, stored.record.at);
    return stored;
  }

  /** Most are new, so it is tried first; the unique indexes say when one is not. */
  #put(message: NewMessage, said: MessageRow, conversation: number, keep: boolean): Stored {
    // What is typed here is new; anything else may be brought again.
    if (message.state !== "waiting" && this.#options.gone?.has(said)) {
      const known = this.read.find(message);
      return known ? this.#merge(known, message) : { record: toRecord(said), isNew: false, changed: false };
    }
    // Under its second name it may have been stored by a version that knew no other, or be our own with another id on
    // the way.
    const named = message.otherWireId === undefined ? undefined : this.read.find(message);
    if (named) return this.#merge(named, message);
    const corrected = this.#changes.original(said, conversation, { keep, other: message.otherWireId });
    if (corrected) return { record: toRecord(corrected), isNew: false, changed: true };
    const retractedAt = this.#changes.takeAhead(said, conversation, message.otherWireId);
    const row = retractedAt === undefined ? said : retractedRow(said, retractedAt, keep);
    const details: Details = {
      versions:
        retractedAt === undefined || !keep
          ? []
          : [{ body: said.body, since: said.at, until: row.retracted_at ?? retractedAt }],
      states:
        row.direction === 1 ? [{ state: message.state, at: row.received_at ?? row.stored_at, error: undefined }] : [],
      files: retractedAt === undefined || keep ? (message.files ?? []) : [],
      aliases: message.otherWireId === undefined ? [] : [message.otherWireId],
    };
    const unread = message.unread && retractedAt === undefined;
    if (this.#insert(row, details, unread)) return { record: toRecord(row), isNew: true, changed: true };
    const known = this.read.find(message);
    if (known) return this.#merge(known, message);
    // The same id in another conversation, or for another text, is a coincidence or a trick, not the same message.
    const renamed = { ...row, id: randomUUID() };
    if (!this.#insert(renamed, details, unread)) throw new HallwayError("internal");
    return { record: toRecord(renamed), isNew: true, changed: true };
  }

  /** False: a message with one of its ids is here already. */
  #insert(row: MessageRow, details: Details, unread: boolean): boolean {
    if (row.replaces !== null) this.#changes.expectOriginal();
    return this.#insertion.insert(row, details, unread);
  }

  #merge(row: MessageRow, message: NewMessage): Stored {
    const record = toRecord(row);
    const newArchiveId = row.archive_id === null && message.archiveId !== undefined;
    const advances = record.direction === "out" && mayAdvance(record.state, message.state);
    if (!newArchiveId && !advances) return { record, isNew: false, changed: false };
    if (advances) this.#move(row.seq, message.state, undefined);
    if (newArchiveId)
      this.#insertion.setIds(row, this.read.conversation(row.conversation) ?? 0, {
        wire_id: null,
        archive_id: message.archiveId ?? null,
      });
    const after = this.read.byId(row.id);
    return { record: after ? toRecord(after) : record, isNew: false, changed: true };
  }

  #move(seq: number, state: MessageState, error: ErrorInfo | undefined): void {
    this.#sql.run("UPDATE message SET state = ?, error = ? WHERE seq = ?", [
      stateNumber(state),
      error ? JSON.stringify(error) : null,
      seq,
    ]);
    addState(this.#sql, seq, state, this.#options.now(), error);
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
        else if (!this.#insert(row, details, isUnread(row)) && this.#insertion.isTaken(row.seq))
          this.#insert({ ...row, seq: this.#options.nextSeq() }, details, isUnread(row));
      }
    });
  }

  /**
   * Takes rows over from a file that was set aside, and notes how far that has come. What is here already stays as it
   * is.
   */
  salvage(
    file: string,
    messages: readonly WholeMessage[],
    isUnread: (row: MessageRow) => boolean,
    below: number | undefined,
  ): void {
    this.#transaction(false, () => {
      for (const { row, details } of messages) this.#insert(row, details, isUnread(row));
      if (below === undefined) this.#sql.run("DELETE FROM salvage WHERE file = ?", [file]);
      else this.#sql.run("INSERT OR REPLACE INTO salvage VALUES (?, ?)", [file, below]);
    });
  }

  /** A message that is here already becomes what it is elsewhere. */
  #overwrite(known: MessageRow, row: MessageRow, details: Details): void {
    const unread = this.read.isUnread(known);
    this.#removal.take("seq = ?", [known.seq]);
    this.#insert(
      { ...row, seq: known.seq, deleted_at: row.deleted_at ?? known.deleted_at },
      details,
      unread && row.retracted_at === null,
    );
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
    const summary = change.outcome === "changed" ? this.read.summary(change.target.conversation) : undefined;
    return { outcome: change.outcome, record: after?.deleted_at === null ? toRecord(after) : undefined, summary };
  }

  /** Takes over retractions whose messages have not come, from another store. */
  addAhead(ahead: readonly RetractionAhead[]): void {
    if (ahead.length === 0) return;
    this.#transaction(false, () => {
      for (const one of ahead) this.#changes.addAhead(one);
    });
  }

  setState(
    wireId: string,
    conversationId: string,
    state: MessageState,
    error: ErrorInfo | undefined,
  ): MessageRecord | undefined {
    const known = this.read.findOwn(conversationId, wireId);
    if (!known || !mayMove(toRecord(known).state, state)) return undefined;
    this.#transaction(state === "waiting", () => {
      this.#move(known.seq, state, error);
    });
    const after = this.read.byId(known.id);
    return after && toRecord(after);
  }

  /**
   * Own messages before a place were read there: of those that are `sent` or `delivered` the latest `limit` become
   * `read`. What waits or has failed stays as it is. Answers them, oldest first.
   */
  readBefore(conversationId: string, place: Cursor, limit: number): MessageRecord[] {
    const conversation = this.read.conversation(conversationId);
    if (conversation === undefined) return [];
    const rows = this.#sql.all<MessageRow>(
      `${selectMessage} WHERE m.conversation = ? AND m.direction = 1 AND m.state IN (1, 2) AND (m.at, m.seq) < (?, ?) ORDER BY m.at DESC, m.seq DESC LIMIT ?`,
      [conversation, place.at, place.seq, limit],
    );
    if (rows.length === 0) return [];
    this.#transaction(false, () => {
      for (const { seq } of rows) this.#move(seq, "read", undefined);
    });
    return rows.reverse().map((row) => toRecord({ ...row, state: stateNumber("read"), error: null }));
  }

  /**
   * All up to a place is read. Answers those newly read whose sender wants to know, oldest first, the newest hundred at
   * most.
   */
  markRead(conversationId: string, upTo: Cursor): MessageRow[] {
    const conversation = this.read.conversation(conversationId);
    if (conversation === undefined) return [];
    const place = [conversation, upTo.at, upTo.seq];
    const rows = this.#sql.all<MessageRow>(
      `${selectMessage} JOIN unread u ON u.seq = m.seq WHERE u.conversation = ? AND (u.at, u.seq) <= (?, ?)
         AND m.flags & ${wantsReadFlag} AND m.wire_id IS NOT NULL ORDER BY u.at DESC, u.seq DESC LIMIT ${maxRead}`,
      place,
    );
    this.#transaction(false, () => {
      const { changes } = this.#sql.run("DELETE FROM unread WHERE conversation = ? AND (at, seq) <= (?, ?)", place);
      if (changes > 0)
        this.#sql.run("UPDATE conversation SET unread = max(0, unread - ?) WHERE id = ?", [changes, conversation]);
    });
    return rows.reverse();
  }

  /**
   * Removes messages by `seq` with all that hangs on them; `rewriteIndexSome` and `scrub` take their last traces.
   * Answers how many there were. `alongside` is done in the same transaction.
   */
  remove(seqs: readonly number[], alongside: () => void = () => undefined): number {
    return this.#transaction(false, () => {
      const gone = this.#index.lazily(() =>
        this.#removal.remove("seq IN (SELECT value FROM json_each(?))", [JSON.stringify(seqs)], this.#options.now()),
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
        this.#options.now(),
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

/** A message that was retracted before it came. */
function retractedRow(row: MessageRow, at: number, keep: boolean): MessageRow {
  return {
    ...row,
    body: "",
    notice: keep ? row.notice : null,
    retracted_at: Math.max(at, row.at),
    flags: keep ? row.flags : row.flags & ~hasFilesFlag,
  };
}
