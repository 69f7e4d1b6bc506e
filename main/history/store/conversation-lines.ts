import { truncate } from "../../../shared/text/truncate.ts";
import type { Statements } from "../../database/statements.ts";
import { compareMessages } from "./layers.ts";
import type { MessageRow } from "./message-row.ts";
import type { Cursor } from "./slice.ts";

/** Longest text of a conversation's last line that is kept beside it, in UTF-16 units. */
const lastTextLength = 300;

type Line = Pick<MessageRow, "at" | "seq" | "body" | "direction" | "retracted_at" | "notice" | "author">;

/** Unread count and last line of each conversation, for the list. Hidden messages count for neither. */
export class ConversationLines {
  readonly #sql: Statements;
  /** Changes that the messages of this transaction make to their conversations; written once at its end. */
  readonly #added = new Map<number, { unread: number; newest: Line }>();

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** A message was added to a conversation. */
  add(conversation: number, line: Line, unread: boolean): void {
    if (unread) this.#sql.run("INSERT INTO unread VALUES (?, ?, ?)", [conversation, line.at, line.seq]);
    const added = this.#added.get(conversation);
    if (!added) this.#added.set(conversation, { unread: unread ? 1 : 0, newest: line });
    else {
      if (unread) added.unread += 1;
      if (compareMessages(added.newest, line) < 0) added.newest = line;
    }
  }

  /** All of a conversation up to a place is read. */
  markRead(conversation: number, { at, seq }: Cursor): void {
    const { changes } = this.#sql.run("DELETE FROM unread WHERE conversation = ? AND (at, seq) <= (?, ?)", [
      conversation,
      at,
      seq,
    ]);
    if (changes > 0)
      this.#sql.run("UPDATE conversation SET unread = max(0, unread - ?) WHERE id = ?", [changes, conversation]);
  }

  /** At the end of a transaction. */
  write(): void {
    for (const [conversation, { unread, newest }] of this.#added) {
      if (unread > 0) this.#sql.run("UPDATE conversation SET unread = unread + ? WHERE id = ?", [unread, conversation]);
      this.#sql.run(`${setLast} AND (last_at IS NULL OR (last_at, last_seq) < (?, ?))`, [
        ...lastOf(newest),
        conversation,
        newest.at,
        newest.seq,
      ]);
    }
    this.#added.clear();
  }

  /** The transaction failed. */
  forget(): void {
    this.#added.clear();
  }

  /** Messages of a conversation went, or changed their text or place: both are counted anew. */
  recount(conversation: number): void {
    this.write();
    this.#sql.run(
      "UPDATE conversation SET unread = (SELECT count(*) FROM unread WHERE conversation = ?) WHERE id = ?",
      [conversation, conversation],
    );
    const [last] = this.#sql.all<Line>(
      `SELECT at, seq, body, direction, retracted_at, notice,
          (SELECT value FROM author WHERE id = message.author) AS author
        FROM message WHERE conversation = ? AND deleted_at IS NULL ORDER BY at DESC, seq DESC LIMIT 1`,
      [conversation],
    );
    this.#sql.run(setLast, [...(last ? lastOf(last) : [null, null, null, null, null, null]), conversation]);
  }
}

const setLast = `UPDATE conversation SET last_at = ?, last_seq = ?, last_text = ?, last_direction = ?, last_notice = ?,
  last_author = ? WHERE id = ?`;

/** A line that was retracted has no text. */
function lastOf(line: Line): (string | number | null)[] {
  return [
    line.at,
    line.seq,
    line.retracted_at === null ? lastText(line.body) : null,
    line.direction,
    line.retracted_at === null ? line.notice : null,
    line.author,
  ];
}

function lastText(body: string): string {
  return truncate(body, lastTextLength);
}
