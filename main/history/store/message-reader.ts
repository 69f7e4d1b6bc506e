import { changeableFor } from "../../../shared/model/message-change.ts";
import type { Statements } from "../../database/statements.ts";
import type { Correction, NamedMessage, NewMessage, Retraction, SearchQuery } from "../history.ts";
import type { IdIndex } from "./id-index.ts";
import { type AuthorColumn, authorKeyOf, noticeText } from "./json-columns.ts";
import { hashed } from "./keys.ts";
import { compareMessages } from "./layers.ts";
import { copyWithin, isSameMessage, type MessageRow, selectMessage, wantsReadFlag, writtenBy } from "./message-row.ts";
import { type Found, MessageSearch } from "./message-search.ts";
import { type RetractionAhead, selectAhead } from "./retraction-ahead.ts";
import type { Cursor, SliceQuery } from "./slice.ts";

/** Author of messages that the person sent. */
const own: AuthorColumn = { direction: 1, author: null };

/** Names that a message has on its network. */
type WireNames = Pick<NewMessage, "wireId" | "otherWireId">;

/** At most so many of the messages newly read are answered. */
const maxRead = 100;

/** So many of the last messages of a conversation are looked at for one that its archive has. */
const looksBack = 200;

/**
 * Each must use the index of its hash: a plus keeps SQLite from others, and where there are nulls it wants to be told
 * that none is meant.
 */
export const lookups = {
  byId: `${selectMessage} WHERE m.id_hash IN (?, ?, ?, ?) AND m.id = ?`,
  byWireId: `${selectMessage} WHERE m.wire_hash IS NOT NULL AND m.wire_hash IN (?, ?, ?, ?) AND m.wire_id = ? AND +m.conversation = ? AND m.direction = ?`,
  byArchiveId: `${selectMessage} WHERE m.archive_hash IS NOT NULL AND m.archive_hash IN (?, ?, ?, ?) AND m.archive_id = ? AND +m.account = ?`,
} as const;

/** Reads the messages of one database. */
export class MessageReader {
  readonly #sql: Statements;
  readonly #indexed: boolean;
  readonly #search: MessageSearch;
  readonly #ids: IdIndex;

  constructor(sql: Statements, ids: IdIndex, indexed: boolean) {
    this.#sql = sql;
    this.#ids = ids;
    this.#indexed = indexed;
    this.#search = new MessageSearch(sql);
  }

