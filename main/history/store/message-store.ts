import { randomInt, randomUUID } from "node:crypto";
import type Database from "@signalapp/sqlcipher";
import type { Statement } from "@signalapp/sqlcipher";
import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { MessageRecord, MessageState, SearchHit } from "../../../shared/model/message.ts";
import type { ConversationSummary, NewMessage, Stored } from "../history.ts";
import { diagnose, inTransaction } from "./database.ts";
import { hash, hashed, hashesOf, salts } from "./hashes.ts";
import { compareMessages } from "./layers.ts";
import { type MessageRow, mayAdvance, mayMove, selectMessage, stateNumber, toRecord, toRow, wantsReadFlag } from "./message-row.ts";
import { parseQuery, snippet, words } from "./words.ts";

/** A place in a conversation: messages are ordered by time, and by `seq` where times are equal. */
export interface Cursor {
  readonly at: number;
  readonly seq: number;
}

/** Longest text of a conversation's last line that is kept beside it, in UTF-16 units. */
const lastTextLength = 300;
/** Names a conversation among the words of a message; no text has this character after words.ts. */
const conversationMark = "\uE002";
/** At most so many of the messages newly read are answered. */
const maxRead = 100;

/**
 * The messages in one open database. Everything is synchronous; nothing here knows about files, modes or failing disks.
 * Each method is one transaction or a plain read.
 */
export class MessageStore {
  readonly #db: Database;
  readonly #indexed: boolean;
  readonly #nextSeq: () => number;
  readonly #statements = new Map<string, Statement>();
  readonly #conversations = new Map<string, number>();
  readonly #accounts = new Map<string, number>();
  /** What the messages of this transaction add to their conversations; written once at its end. */
  readonly #touched = new Map<number, { unread: number; newest: MessageRow }>();

  /** `indexed` false: nothing can be searched. `nextSeq` grows with every call. */
  constructor(db: Database, indexed: boolean, nextSeq: () => number) {
    this.#db = db;
    this.#indexed = indexed;
    this.#nextSeq = nextSeq;
  }

  /** The highest `seq` ever given out in this database. */
  lastSeq(): number {
    return this.#pluck("SELECT max(seq) FROM (SELECT seq FROM sqlite_sequence WHERE name = 'message' UNION ALL SELECT max(seq) FROM message)", []) ?? 0;
  }

