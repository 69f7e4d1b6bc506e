import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MessageRecord } from "../../shared/model/message.ts";
import { compareMessages, isMessageLine, merge, toItems } from "./messages.ts";

const message = (id: string, at: number, more: Partial<MessageRecord> = {}): MessageRecord => ({
  id,
  conversationId: "account-1|a@x.example",
  accountId: "account-1",
  direction: "in",
  author: { isSelf: false },
  body: id,
  at,
  seq: at,
  state: "received",
  ...more,
});
const minutes = (n: number): number => new Date(2026, 10, 20, 9, n).getTime();

describe("merge", () => {
  it("puts late messages in their place and replaces those that are known", () => {
    const list = merge(
      [message("a", 1), message("c", 3)],
      [message("b", 2, { delayed: true }), message("c", 3, { state: "read" })],
    );
    expect(list.map(({ id, state }) => `${id} ${state}`)).toEqual(["a received", "b received", "c read"]);
  });

  it("always holds each message once and in order, however it came", () => {
    const record = fc
      .record({
        id: fc.integer({ min: 0, max: 30 }),
        at: fc.integer({ min: 0, max: 9 }),
        seq: fc.integer({ min: 0, max: 9 }),
      })
      .map(({ id, at, seq }) => message(`m${id}`, at, { seq }));
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 8 }), { maxLength: 8 }), (batches) => {
        const list = batches.reduce<MessageRecord[]>((before, batch) => merge(before, batch), []);
        expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
        expect(list.every((item, index) => index === 0 || compareMessages(list[index - 1] ?? item, item) <= 0)).toBe(
          true,
        );
      }),
    );
  });
});

describe("toItems", () => {
  it("separates days, draws the divider above the first unread, and groups a run of one author", () => {
    const items = toItems(
      [
        message("a", minutes(-600)),
        message("b", minutes(1)),
        message("c", minutes(2)),
        message("d", minutes(3), { direction: "out", author: { isSelf: true } }),
        message("e", minutes(20), { direction: "out", author: { isSelf: true } }),
      ],
      "c",
      true,
    );
    expect(
      items.map((item) =>
        item.kind === "message" ? `${item.key}${item.first ? " first" : ""}${item.last ? " last" : ""}` : item.kind,
      ),
    ).toEqual([
      "start",
      "day",
      "a first last",
      "day",
      "b first last",
      "new",
      "c first last",
      "d first last",
      "e first last",
    ]);
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
    expect(items.filter(({ key }) => isMessageLine(key))).toEqual(items.filter(({ kind }) => kind === "message"));
  });

  it("draws messages of one author within minutes as one block", () => {
    const items = toItems(
      [message("a", minutes(1)), message("b", minutes(2)), message("c", minutes(3))],
      undefined,
      false,
    );
    expect(items.filter((item) => item.kind === "message").map((item) => [item.first, item.last])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });

  it("begins a new block where another occupant of a room writes", () => {
    const of = (occupant: string): Partial<MessageRecord> => ({ author: { occupant, isSelf: false } });
    const items = toItems(
      [message("a", minutes(1), of("o-1")), message("b", minutes(2), of("o-1")), message("c", minutes(3), of("o-2"))],
      undefined,
      false,
    );
    expect(items.filter((item) => item.kind === "message").map((item) => [item.first, item.last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  it("survives times that no calendar holds", () => {
    expect(
      toItems([message("a", Number.MAX_VALUE), message("b", Number.NaN)], undefined, false).length,
    ).toBeGreaterThan(1);
  });
});
