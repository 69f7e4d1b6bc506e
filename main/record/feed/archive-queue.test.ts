import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { ArchiveMethods } from "./archive-methods.ts";
import { ArchiveQueue } from "./archive-queue.ts";
import type { FeedItem } from "./compliance-feed.ts";
import type { QueuedItem } from "./feed-store.ts";

const retryAfter = 5_000;
const item = (id: string): FeedItem => ({ id }) as FeedItem;

let written: string[];
let calls: string[];
let told: unknown[];
/** Calls that fail, by method. */
let fails: Set<string>;
/** Runs while the thread is at work. */
let meanwhile: () => void;
let queue: ArchiveQueue;
beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  calls = [];
  told = [];
  fails = new Set();
  meanwhile = () => undefined;
  const worker = {
    async call(method: string, ...args: readonly unknown[]) {
      calls.push(method);
      await Promise.resolve();
      meanwhile();
      if (fails.has(method)) throw new HallwayError("storage-full", { method });
      if (method === "archive.add") written.push(...(args[0] as readonly FeedItem[]).map(({ id }) => id));
      return method === "archive.state" ? "taken" : `answer of ${method}`;
    },
  } as unknown as DatabaseWorker<ArchiveMethods>;
  const log = {
    debug: () => undefined,
    info: (what: string) => told.push(what),
    warn: (what: string) => told.push(what),
  };
  queue = new ArchiveQueue({
    worker,
    retryAfter,
    log: log as never,
    onFailed: ({ code }) => void told.push(code),
    onWritten: (recovered) => void told.push(`written ${recovered}`),
  });
});
afterEach(() => {
  queue.stop();
  vi.useRealTimers();
});

const cannot = ["The queue of the archive cannot be written", "storage-full"];

it("what the file cannot take waits in memory, in order, until it can; trouble is told once", async () => {
  expect([await queue.add([item("a")]), queue.isWritten]).toEqual([true, true]);
  fails.add("archive.add");
  expect(await queue.add([item("b")])).toBe(false);
  fails.clear();
  // Behind the one before, though the file would take it.
  expect(await queue.add([item("c"), item("b")])).toBe(false);
  expect([written, queue.hasUnwritten, queue.isWritten, queue.failure?.code]).toEqual([
    ["a"],
    true,
    false,
    "storage-full",
  ]);
  expect([await queue.state("c"), await queue.state("a")]).toEqual(["waiting", "taken"]);
  await vi.advanceTimersByTimeAsync(retryAfter - 1);
  expect(written).toEqual(["a"]);
  await vi.advanceTimersByTimeAsync(1);
  expect([written, queue.hasUnwritten, queue.isWritten, queue.failure]).toEqual([
    ["a", "b", "c"],
    false,
    true,
    undefined,
  ]);
  expect(told).toEqual([...cannot, "written true"]);
  expect([await queue.add([item("d")]), written.at(-1), await queue.state("b")]).toEqual([true, "d", "taken"]);
});

it("what comes while the rest is written is written next, and nothing is left behind in memory", async () => {
  fails.add("archive.add");
  await queue.add([item("a")]);
  fails.clear();
  let came = false;
  meanwhile = () => {
    if (came) return;
    came = true;
    void queue.add([item("b")]);
  };
  await vi.advanceTimersByTimeAsync(retryAfter);
  expect([written, queue.isWritten, told]).toEqual([["a", "b"], true, [...cannot, "written true"]]);
});

it("a file that goes on refusing is tried again and again, without another word", async () => {
  fails.add("archive.setMark");
  fails.add("archive.head");
  // Nothing waits, and reading alone has failed: only writing shows that the file is well.
  await expect(queue.head(1, 1)).rejects.toMatchObject({ code: "storage-full" });
  await vi.advanceTimersByTimeAsync(3 * retryAfter);
  expect(calls.filter((method) => method === "archive.setMark")).toHaveLength(3);
  expect([queue.isWritten, told]).toEqual([false, cannot]);
  fails.clear();
  await vi.advanceTimersByTimeAsync(retryAfter);
  expect([queue.isWritten, told.slice(2), vi.getTimerCount()]).toEqual([true, ["written true"], 0]);
  // The next time of trouble is told again.
  fails.add("archive.add");
  await queue.add([item("a")]);
  expect(told.slice(3)).toEqual(cannot);
});

it("every call that fails is trouble and the caller's error, but for what becomes of an item", async () => {
  const queued = { n: 4 } as QueuedItem;
  const work: readonly (readonly [string, () => Promise<unknown>, unknown])[] = [
    ["archive.head", () => queue.head(1, 2), "answer of archive.head"],
    ["archive.taken", () => queue.taken([queued]), undefined],
    ["archive.refuse", () => queue.refused(queued, { code: "archive-refused" }), undefined],
    ["archive.again", () => queue.again(), undefined],
    ["archive.mark", () => queue.mark("m"), "answer of archive.mark"],
    ["archive.setMark", () => queue.setMark("m", "v"), undefined],
  ];
  for (const [method, call, answer] of work) {
    fails.clear();
    expect(await call()).toEqual(answer);
    fails.add(method);
    await expect(call(), method).rejects.toMatchObject({ code: "storage-full" });
    expect(queue.failure?.params).toEqual({ method });
    fails.clear();
    await vi.advanceTimersByTimeAsync(retryAfter);
    expect(queue.isWritten).toBe(true);
  }
  fails.add("archive.state");
  expect([await queue.state("x"), queue.isWritten]).toEqual(["waiting", true]);
  fails.add("archive.open");
  await queue.open({ folder: "", key: new Uint8Array(), maxPages: undefined });
  expect(queue.failure?.params).toEqual({ method: "archive.open" });
});

it("after it was stopped nothing is tried again or told; a file that does not close well is no trouble", async () => {
  fails.add("archive.add");
  await queue.add([item("a")]);
  told.length = 0;
  queue.stop();
  await vi.advanceTimersByTimeAsync(2 * retryAfter);
  queue.failed(new Error("late"));
  expect([calls, told, vi.getTimerCount()]).toEqual([["archive.add"], [], 0]);
  fails.add("archive.close");
  await queue.close();
  expect([calls.at(-1), told]).toEqual(["archive.close", ["The queue of the archive was not closed well"]]);
});
