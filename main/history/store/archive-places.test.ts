import { afterEach, beforeEach, expect, it } from "vitest";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import { openDatabase } from "../../database/database.ts";
import type { ArchivedPlace, NewMessage } from "../history.ts";
import { historyMigrations } from "./history-schema.ts";
import { MessageStore } from "./message-store.ts";

const bob = "account-1|bob@x.example";
const hour = 3_600_000;
const start = Date.UTC(2026, 10, 22, 12);
let store: MessageStore;

beforeEach(() => {
  let seq = 0;
  const db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 2000 });
  store = new MessageStore(db, { indexed: false, nextSeq: () => ++seq, now: () => start });
});
afterEach(() => store.close());

const message = (body: string, at: number, fields: Partial<NewMessage> = {}): NewMessage => ({
  ...{
    id: body,
    conversationId: bob,
    place: placeOf(fields.conversationId ?? bob),
    direction: "in",
    author: { isSelf: false },
    wireId: body,
    archiveId: `archive ${body}`,
    body,
    at,
  },
  ...{
    network: "xmpp",
    own: "me@x.example",
    receivedAt: at,
    state: "received",
    delayed: false,
    otherDevice: false,
    unread: false,
    wantsRead: false,
  },
  ...fields,
});
const archived = (
  body: string,
  at: number,
  place: Partial<ArchivedPlace> = {},
  fields: Partial<NewMessage> = {},
): NewMessage =>
  message(body, at, {
    receivedAt: start + hour,
    archived: { heardUntil: start, exact: true, after: undefined, ...place },
    ...fields,
  });
const lines = (): string[] => store.read.slice(bob, { limit: 50, way: "before" }).map(({ body }) => body);

it("stand after what was heard before the reading, however long the program stood still", () => {
  // What was buffered while the computer slept came when it woke; the rest is read from the archive, with the server's
  // stamps.
  store.append([message("buffered", start)]);
  store.append([archived("sent again", start - 8 * hour), archived("and the next", start - 8 * hour)]);
  expect(lines()).toEqual(["buffered", "sent again", "and the next"]);
  expect(store.read.byId("sent again")).toMatchObject({ at: start, said_at: start - 8 * hour });
});

it("stand before what came live since", () => {
  store.append([message("heard", start - 1_000)]);
  store.append([message("live since", start + 500)]);
  store.append([archived("missed", start - 900)]);
  expect(lines()).toEqual(["heard", "missed", "live since"]);
});

it("stand in the order of the archive from page to page, whatever it stamps", () => {
  store.append([archived("one", start - 5_000), archived("two", start - 9_000)]);
  const last = store.read.byId("two")?.at;
  store.append([archived("three", start - 9_000, { after: last })]);
  expect(lines()).toEqual(["one", "two", "three"]);
});

it("follow what the archive has before them, which is here already", () => {
  store.append([message("live", start + 800)]);
  store.append([archived("live", start, {}, { id: "copy" }), archived("next", start)]);
  expect(lines()).toEqual(["live", "next"]);
});

it("of a reading that began at a time stand where their stamp says, but for the difference of two clocks", () => {
  store.append([message("heard", start - 1_000)]);
  const place = { exact: false };
  store.append([archived("of last week", start - 7 * 24 * hour, place)]);
  store.append([archived("a clock behind", start - 60_000, place)]);
  expect(lines()).toEqual(["of last week", "heard", "a clock behind"]);
});
