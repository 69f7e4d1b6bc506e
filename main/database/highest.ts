import type { Statements } from "./statements.ts";

/**
 * The highest number that a table ever gave, when that can be read: as SQLite counts it, else from what is there. A
 * connection that has met a bad page is closed, and opened again for the next try.
 */
export function highest(
  table: "message" | "item" | "taken",
  column: "seq" | "n",
  from: { readonly opened: () => Statements; readonly close: () => void },
): number | undefined {
  for (const sql of [
    `SELECT seq FROM sqlite_sequence WHERE name = '${table}'`,
    `SELECT max(${column}) FROM ${table}`,
  ]) {
    try {
      const value = from.opened().number(sql, []);
      if (value !== undefined) return value;
    } catch {
      from.close();
    }
  }
  return undefined;
}
