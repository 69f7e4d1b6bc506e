import type { ConversationLines } from "./conversation-lines.ts";
import type { Statements } from "./statements.ts";
import type { WordIndex } from "./word-index.ts";

interface Leaving {
  readonly seq: number;
  readonly conversation: number;
  readonly body: string;
  readonly at: number;
  readonly deleted_at: number | null;
}

/** Takes messages away: for good, or only out of the person's sight. */
export class Removal {
  readonly #sql: Statements;
  readonly #index: WordIndex;
  readonly #lines: ConversationLines;

  constructor(sql: Statements, index: WordIndex, lines: ConversationLines) {
    this.#sql = sql;
    this.#index = index;
    this.#lines = lines;
  }

  /** Removes what `rest` (a condition on table `message`, with order and limit) names, and all that hangs on it. Answers how many went. */
  remove(rest: string, parameters: readonly (number | string)[]): number {
    const rows = this.#select(rest, parameters);
    for (const row of rows) {
      this.#conceal(row);
      this.#sql.run("DELETE FROM message WHERE seq = ?", [row.seq]);
    }
    this.#recount(rows);
    return rows.length;
  }

  /** What `rest` names stays in the record, and is not shown, found or counted any more. Answers how many went out of sight. */
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
    return this.#sql.all<Leaving>(`SELECT seq, conversation, body, at, deleted_at FROM message WHERE ${rest}`, parameters);
  }

  #conceal(row: Leaving): void {
    if (row.deleted_at !== null) return;
    this.#index.remove(row);
    this.#sql.run("DELETE FROM unread WHERE conversation = ? AND at = ? AND seq = ?", [row.conversation, row.at, row.seq]);
  }

  #recount(rows: readonly Leaving[]): void {
    for (const conversation of new Set(rows.map((row) => row.conversation))) this.#lines.recount(conversation);
  }
}
