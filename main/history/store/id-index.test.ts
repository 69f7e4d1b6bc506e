import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import { openDatabase } from "../../database/database.ts";
import type { NewMessage } from "../history.ts";
import { maxStacked } from "./filter-stack.ts";
import { historyMigrations } from "./history-schema.ts";
import { IdFilter, probeOf } from "./id-filter.ts";
import { hash, hashed } from "./keys.ts";
import { MessageStore } from "./message-store.ts";

const bob = "account-1|bob@x.example";
const theirs = { conversationId: bob, author: { isSelf: false } };
/** The version whose files have no blocks of ids. */
const before = historyMigrations.slice(0, 7);
type Db = ReturnType<typeof openDatabase>;
let db: Db;
let seq: number;

beforeEach(() => {
  db = openDatabase({ path: undefined, key: undefined, migrations: before, cacheKiB: 2000 });
  seq = 0;
});
afterEach(() => db.close());

function migrated(): Db {
  for (const step of historyMigrations.slice(before.length)) step(db);
  return db;
}

function open(idBlock = 4): MessageStore {
  return new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => 1_000, idBlock });
}

function message(n: number, fields: Partial<NewMessage> = {}): NewMessage {
  return {
    ...{
      id: `id ${n}`,
      conversationId: bob,
      place: placeOf(fields.conversationId ?? bob),
      direction: "in",
      author: { isSelf: false },
      wireId: `wire ${n}`,
      archiveId: `archive ${n}`,
      body: `text ${n}`,
      at: n,
    },
    ...{
      network: "xmpp",
      own: "me@x.example",
      receivedAt: n,
      state: "received",
      delayed: false,
      otherDevice: false,
      unread: false,
      wantsRead: false,
    },
    ...fields,
  };
}

/** Block -> whether what is in it is known without looking. */
const blocks = (): [number, boolean][] =>
  db
    .prepare("SELECT n, filter IS NOT NULL AS full FROM id_block ORDER BY n")
    .all<{ n: number; full: number }>()
    .map(({ n, full }) => [n, full === 1]);
const numbers = (to: number): number[] => Array.from({ length: to }, (_, n) => n);

function expectAllKnown(store: MessageStore, count: number): void {
  for (const n of numbers(count)) {
    const copies = [
      message(n, { id: "another", archiveId: undefined }),
      message(n, { id: "another", wireId: undefined }),
      message(n, { wireId: undefined, archiveId: undefined }),
    ];
    for (const copy of copies)
      expect(store.append([copy])[0]).toMatchObject({ isNew: false, record: { id: `id ${n}` } });
    expect(store.read.byId(`id ${n}`)?.body).toBe(`text ${n}`);
    expect(store.read.findByWireId({ ...theirs, wireId: `wire ${n}` })?.body).toBe(`text ${n}`);
    expect(store.record.byIds([`id ${n}`]).map(({ id }) => id)).toEqual([`id ${n}`]);
  }
  expect(store.read.all()).toHaveLength(count);
}

