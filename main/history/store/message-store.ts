import { randomInt, randomUUID } from "node:crypto";
import type Database from "@signalapp/sqlcipher";
import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { MessageRecord, MessageState } from "../../../shared/model/message.ts";
import type { NewMessage, Stored } from "../history.ts";
import { hash, hashed, hashesOf } from "./hashes.ts";
import { compareMessages } from "./layers.ts";
import { type Cursor, MessageReader } from "./message-reader.ts";
import { isSameMessage, type MessageRow, mayAdvance, mayMove, selectMessage, stateNumber, toRecord, toRow, wantsReadFlag } from "./message-row.ts";
import { Statements } from "./statements.ts";
import { conversationWord, words } from "./words.ts";

/** Longest text of a conversation's last line that is kept beside it, in UTF-16 units. */
const lastTextLength = 300;
/** At most so many of the messages newly read are answered. */
const maxRead = 100;

/**
 * The messages in one open database. Everything is synchronous; nothing here knows about files, modes or failing disks.
 * Each method that writes is one transaction.
 */
export class MessageStore {
  readonly read: MessageReader;
  readonly #sql: Statements;
  readonly #indexed: boolean;
  readonly #nextSeq: () => number;
  readonly #conversations = new Map<string, number>();
  readonly #accounts = new Map<string, number>();
  /** What the messages of this transaction add to their conversations; written once at its end. */
  readonly #touched = new Map<number, { unread: number; newest: MessageRow }>();

