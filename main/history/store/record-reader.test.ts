import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../database/database.ts";
import { Statements } from "../../database/statements.ts";
import type { NewMessage, RecordOrder, RecordPlace } from "../history.ts";
import { newMessage } from "../new-message.test-helper.ts";
import type { RecordedMessage, RecordQuery } from "../recorded-message.ts";
import { historyMigrations, recordVersion } from "./history-schema.ts";
import { MessageStore } from "./message-store.ts";
import { RecordReader } from "./record-reader.ts";

const account = "account-1";
const bob = `${account}|bob@example.test`;
const carol = `${account}|carol@example.test`;
let db: ReturnType<typeof openDatabase>;
let store: MessageStore;
let clock = 0;

beforeEach(() => {
  let seq = 0;
  clock = 5_000;
  db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 1000 });
  store = new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => clock });
});
afterEach(() => store.close());

const message = (id: string, fields: Partial<NewMessage> = {}): NewMessage =>
  newMessage(id, {
    ...{ author: { isSelf: false }, wireId: `wire ${id}`, body: `body of ${id}`, receivedAt: 2_000, unread: false },
    ...fields,
  });

function readAll(
  query: RecordQuery = {},
  order: RecordOrder = "seq",
  limit = 7,
  reader = store.record,
): RecordedMessage[] {
  const all: RecordedMessage[] = [];
  for (let after: RecordPlace | undefined; ; ) {
    const page = reader.page(query, { after, limit, order });
    all.push(...page.messages);
    if (!page.next) return all;
    after = page.next;
  }
}

const ids = (messages: readonly RecordedMessage[]): string[] => messages.map((one) => one.id);