describe("ids in blocks", () => {
  it("are known in whichever block they stand, also after a restart", () => {
    migrated();
    const store = open();
    for (const n of numbers(10)) store.append([message(n)]);
    store.append(numbers(20).map((n) => message(n)));
    expect(blocks()).toEqual([1, 2, 3, 4, 5].map((n) => [n, true]).concat([[6, false]]));
    expectAllKnown(store, 20);
    expectAllKnown(open(), 20);
    expect(store.append([message(20)])[0]?.isNew).toBe(true);
  });

  it("are known in more full blocks than are asked at once, also after a restart", () => {
    migrated();
    const store = open(1);
    const count = maxStacked + 2;
    store.append(numbers(count).map((n) => message(n)));
    expect(blocks()).toHaveLength(count + 1);
    expectAllKnown(store, count);
    expectAllKnown(open(1), count);
  });

  it("let what the sender said under a used id be another message", () => {
    migrated();
    const store = open();
    store.append(numbers(9).map((n) => message(n)));
    const other = message(0, { id: "later", archiveId: "later", body: "something else", at: 86_400_000 });
    expect(store.append([other])[0]).toMatchObject({ isNew: true, record: { id: "later" } });
    expect(store.append([{ ...other, id: "copy" }])[0]).toMatchObject({ isNew: false, record: { id: "later" } });
  });

  it("go on to what was said later under the same id when what was said first is gone", () => {
    for (const full of [false, true]) {
      db.close();
      db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 2000 });
      seq = 0;
      const store = open();
      const again = (id: string, days: number): NewMessage =>
        message(0, { id, archiveId: undefined, body: `said on day ${days}`, at: days * 86_400_000 });
      store.append([again("first", 0), again("second", 1), again("third", 2)]);
      store.remove([1]);
      if (full) store.append(numbers(9).map((n) => message(n + 10)));
      for (const n of [1, 2])
        expect(store.append([again("copy", n)])[0]).toMatchObject({
          isNew: false,
          record: { body: `said on day ${n}` },
        });
      expect(store.read.findByWireId({ ...theirs, wireId: "wire 0" })?.id).toBe("third");
      store.remove([2]);
      expect(store.append([again("copy", 2)])[0]).toMatchObject({ isNew: false, record: { id: "third" } });
    }
  });

  it.each([1, 2, 3])(
    "are known in a full block under salt %i, when the text that had the first hash is gone",
    (salt) => {
      migrated();
      const store = open(8);
      // Others whose hashes are those of the text under the salts before it, as if they had collided with it.
      const wire = hashed.wire(1, { direction: 0, author: null }, "wire 0");
      const under = (by: number): number => -(2 ** 40 + (hash(wire, by) % 2 ** 40)) - 1;
      const others = numbers(salt).map((n) => message(10 + n));
      store.append(others);
      for (const n of numbers(salt))
        db.prepare("UPDATE message SET wire_hash = ? WHERE id = ?").run([under(n), `id ${10 + n}`]);
      store.append([message(0)]);
      expect(db.prepare("SELECT wire_hash AS hash FROM message WHERE id = 'id 0'").all()).toEqual([
        { hash: under(salt) },
      ]);
      db.exec("DELETE FROM message WHERE id <> 'id 0'");
      store.append(numbers(8).map((n) => message(1 + n)));
      expect(blocks()).toEqual([
        [1, true],
        [2, false],
      ]);
      for (const one of [store, open(8)])
        expect(one.append([message(0, { id: "another", archiveId: undefined })])[0]).toMatchObject({
          isNew: false,
          record: { id: "id 0" },
        });
    },
  );

  it("are asked for under every salt in the blocks of a file that was not told where texts had the same hash", () => {
    db.close();
    const former = historyMigrations.slice(0, -1);
    db = openDatabase({ path: undefined, key: undefined, migrations: former, cacheKiB: 2000 });
    db.exec(`
      INSERT INTO account VALUES (1, 'account-1');
      INSERT INTO conversation(id, key, account, address) VALUES (1, '${bob}', 1, 'bob@x.example');
    `);
    const insert = db.prepare(
      `INSERT INTO message (seq, conversation, account, id, direction, wire_id, body, at, stored_at, received_at, state, flags, id_hash, wire_hash)
       VALUES (?, 1, 1, ?, 0, ?, ?, ?, 0, 0, 5, 0, ?, ?)`,
    );
    const at = (text: string, salt: number): number => -(2 ** 40 + (hash(text, salt) % 2 ** 40)) - 1;
    for (const n of numbers(3)) {
      const wire = hashed.wire(1, { direction: 0, author: null }, `wire ${n}`);
      insert.run([n + 1, `id ${n}`, `wire ${n}`, `text ${n}`, n, at(hashed.id(`id ${n}`), 0), at(wire, n)]);
    }
    seq = 3;
    historyMigrations.at(-1)?.(db);
    const store = open();
    for (const n of numbers(4)) store.append([message(20 + n)]);
    expect(blocks()[0]).toEqual([1, true]);
    for (const n of numbers(3))
      expect(store.append([message(n, { id: "another", archiveId: undefined })])[0]).toMatchObject({
        isNew: false,
        record: { id: `id ${n}` },
      });
  });

  it("take the archive's id for a message of an earlier block, and give none away twice", () => {
    migrated();
    const store = open();
    store.append([
      message(0, { archiveId: undefined }),
      ...numbers(9)
        .slice(1)
        .map((n) => message(n)),
    ]);
    expect(store.append([message(0)])[0]).toMatchObject({ isNew: false, changed: true });
    expect(store.append([message(0, { id: "another", wireId: undefined })])[0]).toMatchObject({
      isNew: false,
      record: { id: "id 0" },
    });
    store.append([message(100, { archiveId: undefined })]);
    store.append([message(100, { archiveId: "archive 3" })]);
    expect(store.append([message(3, { id: "another", wireId: undefined })])[0]).toMatchObject({
      isNew: false,
      record: { id: "id 3" },
    });
  });

  it("stand where they stood when a transaction that ended a block fails", () => {
    migrated();
    const store = open();
    store.append(numbers(3).map((n) => message(n)));
    db.exec("CREATE TRIGGER full BEFORE INSERT ON message WHEN new.id = 'id 4' BEGIN SELECT RAISE(ABORT, 'full'); END");
    expect(() => store.append([message(3), message(4)])).toThrow("full");
    expect(blocks()).toEqual([]);
    db.exec("DROP TRIGGER full");
    store.append(numbers(10).map((n) => message(n)));
    expectAllKnown(store, 10);
  });
});

