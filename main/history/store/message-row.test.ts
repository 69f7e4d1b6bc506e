import { describe, expect, it } from "vitest";
import { type MessageState, messageStates } from "../../../shared/model/message.ts";
import { authorKeyOf, authorOf, authorText } from "./json-columns.ts";
import { areCopiesByTime, isSameMessage, type MessageRow, mayAdvance, mayMove, time, toRecord } from "./message-row.ts";

const hour = 3_600_000;
const at = Date.UTC(2026, 10, 22);
const row = (fields: Partial<MessageRow> = {}): MessageRow => ({
  seq: 1,
  conversation: "a|bob@x.example",
  kind: 0,
  peer: "bob@x.example",
  account: "a",
  id: "id",
  direction: 0,
  wire_id: "w",
  archive_id: null,
  body: "Hello",
  at,
  said_at: null,
  received_at: at,
  stored_at: at,
  state: messageStates.indexOf("received"),
  error: null,
  flags: 0,
  network: null,
  own: null,
  encryption: null,
  label: null,
  members: null,
  corrected_at: null,
  retracted_at: null,
  deleted_at: null,
  replaces: null,
  notice: null,
  author: null,
  ...fields,
});

it("own messages go forward only, and wait again or fail only until a device of theirs has them", () => {
  const moves: Record<MessageState, readonly MessageState[]> = {
    waiting: ["sent", "delivered", "read", "failed"],
    sent: ["waiting", "delivered", "read", "failed"],
    delivered: ["read"],
    read: [],
    failed: ["waiting", "delivered", "read"],
    received: [],
  };
  for (const from of messageStates) {
    expect(new Set(messageStates.filter((to) => mayMove(from, to))), from).toEqual(new Set(moves[from]));
    // A copy shows how far it has come, not that it failed or waits.
    expect(new Set(messageStates.filter((to) => mayAdvance(from, to))), from).toEqual(
      new Set(moves[from].filter((to) => to !== "waiting" && to !== "failed")),
    );
  }
});

describe("two messages under one id of their sender", () => {
  it.each([
    [{ at: at + hour }, {}, true],
    [{ at: at + hour + 1 }, {}, false],
    [{ at: at - hour }, {}, true],
    [{ at: at - hour - 1 }, {}, false],
    // The server's stamp of the copy is when the other one arrived.
    [{ at: at + 48 * hour, said_at: at + hour }, {}, true],
    [{ at: at + 48 * hour, said_at: at + hour + 1 }, {}, false],
    // The one here has a stamp, which is the place of the copy.
    [{ at: at + 48 * hour }, { said_at: at + 47 * hour }, true],
    [{ at: at + 48 * hour }, { said_at: at + 47 * hour - 1 }, false],
    // Both have one stamp, but for parts of a second.
    [{ at: at + 96 * hour, said_at: at + 48 * hour }, { said_at: at + 48 * hour - 999 }, true],
    [{ at: at + 96 * hour, said_at: at + 48 * hour }, { said_at: at + 48 * hour + 1_000 }, false],
  ])("%j and %j are copies by their times: %s", (other, one, expected) => {
    const both = [row(one), row(other)] as const;
    expect([areCopiesByTime(...both), isSameMessage(...both)]).toEqual([expected, expected]);
  });

  it("are one where they say the same, or what was said first may be gone", () => {
    const other = row({ body: "Bye" });
    expect(isSameMessage(row(), other)).toBe(false);
    expect(isSameMessage(row({ notice: '{"kind":"call"}' }), row())).toBe(false);
    for (const changed of [{ corrected_at: at }, { retracted_at: at }]) {
      expect(isSameMessage(row(changed), other)).toBe(true);
      expect(isSameMessage(row(changed), { ...other, at: at + hour + 1 })).toBe(false);
    }
  });

  it("are one whatever they say where the archive has one id for them, or the id was made here", () => {
    const other = row({ body: "Bye", at: at + 48 * hour });
    expect(isSameMessage(row({ archive_id: "x" }), { ...other, archive_id: "x" })).toBe(true);
    expect(isSameMessage(row({ archive_id: "x" }), { ...other, archive_id: "y" })).toBe(false);
    const typed = { direction: 1, id: "w" };
    expect(isSameMessage(row(typed), other)).toBe(true);
    // Made by somebody, by another device, or with another id on the way.
    for (const made of [{ direction: 0 }, { flags: 2 }, { id: "v" }])
      expect(isSameMessage(row({ ...typed, ...made }), other), JSON.stringify(made)).toBe(false);
  });
});