describe("the record", () => {
  it("holds who, which account, network and address, all times, encryption, label, members and files", () => {
    const members = [
      { address: "bob@example.test", name: "Bob" },
      { address: "carol@example.test", name: undefined },
    ];
    const files = [
      { name: "plan.pdf", sha256: "ab".repeat(32), size: 12_345, type: "application/pdf" },
      { name: "x", sha256: "cd".repeat(32), size: 0, type: undefined },
    ];
    store.append([
      message("full", {
        encryption: "omemo",
        label: "SECRET",
        members,
        files,
        archiveId: "a1",
        delayed: true,
        saidAt: 500,
      }),
    ]);
    expect(readAll()).toEqual([
      {
        id: "full",
        seq: 1,
        conversationId: bob,
        kind: "direct",
        accountId: account,
        network: "xmpp",
        own: "me@example.test",
        peer: "bob@example.test",
        direction: "in",
        author: { address: "bob@example.test", isSelf: false },
        sentAt: 1_000,
        saidAt: 500,
        receivedAt: 2_000,
        storedAt: 5_000,
        body: "body of full",
        versions: [],
        correctedAt: undefined,
        retractedAt: undefined,
        deletedAt: undefined,
        state: "received",
        error: undefined,
        states: [],
        encryption: "omemo",
        label: "SECRET",
        members,
        files,
        wireId: "wire full",
        archiveId: "a1",
        delayed: true,
        otherDevice: false,
      },
    ]);
    expect(store.record.byIds(["unknown", "full"])).toEqual(readAll());
  });

  it("names the one other member of a conversation of two, and keeps each address that the account had", () => {
    store.append([
      message("1"),
      message("2", { own: "new@example.test" }),
      message("3", { own: undefined, network: undefined }),
    ]);
    expect(readAll().map((one) => [one.own, one.network, one.members])).toEqual([
      ["me@example.test", "xmpp", [{ address: "bob@example.test", name: undefined }]],
      ["new@example.test", "xmpp", [{ address: "bob@example.test", name: undefined }]],
      [undefined, undefined, [{ address: "bob@example.test", name: undefined }]],
    ]);
  });

  it("has every state of an own message with its time, from the typing on", () => {
    const own = message("own", { direction: "out", wireId: "own", state: "waiting", receivedAt: 4_000 });
    store.append([own]);
    for (const state of ["failed", "waiting", "sent", "sent", "delivered", "read", "sent"] as const) {
      clock += 100;
      store.setState({
        conversationId: bob,
        wireId: "own",
        state,
        error: state === "failed" ? { code: "cancelled" } : undefined,
      });
    }
    expect(readAll()[0]?.states).toEqual([
      { state: "waiting", at: 4_000, error: undefined },
      { state: "failed", at: 5_100, error: { code: "cancelled" } },
      { state: "waiting", at: 5_200, error: undefined },
      { state: "sent", at: 5_300, error: undefined },
      { state: "delivered", at: 5_500, error: undefined },
      { state: "read", at: 5_600, error: undefined },
    ]);
  });

  it("says where a message went that a server sent on, also after it arrived there", () => {
    store.append([message("own", { direction: "out", wireId: "own", state: "waiting", receivedAt: 4_000 })]);
    const redirected = { code: "redirected", params: { address: "bob@partner.test" } } as const;
    store.setState({ conversationId: bob, wireId: "own", state: "sent", error: redirected });
    store.setState({ conversationId: bob, wireId: "own", state: "delivered" });
    expect(readAll()[0]?.states.map(({ state, error }) => [state, error])).toEqual([
      ["waiting", undefined],
      ["sent", redirected],
      ["delivered", undefined],
    ]);
  });

  it("is filtered by account, peer, conversation, time, direction, words and files", () => {
    const other = "account-2";
    store.append([
      message("1", { at: 10 }),
      message("2", { at: 20, conversationId: carol, body: "The Zürich plan" }),
      message("3", { at: 30, direction: "out", state: "sent", wireId: "3" }),
      message("4", { at: 40, conversationId: `${other}|bob@example.test` }),
      message("5", { at: 50, files: [{ name: "a", sha256: "ab".repeat(32), size: 1, type: undefined }] }),
    ]);
    for (const order of ["seq", "conversation"] as const) {
      const found = (query: RecordQuery): string[] => ids(readAll(query, order, 2)).sort();
      expect(found({})).toEqual(["1", "2", "3", "4", "5"]);
      expect(found({ accountId: account })).toEqual(["1", "2", "3", "5"]);
      expect(found({ accountId: "account-9" })).toEqual([]);
      expect(found({ peers: ["bob@example.test"] })).toEqual(["1", "3", "4", "5"]);
      expect(found({ peers: ["bob@example.test"], accountId: other })).toEqual(["4"]);
      expect(found({ peers: [] })).toEqual([]);
      expect(found({ conversationId: carol })).toEqual(["2"]);
      expect(found({ conversationId: carol, peers: ["bob@example.test"] })).toEqual([]);
      expect(found({ from: 20, to: 40 })).toEqual(["2", "3"]);
      expect(found({ direction: "out" })).toEqual(["3"]);
      expect(found({ text: "zurich pl" })).toEqual(["2"]);
      expect(found({ text: "…" })).toEqual([]);
      expect(found({ hasFile: true })).toEqual(["5"]);
      expect(found({ hasFile: false })).toEqual(["1", "2", "3", "4"]);
    }
  });

  it("comes in pieces of any size that together are everything once, in order", () => {
    const conversations = [bob, carol, `${account}|dan@example.test`];
    let round = 0;
    fc.assert(
      fc.property(
        fc.array(fc.record({ of: fc.nat(2), at: fc.nat(5) }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        (lines, limit) => {
          store.remove(readAll().map((one) => one.seq));
          round += 1;
          store.append(
            lines.map(({ of, at }, n) => message(`${round}-${n}`, { conversationId: conversations[of] ?? bob, at })),
          );
          const bySeq = readAll({}, "seq", limit);
          expect(bySeq.map((one) => one.seq)).toEqual([...bySeq.map((one) => one.seq)].sort((a, b) => a - b));
          expect(bySeq).toHaveLength(lines.length);
          const byConversation = readAll({}, "conversation", limit);
          const order = [...new Set(byConversation.map((one) => one.conversationId))];
          expect(byConversation).toEqual(
            [...bySeq].sort(
              (a, b) =>
                order.indexOf(a.conversationId) - order.indexOf(b.conversationId) ||
                a.sentAt - b.sentAt ||
                a.seq - b.seq,
            ),
          );
          expect(order).toHaveLength(new Set(lines.map((line) => line.of)).size);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("is read on a connection of its own while others write", () => {
    const folder = mkdtempSync(join(tmpdir(), "hallway-record-"));
    const options = {
      path: join(folder, "history.db"),
      key: new Uint8Array(randomBytes(32)),
      migrations: historyMigrations,
      cacheKiB: 1000,
    };
    let seq = 0;
    const writer = new MessageStore(openDatabase(options), { indexed: true, nextSeq: () => ++seq, now: () => clock });
    const sql = new Statements(openDatabase(options));
    const reader = new RecordReader(sql);
    writer.append([message("1"), message("2")]);
    const first = reader.page({}, { limit: 1 });
    writer.append([message("3")]);
    expect(ids(first.messages)).toEqual(["1"]);
    expect(ids(reader.page({}, { after: first.next, limit: 10 }).messages)).toEqual(["2", "3"]);
    sql.close();
    writer.close();
    rmSync(folder, { recursive: true });
  });
});

describe("a message that the person deleted and a rule keeps", () => {
  it("is not shown, found or counted, and stays in the record for IT", () => {
    store.append([message("1", { at: 1, unread: true }), message("2", { at: 2, unread: true, body: "last words" })]);
    clock = 9_000;
    expect(store.hide([2])).toBe(1);
    expect(store.hide([2])).toBe(0);
    expect(store.read.slice(bob, { limit: 10, way: "before" }).map((row) => row.id)).toEqual(["1"]);
    expect(store.read.search({ text: "words", limit: 10 }).hits).toEqual([]);
    expect(store.summaries.of(bob)).toMatchObject({ unread: 1, last: { text: "body of 1" } });
    expect(ids(readAll())).toEqual(["1"]);
    expect(readAll({ deleted: true }).map((one) => [one.id, one.deletedAt])).toEqual([
      ["1", undefined],
      ["2", 9_000],
    ]);
    // A copy from the archive is known, and brings nothing back.
    expect(store.append([message("2", { at: 2, unread: true, body: "last words" })])[0]?.isNew).toBe(false);
    expect(store.summaries.of(bob)?.unread).toBe(1);
    expect(store.remove([1, 2])).toBe(2);
    expect(readAll({ deleted: true })).toEqual([]);
    expect(store.summaries.of(bob)).toMatchObject({ unread: 0, last: undefined });
  });

  it("that waits is not sent", () => {
    store.append([message("own", { direction: "out", wireId: "own", state: "waiting" })]);
    store.hide([1]);
    expect(store.read.waiting(account)).toEqual([]);
  });
});

it("what hangs on a message goes with it", () => {
  store.append([
    message("own", {
      direction: "out",
      wireId: "own",
      state: "waiting",
      files: [{ name: "a", sha256: "00", size: 1, type: undefined }],
    }),
  ]);
  store.remove([1]);
  for (const table of ["version", "state_change", "file", "alias"])
    expect(db.prepare(`SELECT * FROM ${table}`).all()).toEqual([]);
});

it("a database of before the record is read whole, and its rows are not rewritten", () => {
  const folder = mkdtempSync(join(tmpdir(), "hallway-former-"));
  const options = { path: join(folder, "history.db"), key: new Uint8Array(randomBytes(32)), cacheKiB: 1000 };
  const former = openDatabase({ ...options, migrations: historyMigrations.slice(0, recordVersion - 1) });
  former.exec(`
    INSERT INTO account(key) VALUES ('${account}');
    INSERT INTO conversation(key, account, unread, last_at, last_seq, last_text, last_direction) VALUES ('${bob}', 1, 1, 20, 2, 'two', 0);
    INSERT INTO message VALUES (1, 1, 1, 'own', 1, 'own', NULL, 'one', 10, 15, 2, NULL, 0, 11, 12, NULL);
    INSERT INTO message VALUES (2, 1, 1, 'theirs', 0, 'w', 'a', 'two', 20, 25, 5, NULL, 5, 21, 22, 23);
    INSERT INTO unread VALUES (1, 20, 2);
    INSERT INTO message_words(rowid, words) VALUES (1, '\uE0021 one'), (2, '\uE0021 two');
  `);
  former.close();
  const opened = openDatabase({ ...options, migrations: historyMigrations });
  const old = new MessageStore(opened, { indexed: true, nextSeq: () => 3, now: () => clock });
  expect(old.read.slice(bob, { limit: 10, way: "before" }).map((row) => row.body)).toEqual(["one", "two"]);
  expect(old.read.search({ text: "two", filter: { conversationIds: [bob] }, limit: 10 }).hits).toHaveLength(1);
  expect(old.summaries.of(bob)).toEqual({
    conversationId: bob,
    accountId: account,
    address: "bob@example.test",
    unread: 1,
    firstUnread: "theirs",
    last: { text: "two", at: 20, direction: "in", author: { address: "bob@example.test", isSelf: false } },
  });
  expect(readAll({}, "seq", 7, old.record)).toMatchObject([
    {
      id: "own",
      sentAt: 10,
      receivedAt: 15,
      storedAt: 15,
      state: "delivered",
      states: [],
      own: undefined,
      network: undefined,
      peer: "bob@example.test",
    },
    { id: "theirs", sentAt: 20, receivedAt: 25, storedAt: 25, versions: [], files: [], delayed: true, archiveId: "a" },
  ]);
  old.append([message("new")]);
  expect(readAll({}, "seq", 7, old.record).at(-1)).toMatchObject({ id: "new", receivedAt: 2_000, storedAt: 5_000 });
  old.close();
  rmSync(folder, { recursive: true });
});