  /** The highest `seq` ever given out in this database. */
  lastSeq(): number {
    return (
      this.#sql.number(
        "SELECT max(seq) FROM (SELECT seq FROM sqlite_sequence WHERE name = 'message' UNION ALL SELECT max(seq) FROM message)",
        [],
      ) ?? 0
    );
  }

  /** The number of a conversation in this database. */
  conversation(conversationId: string): number | undefined {
    return this.#sql.number("SELECT id FROM conversation WHERE key = ?", [conversationId]);
  }

  account(accountId: string): number | undefined {
    return this.#sql.number("SELECT id FROM account WHERE key = ?", [accountId]);
  }

  byId(id: string): MessageRow | undefined {
    return this.#first(lookups.byId, hashed.id(id), [id]);
  }

  /** All that their sender gave this id, oldest stored first: usually one (see isSameMessage). */
  byWireId(conversation: number, by: AuthorColumn, wireId: string): MessageRow[] {
    const author = authorKeyOf(by);
    const rows = this.#ids
      .places(hashed.wire(conversation, by, wireId))
      .flatMap((hashes) => this.#sql.all<MessageRow>(lookups.byWireId, [...hashes, wireId, conversation, by.direction]))
      .filter((row) => authorKeyOf(row) === author);
    return rows.sort((a, b) => a.seq - b.seq);
  }

  byArchiveId(account: number, archiveId: string): MessageRow | undefined {
    return this.#first(lookups.byArchiveId, hashed.archive(account, archiveId), [archiveId, account]);
  }

  #first(lookup: string, text: string, rest: readonly (string | number)[]): MessageRow | undefined {
    for (const hashes of this.#ids.places(text)) {
      const [found] = this.#sql.all<MessageRow>(lookup, [...hashes, ...rest]);
      if (found) return found;
    }
    return undefined;
  }

  /**
   * A message that is already here: same id or wire id in this conversation and direction (and isSameMessage), or same
   * archive id in this account.
   */
  find(message: NewMessage): MessageRow | undefined {
    const by = writtenBy(message, message.place.address);
    const conversation = this.conversation(message.conversationId);
    if (conversation !== undefined) {
      const { archiveId, body, notice, at, saidAt } = message;
      const isSame = (row: MessageRow): boolean =>
        isSameMessage(row, {
          archive_id: archiveId ?? null,
          body,
          notice: noticeText(notice),
          at,
          said_at: saidAt ?? null,
        });
      const byId = this.byId(message.id);
      // The id here of what others said was made here and is random.
      if (
        byId?.conversation === message.conversationId &&
        byId.direction === by.direction &&
        (by.direction === 0 || isSame(byId))
      )
        return byId;
      const byWire =
        message.wireId === undefined ? undefined : this.byWireId(conversation, by, message.wireId).find(isSame);
      if (byWire) return byWire;
      const other =
        message.otherWireId === undefined ? undefined : this.#bySecondName(conversation, by, message).find(isSame);
      if (other) return other;
    }
    const account = message.archiveId === undefined ? undefined : this.account(message.place.accountId);
    return account === undefined || message.archiveId === undefined
      ? undefined
      : this.byArchiveId(account, message.archiveId);
  }

  /** Rows that one of two names was given to, as their only name or beside another. */
  #bySecondName(conversation: number, by: AuthorColumn, { wireId, otherWireId }: WireNames): MessageRow[] {
    const named = otherWireId === undefined ? [] : this.byWireId(conversation, by, otherWireId);
    const aliased = [otherWireId, wireId].flatMap((name) =>
      name === undefined ? [] : (this.byAlias(conversation, by, name) ?? []),
    );
    return [...named, ...aliased];
  }

  /** An own message by the id that the network has for it. */
  findOwn(conversationId: string, wireId: string): MessageRow | undefined {
    const byId = this.byId(wireId);
    if (byId?.direction === 1 && byId.conversation === conversationId) return byId;
    const conversation = this.conversation(conversationId);
    return conversation === undefined
      ? undefined
      : (this.byWireId(conversation, own, wireId).at(-1) ?? this.byAlias(conversation, own, wireId));
  }

  /** Latest own messages before a place that are `sent` or `delivered`, newest first. */
  unreadThere(conversationId: string, { at, seq }: Cursor, limit: number): MessageRow[] {
    const conversation = this.conversation(conversationId);
    if (conversation === undefined) return [];
    return this.#sql.all<MessageRow>(
      `${selectMessage} WHERE m.conversation = ? AND m.direction = 1 AND m.state IN (1, 2) AND (m.at, m.seq) < (?, ?) ORDER BY m.at DESC, m.seq DESC LIMIT ?`,
      [conversation, at, seq, limit],
    );
  }

  /** A message by the id that its network has for it: what its author said under it, or else an own message. */
  findByWireId({ conversationId, author, wireId }: NamedMessage): MessageRow | undefined {
    const conversation = this.conversation(conversationId);
    if (conversation === undefined) return undefined;
    const peer = this.#peer(conversation);
    for (const by of [writtenBy({ direction: "in", author }, peer), own]) {
      const found = this.byWireId(conversation, by, wireId).at(-1) ?? this.byAlias(conversation, by, wireId);
      if (found) return found;
    }
    return undefined;
  }

  #peer(conversation: number): string {
    const sql = "SELECT address FROM conversation WHERE id = ?";
    return this.#sql.all<{ address: string }>(sql, [conversation])[0]?.address ?? "";
  }

  /** A message by its second wire id, or by that of one of its corrections. */
  byAlias(conversation: number, by: AuthorColumn, wireId: string): MessageRow | undefined {
    return this.#sql.all<MessageRow>(
      `${selectMessage} WHERE m.seq = (SELECT message FROM alias WHERE conversation = ? AND direction = ? AND author = ? AND wire_id = ?)`,
      [conversation, by.direction, authorKeyOf(by), wireId],
    )[0];
  }

  /** A correction that stands for the message with this wire id, which is not here. */
  byReplaces(conversation: number, by: AuthorColumn, wireId: string): MessageRow | undefined {
    return this.#sql
      .all<MessageRow>(`${selectMessage} WHERE m.conversation = ? AND m.replaces = ? AND m.direction = ?`, [
        conversation,
        wireId,
        by.direction,
      ])
      .find((row) => authorKeyOf(row) === authorKeyOf(by));
  }

  /**
   * Message that a correction or retraction said at this time means, of the same author, unless it was said too long before (changeableFor).
   * Where a sender used an id again, the last that was said before.
   */
  findChanged(change: Correction | Retraction, at: number): MessageRow | undefined {
    const { conversationId, wireId } = change;
    const conversation = this.conversation(conversationId);
    if (conversation === undefined) return undefined;
    const by = writtenBy(change, change.place.address);
    const said = this.byWireId(conversation, by, wireId).filter((row) => row.at <= at + copyWithin);
    const found =
      said.sort(compareMessages).at(-1) ??
      this.byAlias(conversation, by, wireId) ??
      this.byReplaces(conversation, by, wireId);
    return found && found.at >= at - changeableFor - copyWithin ? found : undefined;
  }

  /** Part of a conversation, oldest first. */
  slice(conversationId: string, { limit, from, way }: SliceQuery): MessageRow[] {
    const conversation = this.conversation(conversationId);
    if (conversation === undefined) return [];
    const order = way === "before" ? "DESC" : "ASC";
    const where = from === undefined ? "" : `AND (m.at, m.seq) ${way === "before" ? "<" : ">"} (?, ?)`;
    const place = from === undefined ? [] : [from.at, from.seq];
    const rows = this.#sql.all<MessageRow>(
      `${selectMessage} WHERE m.conversation = ? AND m.deleted_at IS NULL ${where} ORDER BY m.at ${order}, m.seq ${order} LIMIT ?`,
      [conversation, ...place, limit],
    );
    return way === "before" ? rows.reverse() : rows;
  }

  /**
   * Where the last message of a conversation stands that its server's archive is known to have, of those that had
   * arrived by then.
   */
  lastArchived(conversation: number, arrivedBy: number): number | undefined {
    return this.#sql.number(
      `SELECT at FROM (SELECT at, seq, archive_id, coalesce(received_at, stored_at) AS arrived FROM message WHERE conversation = ?
         ORDER BY at DESC, seq DESC LIMIT ${looksBack}) WHERE archive_id IS NOT NULL AND arrived <= ? ORDER BY at DESC, seq DESC LIMIT 1`,
      [conversation, arrivedBy],
    );
  }

  /** Where the last own message of a stretch of time stands whose place in an archive is not known. */
  lastTyped(conversation: number, from: number, to: number): number | undefined {
    return this.#sql.number(
      "SELECT at FROM message WHERE conversation = ? AND at >= ? AND at < ? AND direction = 1 AND archive_id IS NULL ORDER BY at DESC, seq DESC LIMIT 1",
      [conversation, from, to],
    );
  }

  /** Hits, newest stored first. */
  search(query: SearchQuery): Found {
    return this.#indexed ? this.#search.find(query) : { hits: [], below: undefined };
  }

  isUnread(row: MessageRow): boolean {
    return (
      this.#sql.number(
        "SELECT 1 FROM unread WHERE conversation = (SELECT id FROM conversation WHERE key = ?) AND at = ? AND seq = ?",
        [row.conversation, row.at, row.seq],
      ) !== undefined
    );
  }

  /** Unread messages up to a place whose sender wants to know that they were read: the latest hundred, oldest first. */
  unreadUpTo(conversation: number, { at, seq }: Cursor): MessageRow[] {
    const rows = this.#sql.all<MessageRow>(
      `${selectMessage} JOIN unread u ON u.seq = m.seq WHERE u.conversation = ? AND (u.at, u.seq) <= (?, ?)
         AND m.flags & ${wantsReadFlag} AND m.wire_id IS NOT NULL ORDER BY u.at DESC, u.seq DESC LIMIT ${maxRead}`,
      [conversation, at, seq],
    );
    return rows.reverse();
  }

  /** Own messages that wait, oldest first; of all accounts when none is given. */
  waiting(accountId: string | undefined): MessageRow[] {
    if (accountId === undefined)
      return this.#sql.all<MessageRow>(
        `${selectMessage} WHERE m.state = 0 AND m.deleted_at IS NULL ORDER BY m.at, m.seq`,
        [],
      );
    return this.#sql.all<MessageRow>(
      `${selectMessage} WHERE m.state = 0 AND m.deleted_at IS NULL AND m.account = (SELECT id FROM account WHERE key = ?) ORDER BY m.at, m.seq`,
      [accountId],
    );
  }

  retractionsAhead(): RetractionAhead[] {
    return this.#sql.all<RetractionAhead>(selectAhead, []);
  }

  /** A file that was set aside and is not all brought over, and how far that has come. */
  salvage(): { readonly file: string; readonly below: number } | undefined {
    return this.#sql.all<{ file: string; below: number }>("SELECT file, below FROM salvage LIMIT 1", [])[0];
  }

  /** All rows, in order of `seq`. */
  all(): MessageRow[] {
    return this.#sql.all<MessageRow>(`${selectMessage} ORDER BY m.seq`, []);
  }
}
