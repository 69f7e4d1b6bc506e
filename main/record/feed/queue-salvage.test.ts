import { expect, it, vi } from "vitest";
import { QueueSalvage } from "./queue-salvage.ts";

const readable = new Set<number>();

/** A file of which the highest place can be read, and the rows that are `readable`. */
vi.mock(import("../../database/database.ts"), async (original) => ({
  ...(await original()),
  openSetAside: (() => ({
    prepare(statement: string) {
      if (statement.includes("sqlite_sequence")) return { get: () => ({ seq: 30_000 }), close: () => undefined };
      const all = ([n = 0]: readonly number[]) => {
        if (!statement.includes("n = ?") || !readable.has(n)) throw new Error("a page failed its authentication");
        return [{ n, id: `${n}`, at: 0 }];
      };
      return { all, close: () => undefined };
    },
    close: () => undefined,
  })) as never,
}));

/** The place behind which nothing is read any more. */
function givenUpAt(...rows: readonly number[]): number {
  readable.clear();
  for (const row of rows) readable.add(row);
  const salvage = new QueueSalvage("queue.db", new Uint8Array(32));
  let after = 0;
  for (let next: number | undefined = 0; next !== undefined; next = salvage.rows("item", after).next) after = next;
  return after;
}

it("a queue that was set aside is given up after 5,000 places in a row that cannot be read", () => {
  // It reads a hundred at a time: 5,000 are not too many yet, 5,001 are.
  expect(givenUpAt()).toBe(5_100);
  expect(givenUpAt(99)).toBe(5_100);
  expect(givenUpAt(100)).toBe(5_200);
});
