import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../database/database.ts";
import { Statements } from "../../database/statements.ts";
import type { NewMessage } from "../history.ts";
import { newMessage } from "../new-message.test-helper.ts";
import { historyMigrations } from "./history-schema.ts";
import { IdIndex } from "./id-index.ts";
import { hash, hashed } from "./keys.ts";
import { lookups } from "./message-reader.ts";
import { mayMove } from "./message-row.ts";
import { MessageStore } from "./message-store.ts";

const account = "account-1";
const bob = `${account}|bob@example.test`;
const theirs = { conversationId: bob, author: { isSelf: false } };
let db: ReturnType<typeof openDatabase>;
let store: MessageStore;

beforeEach(() => {
  let seq = 0;
  db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 1000 });
  store = new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => 1_000 });
});
afterEach(() => store.close());

const message = (id: string, fields: Partial<NewMessage> = {}): NewMessage =>
  newMessage(id, {
    ...{ author: { isSelf: false }, wireId: `wire ${id}`, archiveId: `archive ${id}`, at: 1, receivedAt: 1 },
    ...{ body: `body of ${id}`, ...fields },
  });

describe("ids by their hashes", () => {
  it("are told apart by their text where hashes are equal, and found all the same", () => {
    store.append([message("first")]);
    // What the second would have by itself belongs to the first now.
    db.exec(
      `UPDATE message SET id_hash = ${hash(hashed.id("second"), 0)}, wire_hash = ${hash(hashed.wire(1, { direction: 0, author: null }, "wire second"), 0)}`,
    );
    expect(store.append([message("second")])[0]).toMatchObject({ isNew: true, record: { id: "second" } });
    expect(store.read.byId("second")?.body).toBe("body of second");
    expect(store.read.findByWireId({ ...theirs, wireId: "wire second" })?.id).toBe("second");
    expect(store.append([message("third", { wireId: "wire second", body: "body of second" })])[0]).toMatchObject({
      isNew: false,
      record: { id: "second" },
    });
    expect(store.append([message("fourth", { archiveId: "archive second" })])[0]).toMatchObject({
      isNew: false,
      record: { id: "second" },
    });
  });

  it("that a sender uses again say something else: nothing is lost, and copies are still known", () => {
    const psi = { wireId: "aab1a", at: 1_000 };
    const said = (id: string, body: string, at: number, archiveId: string | undefined) =>
      message(id, { ...psi, body, at, archiveId });
    for (let day = 0; day < 8; day++) {
      const at = day * 86_400_000;
      expect(store.append([said(`live ${day}`, "Good morning", at, `a${day}`)])[0]).toMatchObject({
        isNew: true,
        record: { id: `live ${day}` },
      });
      expect(store.append([said(`copy ${day}`, "Good morning", at + 2_000, `a${day}`)])[0]).toMatchObject({
        isNew: false,
        record: { id: `live ${day}` },
      });
    }
    store.append([said("x", "something else", 8 * 86_400_000, undefined)]);
    expect(store.append([said("y", "something else", 8 * 86_400_000, "ax")])[0]?.isNew).toBe(true);
    expect(store.read.slice(bob, { limit: 20, way: "before" })).toHaveLength(10);
  });

  it("of an own other device may be used again too", () => {
    const own = {
      direction: "out",
      state: "sent",
      otherDevice: true,
      wireId: "aab1a",
      archiveId: undefined,
      unread: false,
    } as const;
    expect(store.append([message("aab1a", { ...own, body: "one" })])[0]?.isNew).toBe(true);
    expect(store.append([message("aab1a", { ...own, body: "two" })])[0]?.isNew).toBe(true);
    expect(store.append([message("aab1a", { ...own, body: "one" })])[0]?.isNew).toBe(false);
  });

  it("lose no message to somebody who makes them collide", () => {
    const taken = new IdIndex(new Statements(db)).places(hashed.id("victim"))[0] ?? [];
    expect(taken).toHaveLength(4);
    store.append(taken.map((_, n) => message(`taken ${n}`)));
    for (const [n, value] of taken.entries()) db.exec(`UPDATE message SET id_hash = ${value} WHERE id = 'taken ${n}'`);
    expect(store.append([message("victim")])[0]?.isNew).toBe(true);
    expect(store.read.slice(bob, { limit: 10, way: "before" }).map((row) => row.id)).toContain("victim");
    expect(store.append([message("victim")])[0]?.isNew).toBe(false);
  });

  it.each([
    ["byId", "message_id (id_hash=?)"],
    ["byWireId", "message_wire (wire_hash=?)"],
    ["byArchiveId", "message_archive (archive_hash=?)"],
  ] as const)("are looked up %s in the index of the hash, not in the whole conversation", (lookup, index) => {
    store.append(Array.from({ length: 300 }, (_, n) => message(`m${n}`)));
    const nothing = Array.from({ length: lookups[lookup].split("?").length - 1 }, () => 1);
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN ${lookups[lookup]}`)
      .all<{ detail: string }>(nothing)
      .map((row) => row.detail);
    expect(plan.join("\n")).toContain(`SEARCH m USING INDEX ${index}`);
  });

  it("are whole numbers that JavaScript holds exactly, and rarely equal", () => {
    const seen = new Set<number>();
    for (let n = 0; n < 100_000; n++) seen.add(hash(`i message-${n}`, 0));
    expect(seen.size).toBe(100_000);
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.nat(3),
        (text, salt) => Number.isSafeInteger(hash(text, salt)) && hash(text, salt) >= 0,
      ),
    );
  });
});

describe("what a conversation carries", () => {
  it("agrees with its messages, whatever comes and is read, in whatever order", () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("append" as const),
        ids: fc.array(fc.nat(30), { maxLength: 6 }),
        at: fc.nat(10),
        unread: fc.boolean(),
      }),
      fc.record({ kind: fc.constant("read" as const), at: fc.nat(10), seq: fc.nat(60) }),
      fc.record({ kind: fc.constant("trim" as const), keep: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        store.remove(store.read.all().map((row) => row.seq));
        for (const one of steps) {
          if (one.kind === "append")
            store.append(one.ids.map((id) => message(`m${id}`, { at: one.at, unread: one.unread })));
          else if (one.kind === "read") store.markRead(bob, one);
          else store.trim(bob, one.keep);
        }
        const rows = store.read.slice(bob, { limit: 1000, way: "before" });
        const unread = rows.filter((row) => store.read.isUnread(row));
        const summary = store.summaries.of(bob);
        expect(summary?.unread ?? 0).toBe(unread.length);
        expect(summary?.firstUnread).toBe(unread[0]?.id);
        expect(summary?.last?.text).toBe(rows.at(-1)?.body);
        expect(store.read.search({ text: "body", filter: { conversationIds: [bob] }, limit: 1001 }).hits).toHaveLength(
          rows.length,
        );
      }),
      { numRuns: 150 },
    );
  });

  it("is as before when a transaction fails", () => {
    store.append([message("kept")]);
    db.exec(
      "CREATE TEMP TRIGGER refuse BEFORE INSERT ON message WHEN new.id = 'bad' BEGIN SELECT raise(ABORT, 'refused'); END",
    );
    const other = `${account}|carol@example.test`;
    expect(() => store.append([message("new", { conversationId: other }), message("bad")])).toThrow("refused");
    expect(store.summaries.all().map((summary) => [summary.conversationId, summary.unread])).toEqual([[bob, 1]]);
    expect(store.append([message("new", { conversationId: other })])[0]?.isNew).toBe(true);
    expect(store.summaries.of(other)?.unread).toBe(1);
  });
});

describe("states of an own message", () => {
  it("never leave what a device of theirs has said", () => {
    for (const to of ["waiting", "sent", "failed", "received"] as const) {
      expect(mayMove("delivered", to)).toBe(false);
      expect(mayMove("read", to)).toBe(false);
    }
    expect(mayMove("delivered", "read")).toBe(true);
  });
});
