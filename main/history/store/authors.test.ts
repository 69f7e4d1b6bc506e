import { afterEach, beforeEach, expect, it } from "vitest";
import type { Author } from "../../../shared/model/author.ts";
import { conversationId, placeOf } from "../../../shared/model/conversation-id.ts";
import { openDatabase } from "../../database/database.ts";
import type { Correction, NewMessage } from "../history.ts";
import { historyMigrations, placeVersion } from "./history-schema.ts";
import { toRecord } from "./message-row.ts";
import { MessageStore } from "./message-store.ts";

/** Several authors in one conversation: what one says and changes is not another's. */
const room = conversationId({ accountId: "account-1", kind: "room", address: "team@rooms.example" });
const anna: Author = { name: "Anna", occupant: "occupant-a", isSelf: false };
const bert: Author = { address: "bert@x.example", name: "Bert", occupant: "occupant-b", isSelf: false };
const self: Author = { address: "me@x.example", name: "Me", occupant: "occupant-m", isSelf: true };
let store: MessageStore;
let seq: number;

beforeEach(() => {
  seq = 0;
  const db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 2000 });
  store = new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => 1_000 });
});
afterEach(() => store.close());

let made = 0;
function message(author: Author, fields: Partial<NewMessage> = {}): NewMessage {
  made += 1;
  return {
    id: `id-${made}`,
    conversationId: room,
    place: placeOf(fields.conversationId ?? room),
    direction: "in",
    author,
    wireId: "wire-1",
    archiveId: undefined,
    body: `from ${author.name}`,
    at: 100,
    network: "xmpp",
    own: "me@x.example",
    receivedAt: 100,
    state: "received",
    delayed: false,
    otherDevice: false,
    unread: true,
    wantsRead: false,
    ...fields,
  };
}
const shown = () => store.read.slice(room, { limit: 50, way: "before" }).map(toRecord);
const correction = (author: Author, body: string): Correction => ({
  conversationId: room,
  place: placeOf(room),
  direction: "in",
  author,
  wireId: "wire-1",
  at: 200,
  body,
});

it("the same id by two occupants of a room is two messages, each with its author", () => {
  store.append([message(anna, { body: "hello" }), message(bert, { body: "hello" })]);
  expect(shown().map(({ author }) => author)).toEqual([anna, bert]);
  // The same again is no third.
  expect(store.append([message(anna, { body: "hello" })])[0]).toMatchObject({ isNew: false });
  expect(store.record.byIds([shown()[1]?.id ?? ""])[0]?.author).toEqual(bert);
});

it("is the author of the last line of a conversation, whatever happens to what was said", () => {
  const last = () => store.summaries.of(room)?.last;
  store.append([message(anna), message(bert, { at: 200 })]);
  expect(last()).toMatchObject({ text: "from Bert", author: bert });
  store.retract({ ...correction(bert, ""), at: 201 }, true);
  expect(last()).toMatchObject({ text: "", retracted: true, author: bert });
  // An own message comes back from a room.
  store.append([message(self, { at: 300, wireId: "wire-2" })]);
  expect(last()).toMatchObject({ direction: "in", author: self });
  store.correct({ ...correction(self, "other words"), wireId: "wire-2" }, true);
  expect(last()).toMatchObject({ text: "other words", author: self });
  const direct = conversationId({ accountId: "account-1", kind: "direct", address: "bob@x.example" });
  const about = {
    conversationId: direct,
    place: placeOf(direct),
    direction: "out",
    wireId: "wire-3",
    otherDevice: true,
  } as const;
  store.append([message({ address: "me@x.example", isSelf: true }, { ...about, state: "sent", unread: false })]);
  expect(store.summaries.all().map(({ last: line }) => line?.author.isSelf)).toEqual([true, true]);
  store.append([message({ address: "bob@x.example", isSelf: false }, { conversationId: direct, at: 400 })]);
  expect(store.summaries.of(direct)?.last?.author).toEqual({ address: "bob@x.example", isSelf: false });
});

