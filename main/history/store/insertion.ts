import { randomInt } from "node:crypto";
import type { Statements } from "../../database/statements.ts";
import type { ConversationLines } from "./conversation-lines.ts";
import { type Details, writeDetails } from "./details.ts";
import type { HashColumn, IdIndex } from "./id-index.ts";
import { hashed, type Keys, salts } from "./keys.ts";
import type { MessageReader } from "./message-reader.ts";
import { isSameMessage, type MessageRow } from "./message-row.ts";
import type { TimeBlocks } from "./time-blocks.ts";
import type { WordIndex } from "./word-index.ts";

const columns =
  "seq, conversation, account, id, direction, wire_id, archive_id, body, at, stored_at, state, error, flags, " +
  "received_at, own, encryption, label, membership, corrected_at, retracted_at, deleted_at, replaces, said_at, notice, author, id_hash, wire_hash, archive_hash";
const insertMessage = `INSERT INTO message(${columns}) VALUES (${columns.replaceAll(/\w+/g, "?")}) ON CONFLICT DO NOTHING`;

/** Parts that an insertion writes to. */
interface InsertionParts {
  readonly sql: Statements;
  readonly read: MessageReader;
  readonly keys: Keys;
  readonly ids: IdIndex;
  readonly index: WordIndex;
  readonly lines: ConversationLines;
  readonly blocks: TimeBlocks;
}

/** Puts messages into one database, each once. */
export class Insertion {
  readonly #sql: Statements;
  readonly #read: MessageReader;
  readonly #keys: Keys;
  readonly #ids: IdIndex;
  readonly #index: WordIndex;
  readonly #lines: ConversationLines;
  readonly #blocks: TimeBlocks;

  constructor({ sql, read, keys, ids, index, lines, blocks }: InsertionParts) {
    this.#sql = sql;
    this.#read = read;
    this.#keys = keys;
    this.#ids = ids;
    this.#index = index;
    this.#lines = lines;
    this.#blocks = blocks;
  }

  /** False: a message with one of its ids is here already. */
  insert(row: MessageRow, details: Details, unread: boolean): boolean {
    const account = this.#keys.account(row.account);
    const conversation = this.#keys.conversation(row, account);
    if (!this.#insertHashed(row, conversation, account)) return false;
    writeDetails(this.#sql, { seq: row.seq, direction: row.direction, author: row.author, conversation }, details);
    this.#ids.count();
    if (row.deleted_at !== null) return true;
    this.#index.add({ seq: row.seq, conversation, body: row.body });
    this.#lines.add(conversation, row, unread);
    this.#blocks.add(row.seq, row.at);
    return true;
  }

  isTaken(seq: number): boolean {
    return this.#sql.number("SELECT 1 FROM message WHERE seq = ?", [seq]) !== undefined;
  }

  /** Gives a message that is here the ids of its sender and of the archive, as far as they are given. */
  setIds(
    known: MessageRow,
    conversation: number,
    { wire_id, archive_id }: Pick<MessageRow, "wire_id" | "archive_id">,
  ): void {
    if (wire_id !== null && wire_id !== known.wire_id) {
      const wireHash = this.#freeHash("wire_hash", hashed.wire(conversation, known, wire_id));
      this.#sql.run("UPDATE message SET wire_id = ?, wire_hash = ? WHERE seq = ?", [wire_id, wireHash, known.seq]);
    }
    if (archive_id === null || archive_id === known.archive_id) return;
    // Ignored where the archive id already belongs to another message.
    const account = this.#keys.account(known.account);
    if (this.#read.byArchiveId(account, archive_id)) return;
    const archiveHash = this.#ids.fresh(hashed.archive(account, archive_id), 0);
    this.#sql.run("UPDATE OR IGNORE message SET archive_id = ?, archive_hash = ? WHERE seq = ?", [
      archive_id,
      archiveHash,
      known.seq,
    ]);
  }

  #insertHashed(row: MessageRow, conversation: number, account: number): boolean {
    const id = hashed.id(row.id);
    const wire = row.wire_id === null ? undefined : hashed.wire(conversation, row, row.wire_id);
    const archive = row.archive_id === null ? undefined : hashed.archive(account, row.archive_id);
    const { seq, direction, wire_id, archive_id, body, at, stored_at, state, error, flags } = row;
    const { received_at, encryption, label, corrected_at, retracted_at, deleted_at, replaces } = row;
    const before = [
      seq,
      conversation,
      account,
      row.id,
      direction,
      wire_id,
      archive_id,
      body,
      at,
      stored_at,
      state,
      error,
      flags,
    ];
    const recorded = [
      received_at,
      this.#keys.own(row),
      encryption,
      label,
      this.#keys.membership(row),
      corrected_at,
      retracted_at,
      deleted_at,
      replaces,
      row.said_at,
      row.notice,
      this.#keys.author(row),
    ];
    const insert = (...hashes: (number | null)[]): boolean =>
      this.#sql.run(insertMessage, [...before, ...recorded, ...hashes]).changes > 0;
    const fresh = (text: string | undefined): number | null => (text === undefined ? null : this.#ids.fresh(text, 0));
    // What stands in the current block, the insertion itself finds. Elsewhere only what may be there is looked for.
    const isElsewhere = (column: HashColumn, text: string | undefined): boolean =>
      text !== undefined && this.#ids.isPerhapsElsewhere(column, text);
    if (isElsewhere("id_hash", id) && this.#read.byId(row.id)) return false;
    if (isElsewhere("wire_hash", wire) && this.#isKnownByWireId(row, conversation)) return false;
    if (isElsewhere("archive_hash", archive) && this.#isKnownByArchiveId(row, account)) return false;
    if (insert(fresh(id), fresh(wire), fresh(archive))) return true;
    if (this.#isKnown(row, conversation, account)) return false;
    // Another text has the same hash (once in many millions), or the sender uses an id again.
    return insert(
      this.#freeHash("id_hash", id),
      wire === undefined ? null : this.#freeHash("wire_hash", wire),
      archive === undefined ? null : this.#freeHash("archive_hash", archive),
    );
  }

  /** A hash that no other text has in the current block. */
  #freeHash(column: HashColumn, text: string): number {
    for (const salt of salts) {
      const value = this.#ids.fresh(text, salt);
      if (this.#sql.number(`SELECT 1 FROM message WHERE ${column} = ?`, [value]) !== undefined) continue;
      if (salt !== 0) this.#ids.markSalted();
      return value;
    }
    // Somebody takes pains to collide: kept all the same, only not found by this id.
    return randomInt(2 ** 47);
  }

  #isKnown(row: MessageRow, conversation: number, account: number): boolean {
    return (
      this.isTaken(row.seq) ||
      this.#read.byId(row.id) !== undefined ||
      this.#isKnownByWireId(row, conversation) ||
      this.#isKnownByArchiveId(row, account)
    );
  }

  #isKnownByWireId(row: MessageRow, conversation: number): boolean {
    return (
      row.wire_id !== null &&
      this.#read.byWireId(conversation, row, row.wire_id).some((known) => isSameMessage(known, row))
    );
  }

  #isKnownByArchiveId({ archive_id }: MessageRow, account: number): boolean {
    return archive_id !== null && this.#read.byArchiveId(account, archive_id) !== undefined;
  }
}