describe("a history of before blocks", () => {
  /** As the version before this one stored it. */
  function fill(count: number): void {
    db.exec(
      `INSERT INTO account VALUES (1, 'account-1'); INSERT INTO conversation VALUES (1, '${bob}', 1, 0, ${count}, ${count}, 'text', 0)`,
    );
    const insert = db.prepare(
      `INSERT INTO message (seq, conversation, account, id, direction, wire_id, archive_id, body, at, stored_at, received_at, state, flags, id_hash, wire_hash, archive_hash)
       VALUES (?, 1, 1, ?, 0, ?, ?, ?, ?, 0, 0, 5, 0, ?, ?, ?)`,
    );
    for (const n of numbers(count)) {
      const hashes = [
        hash(hashed.id(`id ${n}`), 0),
        hash(hashed.wire(1, { direction: 0, author: null }, `wire ${n}`), 0),
        hash(hashed.archive(1, `archive ${n}`), 0),
      ];
      insert.run([n + 1, `id ${n}`, `wire ${n}`, `archive ${n}`, `text ${n}`, n, ...hashes]);
    }
    seq = count;
  }

  it("loses nothing and takes nothing twice, before and after its ids were learned", () => {
    fill(12);
    migrated();
    const store = open();
    expect(blocks()).toEqual([[0, false]]);
    expectAllKnown(store, 12);
    store.append(numbers(17).map((n) => message(n)));
    while (store.learnSome());
    expect(blocks()).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
    expectAllKnown(store, 17);
    expectAllKnown(open(), 17);
    expect(store.learnSome()).toBe(false);
  });

  it("knows also whom a message that is gone had left in the second place", () => {
    fill(2);
    db.prepare("UPDATE message SET wire_hash = ? WHERE seq = 1").run([
      hash(hashed.wire(1, { direction: 0, author: null }, "wire 0"), 1),
    ]);
    migrated();
    const store = open();
    while (store.learnSome());
    expect(store.append([message(0, { id: "another", archiveId: undefined })])[0]).toMatchObject({
      isNew: false,
      record: { id: "id 0" },
    });
    expect(store.read.findByWireId({ ...theirs, wireId: "wire 0" })?.id).toBe("id 0");
  });

  it("has nothing to learn when it was empty", () => {
    migrated();
    const store = open();
    expect(store.learnSome()).toBe(false);
    expect(blocks()).toEqual([]);
    store.append([message(1)]);
    expectAllKnownOnce(store);
  });

  function expectAllKnownOnce(store: MessageStore): void {
    expect(store.append([message(1)])[0]?.isNew).toBe(false);
  }
});

describe("a filter of ids", () => {
  const number = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

  it("never denies what was added, and rarely takes one for another", () => {
    fc.assert(
      fc.property(fc.uniqueArray(number, { minLength: 1, maxLength: 300 }), (added) => {
        const filter = IdFilter.for(added.length);
        for (const value of added) filter.add(value);
        expect(added.every((value) => new IdFilter(filter.bytes).has(probeOf(value)))).toBe(true);
      }),
    );
    const filter = IdFilter.for(10_000);
    for (const n of numbers(10_000)) filter.add(hash(`id ${n}`, 0));
    const wrong = numbers(10_000).filter((n) => filter.has(probeOf(hash(`other ${n}`, 0)))).length;
    expect(wrong).toBeLessThan(30);
    expect(filter.bytes.length).toBe(20_000);
  });
});
