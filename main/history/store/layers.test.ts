import { describe, expect, it } from "vitest";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { ConversationSummary } from "../history.ts";
import { balance, compareMessages, mergePages, mergeSummaries } from "./layers.ts";

const message = (seq: number, fields: Partial<MessageRecord> = {}): MessageRecord => ({
  id: `m${seq}`,
  conversationId: "a|bob@x.example",
  accountId: "a",
  direction: "in",
  author: { isSelf: false },
  body: "",
  at: seq,
  seq,
  state: "received",
  ...fields,
});
const messages = (...seqs: readonly number[]): MessageRecord[] => seqs.map((seq) => message(seq));
const seqs = (rows: readonly MessageRecord[]): number[] => rows.map(({ seq }) => seq);

it("messages are in order of time, and of storing where times are equal", () => {
  const rows = [message(1, { at: 2 }), message(3, { at: 1 }), message(2, { at: 1 })];
  expect(seqs(rows.sort(compareMessages))).toEqual([2, 3, 1]);
});

describe("two layers of a conversation", () => {
  it.each([
    ["before", [5, 6], [1, 2, 3, 4], [4, 5, 6], true],
    ["after", [5, 6], [1, 2, 3, 4], [1, 2, 3], true],
    ["before", [1], [3, 4], [1, 3, 4], false],
    ["before", [], [1, 2, 3, 4], [2, 3, 4], true],
    ["after", [], [1, 2, 3, 4], [1, 2, 3], true],
    ["after", [], [1, 2, 3], [1, 2, 3], false],
    ["after", [1, 2, 3, 4], [], [1, 2, 3], true],
  ] as const)("are one: %s, %j over %j is %j", (way, over, under, expected, more) => {
    const slice = mergePages({ over: messages(...over), under: messages(...under) }, { limit: 3, way });
    expect([seqs(slice.rows), slice.more]).toEqual([expected, more]);
  });

  it("have a message that is in both once, as it is above", () => {
    const over = [message(9, { id: "m2", at: 2, body: "above" })];
    const { rows, more } = mergePages({ over, under: messages(1, 2, 3) }, { limit: 3, way: "before" });
    expect([rows.map(({ id, body }) => `${id} ${body}`), more]).toEqual([["m1 ", "m2 above", "m3 "], false]);
  });
});

describe("a page around a message", () => {
  const around = (
    older: readonly number[],
    newer: readonly number[],
    { limit, olderMore = false, newerMore = false }: { limit: number; olderMore?: boolean; newerMore?: boolean },
  ) => {
    const page = balance(
      {
        older: { rows: messages(...older), more: olderMore },
        middle: message(10),
        newer: { rows: messages(...newer), more: newerMore },
      },
      limit,
    );
    return [seqs(page.messages), page.before, page.after];
  };

  it("is half older and half newer, and what one side lacks the other gives", () => {
    const [older, newer] = [
      [6, 7, 8, 9],
      [11, 12, 13, 14],
    ] as const;
    expect(around(older, newer, { limit: 5 })).toEqual([[8, 9, 10, 11, 12], true, true]);
    expect(around(older, newer, { limit: 4 })).toEqual([[9, 10, 11, 12], true, true]);
    expect(around([9], newer, { limit: 5 })).toEqual([[9, 10, 11, 12, 13], false, true]);
    expect(around(older, [11], { limit: 5 })).toEqual([[7, 8, 9, 10, 11], true, false]);
    expect(around([], [], { limit: 5 })).toEqual([[10], false, false]);
    expect(around(older, newer, { limit: 9 })).toEqual([[6, 7, 8, 9, 10, 11, 12, 13, 14], false, false]);
  });

  it("says that there is more beyond it on either side", () => {
    expect(around([9], [11], { limit: 3, olderMore: true })).toEqual([[9, 10, 11], true, false]);
    expect(around([9], [11], { limit: 3, newerMore: true })).toEqual([[9, 10, 11], false, true]);
    for (const limit of [0, 1]) expect(around([9], [11], { limit })).toEqual([[10], true, true]);
  });
});

describe("two layers of the list", () => {
  const summary = (id: string, fields: Partial<ConversationSummary> = {}): ConversationSummary => ({
    conversationId: id,
    accountId: "a",
    address: id,
    unread: 0,
    firstUnread: undefined,
    last: undefined,
    ...fields,
  });
  const line = (text: string, at: number) => ({ text, at, direction: "in" as const, author: { isSelf: false } });

  it("have each conversation once: unread add up, and the first unread is the one below", () => {
    const under = [summary("b", { unread: 2, firstUnread: "m1" }), summary("c")];
    const over = [summary("b", { unread: 3, firstUnread: "m5" }), summary("d", { unread: 1 })];
    expect(mergeSummaries(under, over)).toEqual([
      summary("b", { unread: 5, firstUnread: "m1" }),
      summary("c"),
      summary("d", { unread: 1 }),
    ]);
    expect(mergeSummaries([summary("b")], [summary("b", { unread: 1, firstUnread: "m5" })])[0]?.firstUnread).toBe("m5");
    expect(mergeSummaries(under, [])).toEqual(under);
  });

  it("show the newer last line, and the one above of two at once", () => {
    const last = (one: ConversationSummary["last"], other: ConversationSummary["last"]): string | undefined =>
      mergeSummaries([summary("b", { last: one })], [summary("b", { last: other })])[0]?.last?.text;
    expect([
      last(line("under", 2), line("over", 1)),
      last(line("under", 1), line("over", 2)),
      last(line("under", 1), line("over", 1)),
      last(line("under", 1), undefined),
      last(undefined, line("over", 1)),
      last(undefined, undefined),
    ]).toEqual(["under", "over", "over", "under", "over", undefined]);
  });
});