it("a time is one that JavaScript can name, in whole milliseconds", () => {
  const last = 8.64e15;
  expect(
    [1.4, 1.6, last, -last, last + 1, -last - 2, Number.NaN, Number.POSITIVE_INFINITY].map((n) => time(n, 7)),
  ).toEqual([1, 2, last, -last, 7, 7, 7, 7]);
});

describe("a record", () => {
  it("tells the stamp where it is a minute from its place, before or after", () => {
    for (const [said_at, saidAt] of [
      [null, undefined],
      [at, undefined],
      [at - 59_999, undefined],
      [at + 59_999, undefined],
      [at - 60_000, at - 60_000],
      [at + 60_000, at + 60_000],
    ] as const)
      expect(toRecord(row({ said_at })).saidAt).toBe(saidAt);
  });

  it("says each thing that is so, and nothing else", () => {
    expect(toRecord(row())).toEqual({
      id: "id",
      conversationId: "a|bob@x.example",
      accountId: "a",
      direction: "in",
      author: { address: "bob@x.example", isSelf: false },
      body: "Hello",
      at,
      seq: 1,
      state: "received",
    });
    const plain = toRecord(row());
    const differs: readonly (readonly [Partial<MessageRow>, object])[] = [
      [{ flags: 1 }, { delayed: true }],
      [{ flags: 2 }, { otherDevice: true }],
      [{ flags: 12 }, {}],
      [{ encryption: "omemo" }, { encryption: "omemo" }],
      [{ error: '{"code":"offline"}' }, { error: { code: "offline" } }],
      [{ corrected_at: 5 }, { corrected: 5 }],
      [{ notice: '{"kind":"call"}' }, { notice: { kind: "call" } }],
      // Of a retracted message nothing is said but that.
      [{ retracted_at: 6, corrected_at: 5, notice: '{"kind":"call"}' }, { retracted: true }],
    ];
    for (const [fields, more] of differs) expect(toRecord(row(fields))).toEqual({ ...plain, ...more });
  });
});

describe("the author's column", () => {
  const peer = "bob@x.example";

  it("is empty where the direction says it, and only there", () => {
    const none = { name: undefined, occupant: undefined };
    for (const [author, direction, isSaid] of [
      [{ isSelf: true }, "out", true],
      [{ isSelf: false }, "out", false],
      [{ isSelf: false }, "in", true],
      [{ isSelf: true }, "in", false],
      [{ ...none, address: peer, isSelf: false }, "in", true],
      [{ address: peer, name: "Bob", isSelf: false }, "in", true],
      [{ address: "eve@x.example", isSelf: false }, "in", false],
      [{ name: "Bob", isSelf: false }, "in", false],
      [{ address: peer, occupant: "o1", isSelf: false }, "in", false],
      [{ occupant: "o1", isSelf: true }, "out", false],
      [{ address: "me@x.example", isSelf: true }, "out", true],
    ] as const) {
      const text = authorText(author, direction, peer);
      expect(text === null, JSON.stringify([author, direction])).toBe(isSaid);
      if (text !== null)
        expect(authorOf({ direction: direction === "out" ? 1 : 0, author: text }, { own: undefined, peer })).toEqual(
          author,
        );
    }
  });

  it("of a later version is somebody unknown, who is not the person", () => {
    for (const author of ["", "{", "[]", '{"isSelf":"yes"}', '{"address":"","isSelf":true}'])
      expect(authorOf({ direction: 1, author }, { own: "me@x.example", peer })).toEqual({ isSelf: false });
  });

  it("gives own messages one key, with and without an occupant, and others one each", () => {
    const key = (direction: number, author: object | null): string =>
      authorKeyOf({ direction, author: author && JSON.stringify(author) });
    expect([key(1, null), key(0, null), key(1, { occupant: "o1", isSelf: true })]).toEqual(["", "", ""]);
    expect([
      key(0, { occupant: "o1", isSelf: true }),
      key(0, { occupant: "o1", isSelf: false }),
      key(1, { occupant: "o1", isSelf: false }),
    ]).toEqual(["self", "occupant o1", "occupant o1"]);
  });
});
