import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Op, Update } from "../../shared/ipc/updates.ts";
import { createTables } from "../store/tables.ts";
import { Publisher } from "./publish.ts";

const contact = (id: string) => ({
  id,
  accountId: "account-1",
  protocol: "xmpp" as const,
  address: "a@x",
  name: "A",
  groups: [],
  subscription: "both" as const,
  asked: false,
  presence: { availability: "offline" as const },
  pinned: false,
  listed: true,
});

/** Applies updates as the renderer does. */
function replay(updates: readonly Update[]): Map<string, unknown> {
  const state = new Map<string, Record<string, unknown>>();
  for (const { ops } of updates) {
    for (const op of ops) {
      if (op.op === "put") state.set(op.id, { ...op.record });
      else if (op.op === "remove") state.delete(op.id);
      else if (op.op === "patch") {
        const record = state.get(op.id);
        if (!record) throw new Error("patch of a record that is not there");
        for (const [name, value] of Object.entries(op.fields)) {
          if (value === null) delete record[name];
          else record[name] = value;
        }
      }
    }
  }
  return state;
}

describe("publisher", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("sends one update for a tick and numbers updates without gaps", () => {
    const sent: Update[] = [];
    const publisher = new Publisher(
      (update) => sent.push(update),
      () => Date.now(),
    );
    for (let i = 0; i < 3; i += 1) {
      publisher.add({ op: "remove", table: "contacts", id: `a${i}` });
      publisher.add({ op: "remove", table: "contacts", id: `b${i}` });
      vi.advanceTimersByTime(100);
    }
    expect(sent.map((update) => update.seq)).toEqual([1, 2, 3]);
    expect(sent.every((update) => update.ops.length === 2)).toBe(true);
  });

  it("cuts a very long list into updates that leave room for other work, and says all of it before a snapshot", () => {
    const sent: Update[] = [];
    const publisher = new Publisher(
      (update) => sent.push(update),
      () => Date.now(),
    );
    for (let i = 0; i < 2_500; i += 1)
      publisher.add({ op: "put", table: "contacts", id: String(i), record: contact(String(i)) });
    vi.advanceTimersByTime(0);
    expect(sent.map(({ ops }) => ops.length)).toEqual([1_000]);
    vi.advanceTimersByTime(1);
    expect(sent.map(({ ops }) => ops.length)).toEqual([1_000, 1_000]);
    publisher.add({ op: "remove", table: "contacts", id: "0" });
    expect(publisher.flush()).toBe(3);
    vi.advanceTimersByTime(1_000);
    expect(sent.map(({ seq, ops }) => [seq, ops.length])).toEqual([
      [1, 1_000],
      [2, 1_000],
      [3, 501],
    ]);
    expect(replay(sent).size).toBe(2_499);
  });

  it("folds a burst into few updates of one operation per record", () => {
    const sent: Update[] = [];
    const publisher = new Publisher(
      (update) => sent.push(update),
      () => Date.now(),
    );
    const tables = createTables((op) => publisher.add(op));
    for (let i = 0; i < 100; i += 1) tables.put("contacts", contact(`c${i}`));
    for (let n = 0; n < 10_000; n += 1) {
      tables.patch("contacts", `c${n % 100}`, { presence: { availability: n % 200 < 100 ? "away" : "available" } });
      if (n % 1000 === 0) vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(100);
    expect(sent.length).toBeLessThanOrEqual(3);
    expect(sent.flatMap((update) => update.ops).length).toBeLessThanOrEqual(300);
  });

  it("brings a receiver to the same state as the tables, whatever happens (property)", () => {
    const step = fc.record({
      kind: fc.constantFrom("put", "name", "draft", "clear", "remove", "time"),
      id: fc.constantFrom("p", "q", "r"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const sent: Update[] = [];
        const publisher = new Publisher(
          (update) => sent.push(update),
          () => Date.now(),
        );
        const tables = createTables((op: Op) => publisher.add(op));
        for (const { kind, id } of steps) {
          if (kind === "put")
            tables.put("conversations", {
              id,
              accountId: "account-1",
              kind: "direct",
              address: "bob@x.example",
              unread: 0,
              typing: false,
            });
          if (kind === "name") tables.patch("conversations", id, { unread: 5 });
          if (kind === "draft") tables.patch("conversations", id, { draft: "x" });
          if (kind === "clear") tables.patch("conversations", id, { draft: null });
          if (kind === "remove") tables.remove("conversations", id);
          if (kind === "time") vi.advanceTimersByTime(7);
        }
        publisher.flush();
        expect(Object.fromEntries(replay(sent))).toEqual(
          Object.fromEntries([...tables.all("conversations")].map((record) => [record.id, record])),
        );
      }),
    );
  });
});