it("is known of the last lines that an earlier version wrote", () => {
  const migrations = historyMigrations.slice(0, placeVersion);
  const db = openDatabase({ path: undefined, key: undefined, migrations, cacheKiB: 2000 });
  db.exec(`
    INSERT INTO account VALUES (1, 'account-1');
    INSERT INTO author VALUES (7, '${JSON.stringify(bert)}');
    INSERT INTO conversation (id, key, account, unread, last_at, last_seq, last_text, last_direction, kind, address)
      VALUES (1, '${room}', 1, 0, 900, 2, 'second', 0, 1, 'team@rooms.example');
    INSERT INTO message
      (seq, conversation, account, id, direction, wire_id, body, at, stored_at, state, flags, id_hash, wire_hash, author)
      VALUES (1, 1, 1, 'one', 0, 'w1', 'first', 100, 800, 5, 1, 11, 21, NULL),
        (2, 1, 1, 'two', 0, 'w2', 'second', 900, 900, 5, 0, 12, 22, 7);
  `);
  for (const step of historyMigrations.slice(placeVersion)) step(db);
  const migrated = new MessageStore(db, { indexed: true, nextSeq: () => 3, now: () => 1_000 });
  expect(migrated.summaries.of(room)?.last).toMatchObject({ text: "second", author: bert });
  migrated.close();
});

it("is found by its id and its author, and an own message by its id where nobody else wrote under it", () => {
  store.append([message(anna), message(bert), message(self, { wireId: "wire-2" })]);
  store.append([message(self, { direction: "out", state: "sent", wireId: "wire-3", body: "mine" })]);
  const found = (author: Author, wireId: string) =>
    store.read.findByWireId({ conversationId: room, author, wireId })?.body;
  expect(found(anna, "wire-1")).toBe("from Anna");
  expect(found({ ...bert, name: "Bertie" }, "wire-1")).toBe("from Bert");
  expect(found({ ...bert, occupant: "occupant-c" }, "wire-1")).toBeUndefined();
  expect(found(self, "wire-2")).toBe("from Me");
  expect(found(anna, "wire-2")).toBeUndefined();
  expect(found(anna, "wire-3")).toBe("mine");
});

it("an occupant changes their own message and nobody else's, whatever name they go by", () => {
  store.append([message(anna)]);
  expect(store.correct(correction(bert, "forged"), true).outcome).toBe("unknown");
  expect(store.retract({ ...correction(bert, ""), at: 201 }, true).outcome).toBe("unknown");
  expect(shown()).toMatchObject([{ body: "from Anna" }]);
  expect(store.correct(correction({ ...anna, name: "Annie" }, "mine"), true).outcome).toBe("changed");
  expect(shown()).toMatchObject([{ body: "mine", author: anna }]);
});

it("a retraction that comes first waits for the message of its author", () => {
  store.retract({ ...correction(bert, ""), at: 201 }, true);
  store.append([message(anna), message(bert)]);
  expect(shown().map(({ author, retracted }) => [author.name, retracted ?? false])).toEqual([
    ["Anna", false],
    ["Bert", true],
  ]);
});

it("own messages are found and changed as own, before and after the room gave the person an occupant id", () => {
  store.append([message({ isSelf: true }, { direction: "out", state: "sent", unread: false })]);
  const change = { ...correction(self, "better"), direction: "out" as const };
  expect(store.correct(change, true)).toMatchObject({ outcome: "changed", record: { body: "better" } });
});

it("what only messages that are gone were written by goes with them", () => {
  store.append([message(anna), message(bert)]);
  const [first] = shown();
  store.remove([first?.seq ?? 0]);
  store.scrub();
  expect(shown().map(({ author }) => author)).toEqual([bert]);
  store.append([message(anna, { wireId: "wire-2" })]);
  expect(
    shown()
      .map(({ author }) => author.name)
      .sort(),
  ).toEqual(["Anna", "Bert"]);
});
