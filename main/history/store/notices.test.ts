import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import type { MessageNotice } from "../../../shared/model/notice.ts";
import { openDatabase } from "../../database/database.ts";
import type { NewMessage } from "../history.ts";
import { newMessage } from "../new-message.test-helper.ts";
import { historyMigrations, noticeVersion } from "./history-schema.ts";
import { toRecord } from "./message-row.ts";
import { MessageStore } from "./message-store.ts";
import { Salvage } from "./salvage.ts";

const bob = "account-1|bob@x.example";
const theirs = { address: "bob@x.example", isSelf: false };
const key = new Uint8Array(32).fill(3);
const omemo: MessageNotice = { kind: "encrypted", what: "OMEMO" };

const message = (id: string, fields: Partial<NewMessage> = {}): NewMessage =>
  newMessage(id, { conversationId: bob, own: "me@x.example", wireId: `w ${id}`, body: "", notice: omemo, ...fields });

function openStore(path?: string): { readonly store: MessageStore; readonly db: ReturnType<typeof openDatabase> } {
  const db = openDatabase({
    path,
    key: path === undefined ? undefined : key,
    migrations: historyMigrations,
    cacheKiB: 2000,
  });
  let seq = 10;
  return { db, store: new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => 2_000 }) };
}

describe("a notice", () => {
  it("is kept by its kind, in the conversation, in its last line and in the record", () => {
    const { store } = openStore();
    store.append([message("one")]);
    expect(store.read.slice(bob, { limit: 10, way: "before" }).map(toRecord)).toMatchObject([
      { body: "", notice: omemo },
    ]);
    expect(store.summaries.of(bob)).toMatchObject({ unread: 1, last: { text: "", notice: omemo } });
    expect(store.record.byIds(["one"])).toMatchObject([{ body: "", notice: omemo }]);
    const { notice: _, ...plain } = message("two", { body: "a text", at: 1_001 });
    store.append([plain]);
    expect(store.summaries.of(bob)?.last).toEqual({ text: "a text", at: 1_001, direction: "in", author: theirs });
  });

  it("is stored once; another one under the same id is another", () => {
    const { store } = openStore();
    const stored = store.append([
      message("one"),
      message("two", { wireId: "w one" }),
      message("three", { wireId: "w one", notice: { kind: "call" } }),
    ]);
    expect(stored.map(({ isNew }) => isNew)).toEqual([true, false, true]);
  });

  it("gives way to a correction with a text, and to a retraction; where a record is demanded, what it was stays in that", () => {
    const { store } = openStore();
    store.append([message("one"), message("two"), message("three")]);
    const change = {
      conversationId: bob,
      place: placeOf(bob),
      direction: "in",
      author: { isSelf: false },
      at: 1_500,
    } as const;
    expect(store.correct({ ...change, wireId: "w one", body: "in the clear" }, false)).toMatchObject({
      outcome: "changed",
      record: { body: "in the clear" },
    });
    expect(store.read.byId("one")?.notice).toBeNull();
    expect(store.retract({ ...change, wireId: "w two" }, false).record).not.toHaveProperty("notice");
    expect(store.record.byIds(["two"])).toMatchObject([{ notice: undefined }]);
    expect(store.retract({ ...change, wireId: "w three" }, true).record).not.toHaveProperty("notice");
    expect(store.record.byIds(["three"])).toMatchObject([{ notice: omemo }]);
    expect(store.summaries.of(bob)?.last).toMatchObject({ retracted: true });
    expect(store.summaries.of(bob)?.last).not.toHaveProperty("notice");
  });

  it("goes over from one database to another", () => {
    const [from, to] = [openStore().store, openStore().store];
    from.append([message("one")]);
    to.absorb(from.whole(from.read.all()), () => true);
    expect(to.read.all().map(toRecord)).toMatchObject([{ notice: omemo }]);
    expect(to.summaries.of(bob)?.last).toMatchObject({ notice: omemo });
  });

  it("of a kind that a later version knows is something that this one cannot show", () => {
    const { store, db } = openStore();
    store.append([message("one")]);
    db.exec(`UPDATE message SET notice = '{"kind":"hologram"}'`);
    expect(store.read.all().map(toRecord)).toMatchObject([{ notice: { kind: "other" } }]);
    db.exec("UPDATE message SET notice = 'no JSON'");
    expect(store.read.all().map(toRecord)).toMatchObject([{ notice: { kind: "other" } }]);
  });
});

describe("a file of the version before notices", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hallway-notices-"));
    path = join(folder, "history.db");
    const db = openDatabase({ path, key, migrations: historyMigrations.slice(0, noticeVersion - 1), cacheKiB: 2000 });
    db.exec(`
      INSERT INTO account VALUES (1, 'account-1');
      INSERT INTO conversation VALUES (1, '${bob}', 1, 0, 900, 1, 'first', 0);
      INSERT INTO message (seq, conversation, account, id, direction, wire_id, body, at, stored_at, received_at, said_at, state, flags, id_hash, wire_hash)
        VALUES (1, 1, 1, 'one', 0, 'w1', 'first', 900, 900, 900, 50, 5, 0, 11, 21);
    `);
    db.close();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is opened with everything as it was, and takes notices", () => {
    const { store } = openStore(path);
    expect(store.summaries.of(bob)?.last).toEqual({ text: "first", at: 900, direction: "in", author: theirs });
    store.append([message("two")]);
    expect(
      store.read
        .slice(bob, { limit: 10, way: "before" })
        .map(({ body, notice, said_at: said }) => [body, notice === null, said]),
    ).toEqual([
      ["first", true, 50],
      ["", false, null],
    ]);
    store.close();
  });

  it("is brought over where it was set aside", () => {
    const salvage = new Salvage(path, key, undefined);
    expect(salvage.next().messages.map(({ row }) => [row.body, row.said_at, row.notice])).toEqual([
      ["first", 50, null],
    ]);
    salvage.close();
  });
});
