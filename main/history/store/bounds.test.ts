import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import { openDatabase } from "../../database/database.ts";
import { Statements } from "../../database/statements.ts";
import { ProfileStore } from "../../profile/profile-store.ts";
import type { NewMessage } from "../history.ts";
import { newMessage } from "../new-message.test-helper.ts";
import { GoneMessages, goneSchema } from "./gone-messages.ts";
import { historyMigrations } from "./history-schema.ts";
import { Keys } from "./keys.ts";
import { MessageStore } from "./message-store.ts";
import { RecordReader } from "./record-reader.ts";

const account = "account-1";
const bob = `${account}|bob@example.test`;
const carol = `${account}|carol@example.test`;
let db: ReturnType<typeof openDatabase>;
let store: MessageStore;
let folder: string;
let seq: number;

beforeEach(() => {
  seq = 0;
  folder = mkdtempSync(join(tmpdir(), "hallway-bounds-"));
  db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 4_000 });
  store = new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => 99 });
});
afterEach(() => {
  vi.restoreAllMocks();
  store.close();
  rmSync(folder, { recursive: true });
});

const message = (id: string, fields: Partial<NewMessage> = {}): NewMessage =>
  newMessage(id, { at: 10, receivedAt: 10, wantsRead: true, ...fields });
const many = (count: number, make: (n: number) => NewMessage): NewMessage[] =>
  Array.from({ length: count }, (_, n) => make(n));

describe("numbers of conversations", () => {
  it("are remembered for 20,000 names, and found again after that", () => {
    const number = vi.fn(() => 7);
    const keys = new Keys({ number, run: vi.fn() } as unknown as Statements);
    for (let n = 0; n < 20_000; n++) keys.account(`${n}`);
    keys.account("0");
    expect(number).toHaveBeenCalledTimes(20_000);
    keys.account("one more");
    expect(keys.account("0")).toBe(7);
    expect(number).toHaveBeenCalledTimes(20_002);
  });
});

describe("the profile", () => {
  it("takes a value of 16 Mi characters; with a longer one nothing of the same write is kept", () => {
    const profile = new ProfileStore(join(folder, "profile.db"), new Uint8Array(32).fill(1), undefined);
    const value = "v".repeat(16 * 1024 * 1024);
    profile.put([{ namespace: "app", key: "long", value }]);
    expect(profile.get("app", "long")).toBe(value);
    expect(() =>
      profile.put([
        { namespace: "app", key: "neighbour", value: "n" },
        { namespace: "app", key: "long", value: `${value}v` },
      ]),
    ).toThrow(expect.objectContaining({ code: "too-large" }));
    expect([profile.get("app", "neighbour"), profile.get("app", "long")?.length]).toEqual([undefined, value.length]);
    profile.close();
  });
});

describe("retractions that come before their messages", () => {
  it("are remembered for 200 messages of a conversation, the latest; those of others stay", () => {
    const retract = (conversationId: string, n: number): unknown =>
      store.retract(
        {
          conversationId,
          place: placeOf(conversationId),
          direction: "in",
          author: { isSelf: false },
          wireId: `wire-${n}`,
          at: 100 + n,
        },
        false,
      );
    retract(carol, 0);
    for (let n = 0; n < 201; n++) retract(bob, n);
    store.append(many(201, (n) => message(`${n}`)));
    store.append([message("hers", { conversationId: carol, wireId: "wire-0" })]);
    const left = [...Array(201).keys()].filter((n) => store.read.byId(`${n}`)?.retracted_at === null);
    expect(left).toEqual([0]);
    expect(store.read.byId("hers")?.retracted_at).toBe(100);
  });
});

describe("reading", () => {
  it("is told to the senders of the newest 100, and all of it is read", () => {
    store.append(many(101, (n) => message(`${n}`, { at: n })));
    const told = store.markRead(bob, { at: 200, seq: 1_000 });
    expect([told.length, told[0]?.id, told.at(-1)?.id]).toEqual([100, "1", "100"]);
    expect(store.summaries.of(bob)?.unread).toBe(0);
    expect(store.markRead(bob, { at: 200, seq: 1_000 })).toEqual([]);
  });
});

