import { closeQuietly, openSetAside } from "../../database/database.ts";
import { highest } from "../../database/highest.ts";
import { Statements } from "../../database/statements.ts";

/** A row of a queue that was set aside: of `item` what waits, of `taken` what need not be fed again. */
export interface SalvagedRow {
  readonly n: number;
  readonly id: string;
  readonly at: number;
  readonly content?: string;
  readonly refused?: string | null;
}

const atOnce = 100;
/** So many places that cannot be read, one after the other, and the rest is given up. */
const maxBad = 5_000;

/**
 * Reads what can still be read of a table of a queue that was set aside, in order, some rows at a time. SQLCipher
 * refuses a connection after a page failed its authentication, so it is opened again after each bad row, as with the
 * history (store/salvage.ts).
 */
export class QueueSalvage {
  readonly #path: string;
  readonly #key: Uint8Array;
  #sql: Statements | undefined;
  #bad = 0;

  constructor(path: string, key: Uint8Array) {
    this.#path = path;
    this.#key = key;
  }

  /** Rows after this place; `next` undefined: these were the last. */
  rows(
    table: "item" | "taken",
    after: number,
  ): { readonly rows: readonly SalvagedRow[]; readonly next: number | undefined } {
    const last = this.#last(table);
    if (last === undefined || after >= last || this.#bad > maxBad) return { rows: [], next: undefined };
    try {
      const rows = this.#opened().all<SalvagedRow>(`SELECT * FROM ${table} WHERE n > ? ORDER BY n LIMIT ?`, [
        after,
        atOnce,
      ]);
      this.#bad = 0;
      return { rows, next: rows.length < atOnce ? undefined : rows.at(-1)?.n };
    } catch {
      this.close();
      return this.#oneByOne(table, after, last);
    }
  }

  close(): void {
    closeQuietly(this.#sql);
    this.#sql = undefined;
  }

  #oneByOne(
    table: "item" | "taken",
    after: number,
    last: number,
  ): { readonly rows: readonly SalvagedRow[]; readonly next: number | undefined } {
    const rows: SalvagedRow[] = [];
    const end = Math.min(after + atOnce, last);
    for (let n = after + 1; n <= end; n++) {
      try {
        rows.push(...this.#opened().all<SalvagedRow>(`SELECT * FROM ${table} WHERE n = ?`, [n]));
        this.#bad = 0;
      } catch {
        this.#bad += 1;
        this.close();
      }
    }
    return { rows, next: end < last ? end : undefined };
  }

  /** The highest place, when it can be read. */
  #last(table: "item" | "taken"): number | undefined {
    return highest(table, "n", { opened: () => this.#opened(), close: () => this.close() });
  }

  #opened(): Statements {
    this.#sql ??= new Statements(openSetAside(this.#path, this.#key));
    return this.#sql;
  }
}