  append(messages: readonly NewMessage[]): Stored[] {
    // A message that waits to be sent must outlive a loss of power, not only the program.
    const durable = messages.some((message) => message.state === "waiting");
    return this.#transaction(durable, () => {
      const stored = messages.map((message) => this.#appendOne(message));
      this.#touchConversations();
      return stored;
    });
  }

  /** Most are new, so it is tried first; the unique indexes say when one is not. */
  #appendOne(message: NewMessage): Stored {
    const row = toRow(message, this.#nextSeq());
    if (this.#insert(row, message.unread)) return { record: toRecord(row), isNew: true, changed: true };
    const known = this.find(message);
    if (known) return this.#merge(known, message);
    // The same id in another conversation is a coincidence or a trick, not the same message.
    const renamed = { ...row, id: randomUUID() };
    if (!this.#insert(renamed, message.unread)) throw new HallwayError("internal");
    return { record: toRecord(renamed), isNew: true, changed: true };
  }

  /** A message that is already here: same id or wire id in this conversation and direction, or same archive id in this account. */
  find(message: NewMessage): MessageRow | undefined {
    const direction = message.direction === "out" ? 1 : 0;
    const conversation = this.#conversations.get(message.conversationId) ?? this.#pluck("SELECT id FROM conversation WHERE key = ?", [message.conversationId]);
    if (conversation !== undefined) {
      const byId = this.#rowById(message.id);
      if (byId?.conversation === message.conversationId && byId.direction === direction) return byId;
      const byWire = message.wireId === undefined ? undefined : this.#rowByWireId(conversation, direction, message.wireId);
      if (byWire) return byWire;
    }
    if (message.archiveId === undefined) return undefined;
    const account = this.#accounts.get(message.accountId) ?? this.#pluck("SELECT id FROM account WHERE key = ?", [message.accountId]);
    return account === undefined ? undefined : this.#rowByArchiveId(account, message.archiveId);
  }

  #merge(row: MessageRow, message: NewMessage): Stored {
    const record = toRecord(row);
    const newArchiveId = row.archive_id === null && message.archiveId !== undefined;
    const advances = record.direction === "out" && mayAdvance(record.state, message.state);
    if (!newArchiveId && !advances) return { record, isNew: false, changed: false };
    const { state } = message;
    if (advances) this.#run("UPDATE message SET state = ?, error = NULL WHERE seq = ?", [stateNumber(state), row.seq]);
    if (newArchiveId && message.archiveId !== undefined) {
      // Ignored where the archive id already belongs to another message.
      const archiveHash = hash(hashed.archive(this.#account(row.account), message.archiveId), 0);
      this.#run("UPDATE OR IGNORE message SET archive_id = ?, archive_hash = ? WHERE seq = ?", [message.archiveId, archiveHash, row.seq]);
    }
    const after = this.#rowById(row.id);
    return { record: after ? toRecord(after) : record, isNew: false, changed: true };
  }

  /** False: a message with one of its ids is here already. */
  #insert(row: MessageRow, unread: boolean): boolean {
    const account = this.#account(row.account);
    const conversation = this.#conversation(row.conversation, account);
    if (!this.#insertHashed(row, conversation, account)) return false;
    if (this.#indexed) this.#run("INSERT INTO message_words(rowid, words) VALUES (?, ?)", [row.seq, indexWords(row.body, conversation)]);
    if (unread) this.#run("INSERT INTO unread VALUES (?, ?, ?)", [conversation, row.at, row.seq]);
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
    const tryWith = (of: (text: string) => number): boolean =>
      this.#run("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", [
        row.seq, conversation, account, row.id, row.direction, row.wire_id, row.archive_id, row.body, row.at, row.stored_at, row.state, row.error, row.flags,
        of(id), wire === undefined ? null : of(wire), archive === undefined ? null : of(archive),
      ]).changes > 0;
    for (const salt of salts) {
      if (tryWith((text) => hash(text, salt))) return true;
      // Taken by the same text, or (once in many millions of messages) by another with the same hash.
      if (salt === 0 && this.#isKnown(row, conversation, account)) return false;
    }
    // Somebody takes pains to collide: kept all the same, only not found by its ids.
    return tryWith(() => randomInt(2 ** 47));
  }

  #isKnown(row: MessageRow, conversation: number, account: number): boolean {
    if (this.#pluck("SELECT 1 FROM message WHERE seq = ?", [row.seq]) !== undefined || this.#rowById(row.id)) return true;
    if (row.wire_id !== null && this.#rowByWireId(conversation, row.direction, row.wire_id)) return true;
    return row.archive_id !== null && this.#rowByArchiveId(account, row.archive_id) !== undefined;
  }

  #touchConversations(): void {
    for (const [conversation, { unread, newest }] of this.#touched) {
      if (unread > 0) this.#run("UPDATE conversation SET unread = unread + ? WHERE id = ?", [unread, conversation]);
      this.#run("UPDATE conversation SET last_at = ?, last_seq = ?, last_text = ?, last_direction = ? WHERE id = ? AND (last_at IS NULL OR (last_at, last_seq) < (?, ?))", [
        newest.at, newest.seq, lastText(newest.body), newest.direction, conversation, newest.at, newest.seq,
      ]);
    }
    this.#touched.clear();
  }

  /**
   * Takes rows over from another store with their `seq`. Where a message is already here, its state is taken over.
   * `isUnread` says which of the new ones count as unread.
   */
  absorb(rows: readonly MessageRow[], isUnread: (row: MessageRow) => boolean): void {
    this.#transaction(true, () => {
      for (const row of rows) {
        const known = this.#rowById(row.id);
        if (known) this.#run("UPDATE message SET state = ?, error = ? WHERE seq = ?", [row.state, row.error, known.seq]);
        // Not taken twice when it is known by another id; a `seq` that is taken is replaced.
        else if (!this.#insert(row, isUnread(row)) && this.#pluck("SELECT 1 FROM message WHERE seq = ?", [row.seq]) !== undefined) this.#insert({ ...row, seq: this.#nextSeq() }, isUnread(row));
      }
      this.#touchConversations();
    });
  }

  setState(wireId: string, conversationId: string, state: MessageState, error: ErrorInfo | undefined): MessageRecord | undefined {
    const byId = this.#rowById(wireId);
    const known = byId?.direction === 1 && byId.conversation === conversationId ? byId : this.#findByWireId(conversationId, 1, wireId);
    if (!known || !mayMove(toRecord(known).state, state)) return undefined;
    this.#transaction(state === "waiting", () => {
      this.#run("UPDATE message SET state = ?, error = ? WHERE seq = ?", [stateNumber(state), error ? JSON.stringify(error) : null, known.seq]);
    });
    const after = this.#rowById(known.id);
    return after ? toRecord(after) : undefined;
  }

  get(id: string): MessageRow | undefined {
    return this.#rowById(id);
  }

  /** At most `limit` messages before (older than) or after a place, oldest first; without a place the newest. */
  slice(conversationId: string, limit: number, from: Cursor | undefined, way: "before" | "after"): MessageRow[] {
    const conversation = this.#pluck("SELECT id FROM conversation WHERE key = ?", [conversationId]);
    if (conversation === undefined) return [];
    const order = way === "before" ? "DESC" : "ASC";
    const where = from === undefined ? "" : `AND (m.at, m.seq) ${way === "before" ? "<" : ">"} (?, ?)`;
    const rows = this.#rows(`${selectMessage} WHERE m.conversation = ? ${where} ORDER BY m.at ${order}, m.seq ${order} LIMIT ?`, [
      conversation,
      ...(from === undefined ? [] : [from.at, from.seq]),
      limit,
    ]);
    return way === "before" ? rows.reverse() : rows;
  }

  /** At most `limit` hits, newest stored first, of `seq` below `beforeSeq`. */
  search(text: string, conversationId: string | undefined, limit: number, beforeSeq: number | undefined): SearchHit[] {
    const query = parseQuery(text);
    if (!query || !this.#indexed) return [];
    const terms = query.whole.map((word) => `"${word}"`);
    terms.push(`"${query.prefix}"*`);
    if (conversationId !== undefined) {
      const conversation = this.#pluck("SELECT id FROM conversation WHERE key = ?", [conversationId]);
      if (conversation === undefined) return [];
      terms.push(`"${conversationMark}${conversation}"`);
    }
    const found = this.#statement("SELECT rowid AS seq FROM message_words WHERE message_words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?").all<{ seq: number }>([
      terms.join(" AND "),
      beforeSeq ?? Number.MAX_SAFE_INTEGER,
      limit,
    ]);
    return found.flatMap(({ seq }) => this.#rows(`${selectMessage} WHERE m.seq = ?`, [seq]).map((row) => ({ message: toRecord(row), snippet: snippet(row.body, query) })));
  }

  summaries(): ConversationSummary[] {
    return this.#statement(`${selectSummary} WHERE c.last_seq IS NOT NULL`).all<SummaryRow>([]).map(toSummary);
  }

  summary(conversationId: string): ConversationSummary | undefined {
    const row = this.#statement(`${selectSummary} WHERE c.key = ?`).get<SummaryRow>([conversationId]);
    return row === undefined ? undefined : toSummary(row);
  }

  /** All up to a place is read. Answers those newly read whose sender wants to know, oldest first, the newest hundred at most. */
  markRead(conversationId: string, upTo: Cursor): MessageRow[] {
    const conversation = this.#pluck("SELECT id FROM conversation WHERE key = ?", [conversationId]);
    if (conversation === undefined) return [];
    const place = [conversation, upTo.at, upTo.seq];
    const rows = this.#rows(
      `${selectMessage} JOIN unread u ON u.seq = m.seq WHERE u.conversation = ? AND (u.at, u.seq) <= (?, ?)
         AND m.flags & ${wantsReadFlag} AND m.wire_id IS NOT NULL ORDER BY u.at DESC, u.seq DESC LIMIT ${maxRead}`,
      place,
    );
    this.#transaction(false, () => {
      const { changes } = this.#run("DELETE FROM unread WHERE conversation = ? AND (at, seq) <= (?, ?)", place);
      if (changes > 0) this.#run("UPDATE conversation SET unread = max(0, unread - ?) WHERE id = ?", [changes, conversation]);
    });
    return rows.reverse();
  }

  findByWireId(conversationId: string, wireId: string): MessageRow | undefined {
    return this.#findByWireId(conversationId, 0, wireId) ?? this.#findByWireId(conversationId, 1, wireId);
  }

  #findByWireId(conversationId: string, direction: number, wireId: string): MessageRow | undefined {
    const conversation = this.#pluck("SELECT id FROM conversation WHERE key = ?", [conversationId]);
    return conversation === undefined ? undefined : this.#rowByWireId(conversation, direction, wireId);
  }

  isUnread(row: MessageRow): boolean {
    return this.#pluck("SELECT 1 FROM unread WHERE conversation = (SELECT id FROM conversation WHERE key = ?) AND at = ? AND seq = ?", [row.conversation, row.at, row.seq]) !== undefined;
  }

  /** Own messages that wait, oldest first; of all accounts when none is given. */
  waiting(accountId: string | undefined): MessageRow[] {
    if (accountId === undefined) return this.#rows(`${selectMessage} WHERE m.state = 0 ORDER BY m.at, m.seq`, []);
    return this.#rows(`${selectMessage} WHERE m.state = 0 AND m.account = (SELECT id FROM account WHERE key = ?) ORDER BY m.at, m.seq`, [accountId]);
  }

  /** Rows with `seq` above the given, in order of `seq`. */
  rowsAfter(seq: number, limit: number): MessageRow[] {
    return this.#rows(`${selectMessage} WHERE m.seq > ? ORDER BY m.seq LIMIT ?`, [seq, limit]);
  }

  /** Forgets at most `limit` messages of an account; true while there may be more. */
  forgetSome(accountId: string, limit: number): boolean {
    const account = this.#pluck("SELECT id FROM account WHERE key = ?", [accountId]);
    if (account === undefined) return false;
    return this.#transaction(false, () => {
      const gone = this.#forget("SELECT m.seq, m.conversation, m.body, m.at FROM message m JOIN conversation c ON c.id = m.conversation WHERE c.account = ? LIMIT ?", [account, limit]);
      if (gone === limit) return true;
      this.#run("DELETE FROM conversation WHERE account = ?", [account]);
      this.#run("DELETE FROM account WHERE id = ? AND NOT EXISTS (SELECT 1 FROM message WHERE account = ?)", [account, account]);
      this.#conversations.clear();
      this.#accounts.clear();
      return false;
    });
  }

  /** Keeps the newest `keep` lines of a conversation and what still waits to be sent. */
  trim(conversationId: string, keep: number): void {
    const conversation = this.#pluck("SELECT id FROM conversation WHERE key = ?", [conversationId]);
    if (conversation === undefined) return;
    this.#transaction(false, () => {
      this.#forget("SELECT seq, conversation, body, at FROM message WHERE conversation = ? AND state <> 0 ORDER BY at DESC, seq DESC LIMIT -1 OFFSET ?", [conversation, keep]);
      this.#run("UPDATE conversation SET unread = (SELECT count(*) FROM unread WHERE conversation = ?) WHERE id = ?", [conversation, conversation]);
      this.#run(
        "UPDATE conversation SET last_at = NULL, last_seq = NULL, last_text = NULL, last_direction = NULL WHERE id = ? AND NOT EXISTS (SELECT 1 FROM message WHERE conversation = ?)",
        [conversation, conversation],
      );
    });
  }

  /** `select` names the rows (seq, conversation, body, at) that go; answers how many went. */
  #forget(select: string, parameters: readonly (string | number)[]): number {
    const rows = this.#statement(select).all<{ seq: number; conversation: number; body: string; at: number }>([...parameters]);
    for (const row of rows) {
      if (this.#indexed) this.#run("INSERT INTO message_words(message_words, rowid, words) VALUES ('delete', ?, ?)", [row.seq, indexWords(row.body, row.conversation)]);
      this.#run("DELETE FROM unread WHERE conversation = ? AND at = ? AND seq = ?", [row.conversation, row.at, row.seq]);
      this.#run("DELETE FROM message WHERE seq = ?", [row.seq]);
    }
    return rows.length;
  }

  /** What an error that one of these methods threw really means. */
  diagnose(error: unknown): HallwayError {
    return diagnose(error, this.#db);
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.close();
    this.#statements.clear();
    this.#db.close();
  }

  #account(key: string): number {
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    this.#run("INSERT OR IGNORE INTO account(key) VALUES (?)", [key]);
    const id = this.#pluck("SELECT id FROM account WHERE key = ?", [key]) ?? 0;
    this.#accounts.set(key, id);
    return id;
  }

  #conversation(key: string, account: number): number {
    const known = this.#conversations.get(key);
    if (known !== undefined) return known;
    this.#run("INSERT OR IGNORE INTO conversation(key, account) VALUES (?, ?)", [key, account]);
    const id = this.#pluck("SELECT id FROM conversation WHERE key = ?", [key]) ?? 0;
    this.#conversations.set(key, id);
    return id;
  }

  /** `durable`: on disk when it returns, whatever happens to the machine. What the caches learned in a failed one is forgotten. */
  #transaction<T>(durable: boolean, work: () => T): T {
    if (durable) this.#db.pragma("synchronous=FULL");
    try {
      return inTransaction(this.#db, work);
    } catch (error) {
      this.#conversations.clear();
      this.#accounts.clear();
      this.#touched.clear();
      throw error;
    } finally {
      if (durable) this.#relax();
    }
  }

  #relax(): void {
    try {
      this.#db.pragma("synchronous=NORMAL");
    } catch {
      // The connection is beyond use; why is what the transaction has thrown.
    }
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql, { persistent: true });
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #run(sql: string, parameters: readonly (string | number | null)[]): { changes: number } {
    return this.#statement(sql).run(parameters);
  }

  #rows(sql: string, parameters: readonly (string | number)[]): MessageRow[] {
    return this.#statement(sql).all(parameters) as unknown as MessageRow[];
  }

  #row(sql: string, parameters: readonly (string | number)[]): MessageRow | undefined {
    return this.#rows(sql, parameters)[0];
  }

  #rowById(id: string): MessageRow | undefined {
    return this.#row(`${selectMessage} WHERE m.id_hash IN (?, ?, ?, ?) AND m.id = ?`, [...hashesOf(hashed.id(id)), id]);
  }

  #rowByWireId(conversation: number, direction: number, wireId: string): MessageRow | undefined {
    return this.#row(`${selectMessage} WHERE m.wire_hash IN (?, ?, ?, ?) AND m.wire_id = ? AND m.conversation = ? AND m.direction = ?`, [
      ...hashesOf(hashed.wire(conversation, direction, wireId)),
      wireId,
      conversation,
      direction,
    ]);
  }

  #rowByArchiveId(account: number, archiveId: string): MessageRow | undefined {
    return this.#row(`${selectMessage} WHERE m.archive_hash IN (?, ?, ?, ?) AND m.archive_id = ? AND m.account = ?`, [...hashesOf(hashed.archive(account, archiveId)), archiveId, account]);
  }

  /** The first column of the first row, a number. */
  #pluck(sql: string, parameters: readonly (string | number)[]): number | undefined {
    const row = this.#statement(sql).get<Record<string, number | null>>(parameters);
    return row === undefined ? undefined : (Object.values(row)[0] ?? undefined);
  }
}

