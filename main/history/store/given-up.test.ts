import { expect, it, vi } from "vitest";
import { Salvage } from "./salvage.ts";

const last = 30_000;

/** A file of which only the highest place can be read. */
vi.mock(import("../../database/database.ts"), async (original) => ({
  ...(await original()),
  openSetAside: (() => ({
    prepare(statement: string) {
      if (!statement.includes("sqlite_sequence")) throw new Error("a page failed its authentication");
      return { get: () => ({ seq: last }), close: () => undefined };
    },
    close: () => undefined,
  })) as never,
}));

it("a history that was set aside is given up after 20,000 rows that cannot be read", () => {
  const salvage = new Salvage("history.db", new Uint8Array(32), last);
  while (salvage.next().below !== undefined);
  expect(salvage.below).toBe(last - 20_200);
});
