import type { Statements } from "../../database/statements.ts";

/** Messages of one block, in order of `seq`; the trigger of table `time_block` knows the same number. */
export const blockSize = 4096;

const note = `INSERT INTO time_block VALUES (?, ?, ?) ON CONFLICT (n) DO UPDATE SET min_at = min(min_at, excluded.min_at), max_at = max(max_at, excluded.max_at)
  WHERE excluded.min_at < min_at OR excluded.max_at > max_at`;

/** When the messages of each block were said (see message-search.ts): at least from `min_at` to `max_at`. */
export class TimeBlocks {
  readonly #sql: Statements;
  /**
   * Times that the messages of this transaction add; written once at its end, for one statement more for each would
   * cost as much again.
   */
  readonly #added = new Map<number, { min: number; max: number }>();

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  add(seq: number, at: number): void {
    const n = Math.floor(seq / blockSize);
    const added = this.#added.get(n);
    if (!added) this.#added.set(n, { min: at, max: at });
    else if (at < added.min) added.min = at;
    else if (at > added.max) added.max = at;
  }

  /** At the end of a transaction. */
  write(): void {
    for (const [n, { min, max }] of this.#added) this.#sql.run(note, [n, min, max]);
    this.#added.clear();
  }

  /** The transaction failed. */
  forget(): void {
    this.#added.clear();
  }
}
