import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Author } from "../../../shared/model/author.ts";
import { conversationId, placeOf } from "../../../shared/model/conversation-id.ts";
import { isSought, type SearchAuthor } from "../../../shared/model/search-author.ts";
import type { SearchFilter } from "../../../shared/model/search-filter.ts";
import { openDatabase } from "../../database/database.ts";
import type { NewMessage } from "../history.ts";
import { Sequence } from "./history-file.ts";
import { historyMigrations } from "./history-schema.ts";
import { walks } from "./message-search.ts";
import { MessageStore } from "./message-store.ts";

const account = "account";
const people = ["bob", "carol", "dave"].map((name) => `${account}|${name}@example.test`);
const others = ["bob", "carol", "dave"].map((name) => ({ address: `${name}@example.test` }));
let db: ReturnType<typeof openDatabase>;
let store: MessageStore;

beforeEach(() => {
  db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 2000 });
  const sequence = new Sequence();
  store = new MessageStore(db, { indexed: true, nextSeq: () => sequence.next(), now: () => 0 });
});
afterEach(() => store.close());

let made = 0;
function message(body: string, more: Partial<NewMessage> = {}): NewMessage {
  const id = `m${made++}`;
  return {
    id,
    conversationId: people[0] ?? "",
    place: placeOf(more.conversationId ?? people[0] ?? ""),
    direction: "in",
    author: { isSelf: more.direction === "out" },
    wireId: id,
    archiveId: undefined,
    body,
    at: 0,
    network: undefined,
    own: undefined,
    receivedAt: 0,
    state: more.direction === "out" ? "sent" : "received",
    delayed: false,
    otherDevice: false,
    unread: false,
    wantsRead: false,
    ...more,
  };
}
const file = { name: "a.txt", sha256: "00", size: 1, type: undefined };
const bodies = (text: string, filter?: SearchFilter, limit = 50) =>
  store.read.search({ text, limit, ...(filter ? { filter } : {}) }).hits.map((hit) => hit.message.body);

it("finds by person, side, time and file, with words and without", () => {
  const [bob = "", carol = ""] = people;
  store.append([
    message("one window", { at: 10 }),
    message("two window", { at: 20, direction: "out", files: [file] }),
    message("three", { at: 30, conversationId: carol, files: [file] }),
    message("four window", { at: 40, conversationId: carol }),
  ]);
  expect(bodies("", { conversationIds: [bob] })).toEqual(["two window", "one window"]);
  expect(bodies("", { conversationIds: [bob], authors: [{ address: "bob@example.test" }] })).toEqual(["one window"]);
  expect(bodies("window", { authors: others })).toEqual(["four window", "one window"]);
  expect(bodies("", { from: 20, to: 40 })).toEqual(["three", "two window"]);
  expect(bodies("wind", { to: 20 })).toEqual(["one window"]);
  expect(bodies("", { hasFile: true })).toEqual(["three", "two window"]);
  expect(bodies("window", { hasFile: true, conversationIds: [bob, carol] })).toEqual(["two window"]);
  expect(bodies("", { hasFile: true, conversationIds: [carol], authors: [{ isSelf: true }] })).toEqual([]);
  expect(bodies("", { conversationIds: [] })).toEqual([]);
  expect(bodies("", { conversationIds: ["account|nobody@example.test"] })).toEqual([]);
  expect(bodies("", {})).toEqual([]);
  expect(bodies("?!", { authors: others })).toEqual([]);
});

it("finds one occupant of a room, by address and by occupant id, and own messages that came back", () => {
  const [bob = ""] = people;
  const room = conversationId({ accountId: account, kind: "room", address: "team@rooms.test" });
  const other = conversationId({ accountId: account, kind: "room", address: "den@rooms.test" });
  const inRoom = (body: string, of: Partial<Author>, id = room) =>
    message(body, { conversationId: id, author: { isSelf: false, ...of } });
  store.append([
    inRoom("carol's", { address: "carol@example.test", occupant: "o-1" }),
    inRoom("bob's", { address: "bob@example.test", occupant: "o-2" }),
    inRoom("anna's", { name: "Anna", occupant: "o-3" }),
    inRoom("somebody else's", { name: "Anna", occupant: "o-3" }, other),
    inRoom("mine", { address: "me@example.test", occupant: "o-4", isSelf: true }),
    message("bob's alone", { conversationId: bob }),
    message("mine alone", { conversationId: bob, place: placeOf(bob), direction: "out" }),
  ]);
  expect(bodies("", { authors: [{ address: "bob@example.test" }] })).toEqual(["bob's alone", "bob's"]);
  expect(bodies("", { authors: [{ address: "bob@example.test" }], conversationIds: [room] })).toEqual(["bob's"]);
  expect(bodies("", { authors: [{ address: "carol@example.test" }], conversationIds: [bob] })).toEqual([]);
  expect(bodies("", { authors: [{ conversationId: room, occupant: "o-3" }] })).toEqual(["anna's"]);
  expect(bodies("", { authors: [{ isSelf: true }] })).toEqual(["mine alone", "mine"]);
  expect(bodies("", { authors: [{ address: "me@example.test" }] })).toEqual([]);
  const recorded = (authors: readonly SearchAuthor[]) =>
    store.record.page({ authors }, { limit: 50, order: "conversation" }).messages.map(({ body }) => body);
  expect(recorded([{ address: "bob@example.test" }])).toEqual(["bob's", "bob's alone"]);
  expect(recorded([{ conversationId: room, occupant: "o-3" }, { isSelf: true }])).toEqual([
    "anna's",
    "mine",
    "mine alone",
  ]);
});