  /** `indexed` false: nothing can be searched. `nextSeq` grows with every call. */
  constructor(db: Database, indexed: boolean, nextSeq: () => number) {
    this.#sql = new Statements(db);
    this.read = new MessageReader(this.#sql, indexed);
    this.#indexed = indexed;
    this.#nextSeq = nextSeq;
  }

  append(messages: readonly NewMessage[]): Stored[] {
    // A message that waits to be sent must outlive a loss of power, not only the program.
    const durable = messages.some((message) => message.state === "waiting");
    return this.#transaction(durable, () => messages.map((message) => this.#appendOne(message)));
  }

  /** Most are new, so it is tried first; the unique indexes say when one is not. */
  #appendOne(message: NewMessage): Stored {
    const row = toRow(message, this.#nextSeq());
    if (this.#insert(row, message.unread)) return { record: toRecord(row), isNew: true, changed: true };
    const known = this.read.find(message);
    if (known) return this.#merge(known, message);
    // The same id in another conversation, or for another text, is a coincidence or a trick, not the same message.
    const renamed = { ...row, id: randomUUID() };
    if (!this.#insert(renamed, message.unread)) throw new HallwayError("internal");
    return { record: toRecord(renamed), isNew: true, changed: true };
  }

  #merge(row: MessageRow, message: NewMessage): Stored {
    const record = toRecord(row);
    const newArchiveId = row.archive_id === null && message.archiveId !== undefined;
    const advances = record.direction === "out" && mayAdvance(record.state, message.state);
    if (!newArchiveId && !advances) return { record, isNew: false, changed: false };
    if (advances) this.#sql.run("UPDATE message SET state = ?, error = NULL WHERE seq = ?", [stateNumber(message.state), row.seq]);
    if (newArchiveId && message.archiveId !== undefined) {
      // Ignored where the archive id already belongs to another message.
      const archiveHash = hash(hashed.archive(this.#account(row.account), message.archiveId), 0);
      this.#sql.run("UPDATE OR IGNORE message SET archive_id = ?, archive_hash = ? WHERE seq = ?", [message.archiveId, archiveHash, row.seq]);
    }
    const after = this.read.byId(row.id);
    return { record: after ? toRecord(after) : record, isNew: false, changed: true };
  }

  /** False: a message with one of its ids is here already. */
  #insert(row: MessageRow, unread: boolean): boolean {
    const account = this.#account(row.account);
    const conversation = this.#conversation(row.conversation, account);
    if (!this.#insertHashed(row, conversation, account)) return false;
    if (this.#indexed) this.#sql.run("INSERT INTO message_words(rowid, words) VALUES (?, ?)", [row.seq, indexWords(row.body, conversation)]);
    if (unread) this.#sql.run("INSERT INTO unread VALUES (?, ?, ?)", [conversation, row.at, row.seq]);
    const touched = this.#touched.get(conversation);
    if (!touched) this.#touched.set(conversation, { unread: unread ? 1 : 0, newest: row });
    else {
      if (unread) touched.unread += 1;
      if (compareMessages(touched.newest, row) < 0) touched.newest = row;
    }
    return true;
  }

  #insertHashed(row: MessageRow, conversation: number, account: number): boolean {
    const id = hashed.id(row.id);
    const wire = row.wire_id === null ? undefined : hashed.wire(conversation, row.direction, row.wire_id);
    const archive = row.archive_id === null ? undefined : hashed.archive(account, row.archive_id);
    const { seq, direction, wire_id, archive_id, body, at, stored_at, state, error, flags } = row;
    const columns = [seq, conversation, account, row.id, direction, wire_id, archive_id, body, at, stored_at, state, error, flags];
    const insert = (...hashes: (number | null)[]): boolean =>
      this.#sql.run("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", [...columns, ...hashes]).changes > 0;
    if (insert(hash(id, 0), wire === undefined ? null : hash(wire, 0), archive === undefined ? null : hash(archive, 0))) return true;
    if (this.#isKnown(row, conversation, account)) return false;
    // Another text has the same hash (once in many millions), or the sender uses an id again.
    return insert(
      this.#freeHash("id_hash", id),
      wire === undefined ? null : this.#freeHash("wire_hash", wire),
      archive === undefined ? null : this.#freeHash("archive_hash", archive),
    );
  }

  #freeHash(column: "id_hash" | "wire_hash" | "archive_hash", text: string): number {
    for (const value of hashesOf(text)) if (this.#sql.number(`SELECT 1 FROM message WHERE ${column} = ?`, [value]) === undefined) return value;
    // Somebody takes pains to collide: kept all the same, only not found by this id.
    return randomInt(2 ** 47);
  }

  #isKnown(row: MessageRow, conversation: number, account: number): boolean {
    if (this.#isTaken(row.seq) || this.read.byId(row.id)) return true;
    if (row.wire_id !== null && this.read.byWireId(conversation, row.direction, row.wire_id).some((known) => isSameMessage(known, row))) return true;
    return row.archive_id !== null && this.read.byArchiveId(account, row.archive_id) !== undefined;
  }

  #isTaken(seq: number): boolean {
    return this.#sql.number("SELECT 1 FROM message WHERE seq = ?", [seq]) !== undefined;
  }

  /**
   * Takes rows over from another store with their `seq`. Where a message is already here, its state is taken over.
   * `isUnread` says which of the new ones count as unread.
   */
  absorb(rows: readonly MessageRow[], isUnread: (row: MessageRow) => boolean): void {
    this.#transaction(true, () => {
      for (const row of rows) {
        const known = this.read.byId(row.id);
        if (known) this.#sql.run("UPDATE message SET state = ?, error = ? WHERE seq = ?", [row.state, row.error, known.seq]);
        // Not taken twice when it is known by another id; a `seq` that is taken is replaced.
        else if (!this.#insert(row, isUnread(row)) && this.#isTaken(row.seq)) this.#insert({ ...row, seq: this.#nextSeq() }, isUnread(row));
      }
    });
  }

  /** Takes rows over from a file that was set aside, and notes how far that has come. What is here already stays as it is. */
  salvage(file: string, rows: readonly MessageRow[], isUnread: (row: MessageRow) => boolean, below: number | undefined): void {
    this.#transaction(false, () => {
      for (const row of rows) this.#insert(row, isUnread(row));
      if (below === undefined) this.#sql.run("DELETE FROM salvage WHERE file = ?", [file]);
      else this.#sql.run("INSERT OR REPLACE INTO salvage VALUES (?, ?)", [file, below]);
    });
  }

  setState(wireId: string, conversationId: string, state: MessageState, error: ErrorInfo | undefined): MessageRecord | undefined {
    const known = this.read.findOwn(conversationId, wireId);
    if (!known || !mayMove(toRecord(known).state, state)) return undefined;
    this.#transaction(state === "waiting", () => {
      this.#sql.run("UPDATE message SET state = ?, error = ? WHERE seq = ?", [stateNumber(state), error ? JSON.stringify(error) : null, known.seq]);
    });
    const after = this.read.byId(known.id);
    return after && toRecord(after);
  }

  /** All up to a place is read. Answers those newly read whose sender wants to know, oldest first, the newest hundred at most. */
  markRead(conversationId: string, upTo: Cursor): MessageRow[] {
    const conversation = this.read.conversation(conversationId);
    if (conversation === undefined) return [];
    const place = [conversation, upTo.at, upTo.seq];
    const rows = this.#sql.messages(
      `${selectMessage} JOIN unread u ON u.seq = m.seq WHERE u.conversation = ? AND (u.at, u.seq) <= (?, ?)
         AND m.flags & ${wantsReadFlag} AND m.wire_id IS NOT NULL ORDER BY u.at DESC, u.seq DESC LIMIT ${maxRead}`,
      place,
    );
    this.#transaction(false, () => {
      const { changes } = this.#sql.run("DELETE FROM unread WHERE conversation = ? AND (at, seq) <= (?, ?)", place);
      if (changes > 0) this.#sql.run("UPDATE conversation SET unread = max(0, unread - ?) WHERE id = ?", [changes, conversation]);
    });
    return rows.reverse();
  }

  /** Forgets at most `limit` messages of an account; true while there may be more. */
  forgetSome(accountId: string, limit: number): boolean {
    const account = this.read.account(accountId);
    if (account === undefined) return false;
    return this.#transaction(false, () => {
      const gone = this.#forget(
        "SELECT m.seq, m.conversation, m.body, m.at FROM message m JOIN conversation c ON c.id = m.conversation WHERE c.account = ? LIMIT ?",
        [account, limit],
      );
      if (gone === limit) return true;
      this.#sql.run("DELETE FROM conversation WHERE account = ?", [account]);
      this.#sql.run("DELETE FROM account WHERE id = ? AND NOT EXISTS (SELECT 1 FROM message WHERE account = ?)", [account, account]);
      this.#conversations.clear();
      this.#accounts.clear();
      return false;
    });
  }

  /** Keeps the newest `keep` lines of a conversation and what still waits to be sent. */
  trim(conversationId: string, keep: number): void {
    const conversation = this.read.conversation(conversationId);
    if (conversation === undefined) return;
    this.#transaction(false, () => {
      this.#forget("SELECT seq, conversation, body, at FROM message WHERE conversation = ? AND state <> 0 ORDER BY at DESC, seq DESC LIMIT -1 OFFSET ?", [
        conversation,
        keep,
      ]);
      this.#sql.run("UPDATE conversation SET unread = (SELECT count(*) FROM unread WHERE conversation = ?) WHERE id = ?", [conversation, conversation]);
      this.#sql.run(
        "UPDATE conversation SET last_at = NULL, last_seq = NULL, last_text = NULL, last_direction = NULL WHERE id = ? AND NOT EXISTS (SELECT 1 FROM message WHERE conversation = ?)",
        [conversation, conversation],
      );
    });
  }

  /** `select` names the rows (seq, conversation, body, at) that go; answers how many went. */
  #forget(select: string, parameters: readonly number[]): number {
    const rows = this.#sql.all<{ seq: number; conversation: number; body: string; at: number }>(select, parameters);
    for (const row of rows) {
      if (this.#indexed)
        this.#sql.run("INSERT INTO message_words(message_words, rowid, words) VALUES ('delete', ?, ?)", [row.seq, indexWords(row.body, row.conversation)]);
      this.#sql.run("DELETE FROM unread WHERE conversation = ? AND at = ? AND seq = ?", [row.conversation, row.at, row.seq]);
      this.#sql.run("DELETE FROM message WHERE seq = ?", [row.seq]);
    }
    return rows.length;
  }

  /** What an error that one of these methods threw really means. */
  diagnose(error: unknown): HallwayError {
    return this.#sql.diagnose(error);
  }

  close(): void {
    this.#sql.close();
  }

  #account(key: string): number {
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    this.#sql.run("INSERT OR IGNORE INTO account(key) VALUES (?)", [key]);
    const id = this.read.account(key) ?? 0;
    this.#accounts.set(key, id);
    return id;
  }

  #conversation(key: string, account: number): number {
    const known = this.#conversations.get(key);
    if (known !== undefined) return known;
    this.#sql.run("INSERT OR IGNORE INTO conversation(key, account) VALUES (?, ?)", [key, account]);
    const id = this.read.conversation(key) ?? 0;
    this.#conversations.set(key, id);
    return id;
  }

  /** With what it adds to the conversations. What the caches learned in one that failed is forgotten. */
  #transaction<T>(durable: boolean, work: () => T): T {
    try {
      return this.#sql.transaction(durable, () => {
        const result = work();
        this.#touchConversations();
        return result;
      });
    } catch (error) {
      this.#conversations.clear();
      this.#accounts.clear();
      this.#touched.clear();
      throw error;
    }
  }

  #touchConversations(): void {
    for (const [conversation, { unread, newest }] of this.#touched) {
      if (unread > 0) this.#sql.run("UPDATE conversation SET unread = unread + ? WHERE id = ?", [unread, conversation]);
      this.#sql.run(
        "UPDATE conversation SET last_at = ?, last_seq = ?, last_text = ?, last_direction = ? WHERE id = ? AND (last_at IS NULL OR (last_at, last_seq) < (?, ?))",
        [newest.at, newest.seq, lastText(newest.body), newest.direction, conversation, newest.at, newest.seq],
      );
    }
    this.#touched.clear();
  }
}

function indexWords(body: string, conversation: number): string {
  return `${conversationWord(conversation)} ${[...words(body)].join(" ")}`;
}

function lastText(body: string): string {
  return body.length <= lastTextLength ? body : body.slice(0, lastTextLength).replace(/[\ud800-\udbff]$/, "");
}
