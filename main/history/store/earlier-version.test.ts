import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../../database/database.ts";
import type { NewMessage } from "../history.ts";
import { newMessage } from "../new-message.test-helper.ts";
import { historyMigrations, stampVersion } from "./history-schema.ts";
import { MessageStore } from "./message-store.ts";
import { Salvage } from "./salvage.ts";

const bob = "account-1|bob@x.example";
const key = new Uint8Array(32).fill(3);
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-earlier-"));
  path = join(folder, "history.db");
  makeEarlier();
});
afterEach(() => rm(folder, { recursive: true }));

/**
 * A file as the version before stamps had a column wrote it: one message that its sender had dated back, and one read
 * since.
 */
function makeEarlier(): void {
  const db = openDatabase({ path, key, migrations: historyMigrations.slice(0, stampVersion - 1), cacheKiB: 2000 });
  db.exec(`
    INSERT INTO account VALUES (1, 'account-1');
    INSERT INTO conversation VALUES (1, '${bob}', 1, 1, 900, 2, 'second', 0);
    INSERT INTO message (seq, conversation, account, id, direction, wire_id, body, at, stored_at, received_at, state, flags, id_hash, wire_hash)
      VALUES (1, 1, 1, 'one', 0, 'w1', 'first', 100, 800, 800, 5, 1, 11, 21), (2, 1, 1, 'two', 0, 'w2', 'second', 900, 900, 900, 5, 0, 12, 22);
    INSERT INTO unread VALUES (1, 900, 2);
    INSERT INTO time_block VALUES (0, 100, 900);
  `);
  db.close();
}

const message = (fields: Partial<NewMessage>): NewMessage =>
  newMessage("three", { conversationId: bob, own: "me@x.example", wireId: "w3", body: "third", ...fields });

it("is opened with everything where it stood, and goes on in the order of arrival", () => {
  let seq = 2;
  const store = new MessageStore(openDatabase({ path, key, migrations: historyMigrations, cacheKiB: 2000 }), {
    indexed: true,
    nextSeq: () => ++seq,
    now: () => 1_000,
  });
  store.append([message({ saidAt: 50 })], []);
  const rows = store.read.slice(bob, { limit: 10, way: "before" });
  expect(rows.map(({ body, at, said_at: said }) => [body, at, said])).toEqual([
    ["first", 100, null],
    ["second", 900, null],
    ["third", 1_000, 50],
  ]);
  expect(store.summaries.of(bob)).toMatchObject({ unread: 2, firstUnread: "two", last: { text: "third" } });
  store.close();
});

it("is brought over where it was set aside", () => {
  const salvage = new Salvage(path, key, undefined);
  const { messages } = salvage.next();
  expect(messages.map(({ row }) => [row.body, row.at, row.said_at, row.received_at])).toEqual([
    ["first", 100, null, 800],
    ["second", 900, null, 900],
  ]);
  salvage.close();
});