interface SummaryRow extends Record<string, string | number | null> {
  readonly key: string;
  readonly account: string;
  readonly unread: number;
  readonly first: string | null;
  readonly last_text: string | null;
  readonly last_at: number | null;
  readonly last_direction: number | null;
}

const selectSummary = `SELECT c.key, a.key AS account, c.unread, c.last_text, c.last_at, c.last_direction,
    (SELECT m.id FROM message m WHERE m.seq = (SELECT u.seq FROM unread u WHERE u.conversation = c.id ORDER BY u.at, u.seq LIMIT 1)) AS first
  FROM conversation c JOIN account a ON a.id = c.account`;

function toSummary(row: SummaryRow): ConversationSummary {
  return {
    conversationId: row.key,
    accountId: row.account,
    unread: row.unread,
    firstUnread: row.first ?? undefined,
    last: row.last_at === null ? undefined : { text: row.last_text ?? "", at: row.last_at, direction: row.last_direction === 1 ? "out" : "in" },
  };
}

function indexWords(body: string, conversation: number): string {
  return `${conversationMark}${conversation} ${[...words(body)].join(" ")}`;
}

function lastText(body: string): string {
  return body.length <= lastTextLength ? body : body.slice(0, lastTextLength).replace(/[\ud800-\udbff]$/, "");
}
