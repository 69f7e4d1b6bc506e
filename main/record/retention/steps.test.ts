import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openDatabase } from "../../database/database.ts";
import { historyMigrations } from "../../history/store/history-schema.ts";
import { MessageStore } from "../../history/store/message-store.ts";
import { RemovalService } from "./removal-service.ts";
import type { PurgeCursor } from "./removals.ts";
import { account, bob, message, noRules, now, own } from "./retention-harness.test-helper.ts";

let store: MessageStore;
let passed: number;
/** How long each step takes, in milliseconds. */
let each: number;
beforeEach(() => {
  let seq = 0;
  passed = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (passed += each / 2) - each / 2);
  const db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 2_000 });
  store = new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => now });
});
afterEach(() => {
  vi.restoreAllMocks();
  store.close();
});

/** Sizes of the steps in which old messages go, in order. */
function steps(count: number): readonly number[] {
  store.append(
    Array.from({ length: count }, (_, n) =>
      message(`old ${n}`, 40, { id: `m${n}`, wireId: `m${n}`, archiveId: `m${n}` }),
    ),
  );
  const removals = new RemovalService(
    { recorded: [(work) => work(store)], passing: () => undefined },
    (id) => store.summaries.of(id),
    { ...noRules, retentionDays: 30 },
  );
  const sizes: number[] = [];
  let cursor: PurgeCursor | undefined;
  do {
    const { ids, next } = removals.purgeSome(cursor, { now, own: new Map([[account, own]]) });
    sizes.push([...ids.values()].reduce((sum, some) => sum + some.length, 0));
    cursor = next;
  } while (cursor);
  expect(store.summaries.of(bob)?.last).toBeUndefined();
  return sizes.filter((size) => size > 0);
}

it("steps that take no time grow to 500 messages, and no further", () => {
  each = 0;
  const sizes = steps(2_500);
  expect(Math.max(...sizes)).toBe(500);
  expect(sizes.slice(0, 3).every((size, n) => n === 0 || size === 2 * (sizes[n - 1] ?? 0))).toBe(true);
});

it("steps that take long shrink to four messages, and no further", () => {
  each = 100;
  const sizes = steps(200);
  expect(sizes.slice(-5, -1)).toEqual([4, 4, 4, 4]);
});
