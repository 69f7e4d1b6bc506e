import { openDatabase } from "../../database/database.ts";
import { Statements } from "../../database/statements.ts";
import type { RecordPlace } from "../../history/history.ts";
import type { RecordedMessage, RecordQuery } from "../../history/recorded-message.ts";
import { historyMigrations } from "../../history/store/history-schema.ts";
import { RecordReader } from "../../history/store/record-reader.ts";
import type { Format } from "../formats/format.ts";
import type { RecordSource } from "./run-export.ts";

/** Messages read at a time. */
const pieceSize = 500;
/**
 * Page cache of the connection, in KiB. To read one conversation after the other meets most pages again and again, and
 * each time that it is not in the cache a page is decrypted and authenticated: with half as much that takes a sixth of
 * an export.
 */
const cacheKiB = { stored: 8_000, conversation: 192_000 } as const;

/**
 * Reads history.db through a connection of its own that cannot write, as it stood when it was opened (a snapshot of the
 * write-ahead log): nobody waits for it and it waits for nobody.
 */
export class FileSource implements RecordSource {
  readonly total: number | undefined;
  readonly #sql: Statements;
  readonly #reader: RecordReader;
  readonly #query: RecordQuery;
  readonly #order: "seq" | "conversation";
  #place: RecordPlace | undefined;
  #isOver = false;

  /** Errors: as `openDatabase`. */
  constructor(
    { path, key }: { readonly path: string; readonly key: Uint8Array },
    query: RecordQuery,
    formatOrder: Format["order"],
  ) {
    const db = openDatabase({ path, key, migrations: historyMigrations, cacheKiB: cacheKiB[formatOrder] });
    this.#sql = new Statements(db);
    this.#query = query;
    this.#order = formatOrder === "stored" ? "seq" : "conversation";
    try {
      db.pragma("query_only=ON");
      db.exec("BEGIN");
      this.#reader = new RecordReader(this.#sql, { isSnapshot: true });
      this.total = totalOf(this.#sql, query);
    } catch (error) {
      this.#sql.close();
      throw error;
    }
  }

  next(): readonly RecordedMessage[] | undefined {
    if (this.#isOver) return undefined;
    const { messages, next } = this.#reader.page(this.#query, {
      after: this.#place,
      limit: pieceSize,
      order: this.#order,
    });
    this.#place = next;
    this.#isOver = next === undefined;
    return messages;
  }

  close(): void {
    this.#sql.close();
  }
}

/** Counted only where an index knows it. */
function totalOf(sql: Statements, { conversationId, deleted, ...others }: RecordQuery): number | undefined {
  if (Object.values(others).some((value) => value !== undefined)) return undefined;
  const mine = "conversation = (SELECT id FROM conversation WHERE key = ?)";
  const all = conversationId === undefined ? "" : `WHERE ${mine}`;
  // What was deleted has an index, what was not has none. The sign keeps the index of conversations from being taken.
  const hidden = `SELECT count(*) FROM message WHERE deleted_at IS NOT NULL${conversationId === undefined ? "" : ` AND +${mine}`}`;
  const parameters = conversationId === undefined ? [] : [conversationId];
  const count = sql.number(`SELECT count(*) FROM message ${all}`, parameters) ?? 0;
  return deleted === true ? count : count - (sql.number(hidden, parameters) ?? 0);
}
