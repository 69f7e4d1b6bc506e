import fc from "fast-check";
import { expect, it } from "vitest";
import { changeableFor } from "../../../shared/model/message-change.ts";
import { openDatabase } from "../../database/database.ts";
import { type GoneMessage, GoneMessages, goneSchema } from "./gone-messages.ts";

const hour = 3_600_000;
const at = Date.UTC(2026, 10, 22);

function setUp() {
  const db = openDatabase({
    path: undefined,
    key: undefined,
    migrations: [(one) => one.exec(goneSchema)],
    cacheKiB: 2000,
  });
  return { db, gone: new GoneMessages((work) => work(db)) };
}

const message = (fields: Partial<GoneMessage> = {}): GoneMessage => ({
  ...{
    account: "a",
    conversation: "a|bob@x.example",
    direction: 0,
    author: null,
    wire_id: "w",
    archive_id: null,
    body: "Hello",
    at,
    said_at: null,
  },
  ...{ corrected_at: null, retracted_at: null },
  ...fields,
});

it("knows a copy by the id in the archive, or by its sender's id with the same text and time", () => {
  const { gone } = setUp();
  expect(gone.has(message())).toBe(false);
  gone.add([message({ archive_id: "arc" })]);
  const copies: Partial<GoneMessage>[] = [
    {},
    { at: at + 60_000 },
    { at: at + 24 * hour, said_at: at },
    { wire_id: null, archive_id: "arc", body: "other", at: 0 },
  ];
  for (const copy of copies) expect(gone.has(message(copy)), JSON.stringify(copy)).toBe(true);
  const others: Partial<GoneMessage>[] = [
    ...[{ body: "Hello again" }, { at: at + 24 * hour }, { direction: 1 }, { conversation: "a|eve@x.example" }],
    ...[
      { wire_id: "v" },
      { author: JSON.stringify({ occupant: "o1", isSelf: false }) },
      { wire_id: null },
      { wire_id: null, archive_id: "arc", account: "b" },
    ],
  ];
  for (const other of others) expect(gone.has(message(other)), JSON.stringify(other)).toBe(false);
});

it("knows what was corrected or taken back by what it said first, and its corrections by their ids", () => {
  const { gone } = setUp();
  gone.add([message({ corrected_at: at + 1, aliases: ["c1"] }), message({ wire_id: "r", retracted_at: at + 1 })]);
  expect(gone.has(message({ body: "what it said first" }))).toBe(true);
  expect(gone.has(message({ wire_id: "c1", body: "what it says" }))).toBe(true);
  expect(gone.has(message({ wire_id: "r", body: "taken back" }))).toBe(true);
  gone.addChange({ conversation: "a|bob@x.example", direction: 0, author: null, wire_id: "c2", at });
  expect(gone.has(message({ wire_id: "c2", body: "any" }))).toBe(true);
});

it("knows each correction of a message that was corrected over hours", () => {
  const { gone } = setUp();
  gone.add([message({ corrected_at: at + 9 * hour, aliases: ["c1", "c2", "c3"] })]);
  const has = (wire_id: string, after: number): boolean => gone.has(message({ wire_id, at: at + after * hour }));
  expect([has("c1", 2), has("c2", 5), has("c3", 9)]).toEqual([true, true, true]);
  // Those ids again, for something else.
  expect([has("c1", -2), has("c2", 11)]).toEqual([false, false]);
});

it("knows corrections of what was deleted for as long as a message may be corrected, and of nothing else", () => {
  const { gone } = setUp();
  const correction = (replaces: string | null, after = 0, fields: Partial<GoneMessage> = {}): boolean =>
    gone.deletedTarget({ ...message({ wire_id: null, at: at + after, ...fields }), replaces });
  expect(correction("w")).toBe(false);
  gone.addDeleted([message({ aliases: ["c1"] })]);
  gone.add([message({ wire_id: "u" })]);
  const longest = changeableFor + hour;
  expect([correction("w"), correction("c1"), correction("w", longest), correction("w", -hour)]).toEqual(
    Array(4).fill(true),
  );
  // Too long after or before it, of somebody else, not deleted but not to be kept, or no correction.
  expect([
    correction("w", longest + 1),
    correction("w", -hour - 1),
    correction("w", 0, { direction: 1 }),
    correction("w", 0, { conversation: "a|eve@x.example" }),
    correction("u"),
    correction(null),
  ]).toEqual(Array(6).fill(false));
  // One of a correction that was left out, which says the same time as its message.
  expect([correction("c2"), correction("w", hour, { wire_id: "c2" }), correction("c2", longest)]).toEqual([
    false,
    true,
    true,
  ]);
  expect(correction("c2", longest + 1)).toBe(false);
});

it("keeps no text and no id", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.string({ minLength: 4 }), (body, id) => {
      const { db, gone } = setUp();
      gone.add([message({ body, wire_id: id, archive_id: id })]);
      const rows = db.prepare("SELECT * FROM gone").all<Record<string, number | string | null>>();
      expect(rows).toHaveLength(2);
      for (const row of rows)
        for (const value of Object.values(row)) expect(value === null || typeof value === "number").toBe(true);
      db.close();
    }),
    { numRuns: 20 },
  );
});

it("costs nobody anything where it cannot be written", () => {
  const { db, gone } = setUp();
  db.exec("DROP TABLE gone");
  gone.add([message()]);
  expect(gone.has(message())).toBe(false);
});

it("forgets the oldest when there are too many", () => {
  const { db, gone } = setUp();
  const many = (from: number, count: number): GoneMessage[] =>
    Array.from({ length: count }, (_, n) => message({ wire_id: `${from + n}`, at: from + n }));
  gone.add(many(0, 150_000));
  gone.add(many(150_000, 100_000));
  expect(db.prepare("SELECT count(*) FROM gone", { pluck: true }).get<number>()).toBe(200_000);
  expect(gone.has(message({ wire_id: "249999", at: 249_999 }))).toBe(true);
  expect(gone.has(message({ wire_id: "0", at: 0 }))).toBe(false);
});
