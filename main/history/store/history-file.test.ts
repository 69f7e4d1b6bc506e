import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { HistoryFile, noFileOperations, Sequence } from "./history-file.ts";
import type { MessageStore } from "./message-store.ts";
import { forgotten, message } from "./unwritable-file.test-helper.ts";

const retryAfter = 1_000;
let folder: string;
let told: string[];
let sequence: Sequence;
let file: HistoryFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hallway-history-file-"));
  told = [];
  start();
});
afterEach(() => {
  vi.restoreAllMocks();
  file.close();
  rmSync(folder, { recursive: true });
});

function start(): void {
  sequence = new Sequence();
  const options = { folder, key: new Uint8Array(32).fill(1), retryAfter, now: () => 1, maxPages: undefined };
  file = new HistoryFile(
    {
      ...options,
      gone: forgotten(),
      trouble: ({ code }) => void told.push(code),
      well: () => void told.push("well"),
    },
    sequence,
  );
}

const full = (): never => {
  throw Object.assign(new Error("no"), { code: "SQLITE_FULL" });
};
const count = (store: MessageStore): number => store.read.all().length;
const append = (n: number) => (store: MessageStore) => store.append([message(n)])[0]?.record.seq;

it("numbers grow, also above what a file has given out before", () => {
  file.open();
  expect([1, 2].map((n) => file.try(append(n), 0))).toEqual([1, 2]);
  file.try((store) => store.remove([2]), 0);
  file.close();
  start();
  file.open();
  expect(file.try(append(3), 0)).toBe(3);
  sequence.raise(10);
  sequence.raise(5);
  expect(sequence.next()).toBe(11);
});

it("does nothing and makes nothing while it is not open", () => {
  expect([file.try(count, "none"), file.must(count), file.once(count), file.retry(true)]).toEqual([
    "none",
    undefined,
    undefined,
    false,
  ]);
  expect([readdirSync(folder), told]).toEqual([[], []]);
  file.open();
  file.open();
  file.try(append(1), 0);
  file.close();
  expect([file.once(count), file.try(count, "none"), told]).toEqual([1, "none", []]);
});

it("tells trouble once until it is well, and is tried again after a time, or at once where that is asked", () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(5_000);
  file.open();
  file.well();
  expect([file.retry(true), told]).toEqual([false, []]);
  expect([file.try(full, "kept"), file.try(full, "kept"), told]).toEqual(["kept", "kept", ["storage-full"]]);
  now.mockReturnValue(5_000 + retryAfter - 1);
  expect(file.retry(false)).toBe(false);
  now.mockReturnValue(5_000 + retryAfter);
  expect([file.retry(false), file.retry(true)]).toEqual([true, false]);
  file.try(full, "kept");
  expect([file.retry(true), told]).toEqual([true, ["storage-full"]]);
  file.well();
  file.well();
  file.try(full, "kept");
  expect(told).toEqual(["storage-full", "well", "storage-full"]);
});

it("says what failed to whoever has no other place to go, and to all", () => {
  file.open();
  expect(file.must(count)).toBe(0);
  expect(() => file.must(full)).toThrowError(expect.objectContaining({ code: "storage-full" }));
  const refusal = new HallwayError("not-allowed");
  expect(() =>
    file.must(() => {
      throw refusal;
    }),
  ).toThrow(refusal);
  expect(told).toEqual(["storage-full"]);
});

it("that is asked one thing while it is closed tells why it cannot, and is closed after", () => {
  file.open();
  file.close();
  expect([file.once(full), file.once(count), told]).toEqual([undefined, 0, ["storage-full"]]);
  writeFileSync(join(folder, "history.db"), randomBytes(8192));
  file.well();
  expect([file.once(count), told.at(-1)]).toEqual([undefined, "storage-corrupt"]);
  // Only one that is opened for good is set aside.
  expect(readdirSync(folder).filter((name) => name.includes("corrupt"))).toEqual([]);
});

it("that is broken is set aside and begun anew, above all numbers that it may have given out", () => {
  file.open();
  file.try(append(1), 0);
  file.close();
  writeFileSync(join(folder, "history.db"), randomBytes(8192));
  start();
  file.open();
  expect(told).toEqual(["storage-corrupt"]);
  expect(file.try(append(2), 0)).toBe(2 ** 32 + 1);
  expect(readdirSync(folder).filter((name) => name.endsWith(".db"))).toHaveLength(2);
  while (file.salvageSome());
  expect([file.try(count, 0), file.salvageSome()]).toEqual([1, false]);
});

it("that breaks while it is used does the same thing again on the new one, once", () => {
  file.open();
  file.try(append(1), 0);
  let tries = 0;
  const breaks = (times: number) => (store: MessageStore) => {
    tries += 1;
    if (tries <= times) throw Object.assign(new Error("no"), { code: "SQLITE_CORRUPT" });
    return count(store);
  };
  expect([file.try(breaks(1), "none"), tries, told]).toEqual([0, 2, ["storage-corrupt"]]);
  while (file.salvageSome());
  expect(file.try(count, 0)).toBe(1);
  tries = 0;
  expect([file.try(breaks(9), "none"), tries]).toEqual(["none", 2]);
});

it("a history without a file does nothing", () => {
  noFileOperations.open();
  noFileOperations.well();
  noFileOperations.close();
  expect([
    noFileOperations.try(count, "none"),
    noFileOperations.must(count),
    noFileOperations.once(count),
    noFileOperations.retry(true),
    noFileOperations.salvageSome(),
    noFileOperations.renewIndexSome(),
    existsSync(join(folder, "history.db")),
  ]).toEqual(["none", undefined, undefined, false, false, false, false]);
});