it("finds what looking at every message would, page by page, whatever is stored and asked", () => {
  const words = ["window", "winter", "settle"];
  const said = fc.record({
    word: fc.constantFrom(...words),
    person: fc.nat(2),
    isOwn: fc.boolean(),
    at: fc.integer({ min: -5, max: 20 }),
    hasFile: fc.boolean(),
  });
  const asked = fc.record({
    text: fc.constantFrom("", "win", "window", "settle win"),
    people: fc.option(fc.uniqueArray(fc.nat(3), { maxLength: 3 }), { nil: undefined }),
    authors: fc.constantFrom(undefined, others, [{ isSelf: true } as const], [...others, { isSelf: true } as const]),
    from: fc.option(fc.integer({ min: -5, max: 20 }), { nil: undefined }),
    to: fc.option(fc.integer({ min: -5, max: 20 }), { nil: undefined }),
    hasFile: fc.constantFrom(undefined, true as const),
  });
  fc.assert(
    fc.property(fc.array(said, { maxLength: 40 }), asked, fc.integer({ min: 1, max: 5 }), (all, query, limit) => {
      store.remove(store.read.all().map((row) => row.seq));
      const kept = store.append(
        all.map(({ word, person, isOwn, at, hasFile }) =>
          message(word, {
            conversationId: people[person] ?? "",
            place: placeOf(people[person] ?? ""),
            direction: isOwn ? "out" : "in",
            at,
            ...(hasFile ? { files: [file] } : {}),
          }),
        ),
      );
      const { text, authors, from, to, hasFile } = query;
      const conversationIds = query.people?.map((person) => people[person] ?? "account|nobody@example.test");
      const filter: SearchFilter = {
        ...(conversationIds ? { conversationIds } : {}),
        ...(authors ? { authors } : {}),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(hasFile ? { hasFile } : {}),
      };
      const expected = kept
        .filter(({ record }, index) => {
          if (text === "" && Object.keys(filter).length === 0) return false;
          if (text === "settle win" || (text !== "" && !record.body.startsWith(text))) return false;
          if (
            conversationIds?.includes(record.conversationId) === false ||
            (authors && !isSought(record.author, record.conversationId, authors))
          )
            return false;
          return (
            record.at >= (from ?? -9) && record.at < (to ?? 99) && (hasFile !== true || all[index]?.hasFile === true)
          );
        })
        .map(({ record }) => record.id)
        .reverse();
      const found: string[] = [];
      for (let below: number | undefined = Number.MAX_SAFE_INTEGER; below !== undefined; ) {
        const page = store.read.search({ text, filter, limit, beforeSeq: below });
        found.push(...page.hits.map((hit) => hit.message.id));
        below = page.below;
      }
      expect(found).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

it("looks at so much, says where it stopped, and goes on from there", () => {
  store.append([message("needle", { direction: "out" }), ...Array.from({ length: 20_500 }, () => message("hay"))]);
  const first = store.read.search({ text: "", filter: { authors: [{ isSelf: true }] }, limit: 10 });
  expect(first.hits).toEqual([]);
  expect(first.below).toBe(502);
  const second = store.read.search({
    text: "",
    filter: { authors: [{ isSelf: true }] },
    limit: 10,
    beforeSeq: first.below ?? 0,
  });
  expect(second).toMatchObject({ hits: [{ message: { body: "needle" } }], below: undefined });
});

it("goes to the time that is asked for, not through all that came later", () => {
  store.append([
    ...Array.from({ length: 5_000 }, (_, n) => message("old", { at: n })),
    ...Array.from({ length: 20_000 }, (_, n) => message("new", { at: 1e6 + n })),
  ]);
  expect(store.read.search({ text: "", filter: { to: 3 }, limit: 10 })).toMatchObject({
    hits: [{}, {}, {}],
    below: undefined,
  });
  // A message that moves in time is found where it is now.
  db.exec("UPDATE message SET at = 99 WHERE seq = 24000");
  expect(bodies("new", { to: 1_000 })).toEqual(["new"]);
});

it.each([
  ["words", ["x", 9, 0, 9], "VIRTUAL TABLE INDEX"],
  ["files", [9, 0, 9], "SEARCH file USING PRIMARY KEY (message>? AND message<?)"],
  ["table", [9, 0, 9], "SEARCH message USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
] as const)("walks %s down an index and sorts nothing", (walk, parameters, expected) => {
  const plan = db
    .prepare(`EXPLAIN QUERY PLAN ${walks[walk]}`)
    .all<{ detail: string }>([...parameters])
    .map((row) => row.detail)
    .join("\n");
  expect(plan).toContain(expected);
  expect(plan).not.toContain("TEMP B-TREE");
});