describe("a search", () => {
  it("looks at 20,000 messages that its words lead to, 2,000 at a time, and says where it goes on", () => {
    store.append(many(20_001, (n) => message(`${n}`, { body: "rare", at: n, unread: false })));
    const all = vi.spyOn(Statements.prototype, "all");
    const search = { text: "rare", filter: { authors: [{ isSelf: true as const }] }, limit: 50 };
    const first = store.read.search(search);
    expect(first).toMatchObject({ hits: [], below: 2 });
    expect(Math.max(...all.mock.calls.map(([, parameters]) => Number(parameters.at(-1))))).toBe(2_000);
    expect(store.read.search({ ...search, beforeSeq: first.below ?? 0 })).toMatchObject({ hits: [], below: undefined });
  });
});

describe("the record", () => {
  it("is read 50,000 places at a time", () => {
    for (const next of [1, 50_000, 50_001]) {
      seq = next - 1;
      store.append([message(`at ${next}`)]);
    }
    const first = store.record.page({}, { limit: 10, order: "seq" });
    expect(first.messages.map(({ id }) => id)).toEqual(["at 1", "at 50000"]);
    expect(first.next).toEqual({ order: "seq", seq: 50_000 });
    expect(store.record.page({}, { after: first.next, limit: 10, order: "seq" }).messages.map(({ id }) => id)).toEqual([
      "at 50001",
    ]);
  });

  it("looks into 500 conversations at a time, and remembers the names of 2,000", () => {
    store.append(
      many(2_001, (n) => message(`${n}`, { conversationId: `${account}|${n}@example.test`, at: n < 500 ? 0 : 10 })),
    );
    const first = store.record.page({ from: 5 }, { limit: 10, order: "conversation" });
    expect(first.messages).toEqual([]);
    expect(
      store.record
        .page({ from: 5 }, { after: first.next, limit: 1, order: "conversation" })
        .messages.map(({ id }) => id),
    ).toEqual(["500"]);
    expect(store.record.page({ from: 0 }, { limit: 3_000, order: "conversation" }).messages).toHaveLength(500);

    const all = vi.spyOn(Statements.prototype, "all");
    const asked = (): number =>
      all.mock.calls.filter(([statement]) => statement.startsWith("SELECT key, kind, address FROM conversation"))
        .length;
    const reader = new RecordReader(new Statements(db), { isSnapshot: true });
    for (const limit of [2_000, 1]) reader.page({}, { limit });
    expect(asked()).toBe(2_000);
    for (const limit of [2_001, 1]) reader.page({}, { limit });
    expect(asked()).toBe(2_002);
  });
});

describe("ids of messages that are gone", () => {
  it("are 200,000; with one more the oldest is forgotten", () => {
    db.exec(goneSchema);
    const fill = (count: number): unknown =>
      db.exec(
        `WITH RECURSIVE n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < ${count}) INSERT OR IGNORE INTO gone SELECT -at, at, NULL, NULL FROM n`,
      );
    const count = (): number | undefined => new Statements(db).number("SELECT count(*) FROM gone", []);
    const one = {
      conversation: bob,
      account,
      direction: 0,
      author: null,
      wire_id: "w",
      archive_id: null,
      body: "",
      at: 1_000_000,
      said_at: null,
      corrected_at: null,
    } as const;
    fill(199_999);
    new GoneMessages((work) => work(db)).add([{ ...one, retracted_at: null }]);
    expect(count()).toBe(200_000);
    new GoneMessages((work) => work(db)).add([{ ...one, wire_id: "another", retracted_at: null }]);
    expect(count()).toBe(200_000);
    expect(new Statements(db).number("SELECT min(at) FROM gone", [])).toBe(2);
  });
});
