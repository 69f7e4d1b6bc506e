import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "@signalapp/sqlcipher";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import {
  checkKey,
  closeQuietly,
  diagnose,
  inTransaction,
  type Migration,
  openDatabase,
  setAside,
  translate,
  writeKeyCheck,
} from "./database.ts";

const key = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
const first: Migration = (db) => db.exec("CREATE TABLE one (n INTEGER)");
const second: Migration = (db) => db.exec("CREATE TABLE two (n INTEGER)");

let folder: string;
let path: string;
const opened: Database[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hallway-database-"));
  path = join(folder, "deep", "some.db");
});
afterEach(() => {
  for (const db of opened.splice(0)) closeQuietly(db);
  rmSync(folder, { recursive: true });
});

function open(migrations: readonly Migration[] = [first], by: Uint8Array | undefined = key, at?: string): Database {
  const db = openDatabase({ path: at ?? path, key: by, migrations, cacheKiB: 321 });
  opened.push(db);
  return db;
}

function close(): void {
  for (const db of opened.splice(0)) db.close();
}

const valueOf = (db: Database, pragma: string): unknown => db.pragma(pragma, { simple: true });
const tables = (db: Database): unknown =>
  db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => row["name"]);
const tagPath = (): string => `${path}.keycheck`;
const modeOf = (file: string): number => statSync(file).mode & 0o777;

describe("a database", () => {
  it("is encrypted, for the person alone, with the tag of its key beside it", () => {
    const db = open();
    db.exec("INSERT INTO one VALUES (1)");
    if (process.platform !== "win32") {
      expect(modeOf(join(folder, "deep"))).toBe(0o700);
      expect([path, `${path}-wal`, `${path}-shm`, tagPath()].map(modeOf)).toEqual([0o600, 0o600, 0o600, 0o600]);
    }
    expect(Buffer.from(readFileSync(tagPath(), "utf8"), "base64")).toHaveLength(16);
    close();
    expect(readFileSync(path).subarray(0, 15).toString()).not.toBe("SQLite format 3");
  });

  it("forgets what is deleted, keeps references whole, and syncs its log at checkpoints", () => {
    const db = open();
    expect(
      ["journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys", "secure_delete", "temp_store"].map((name) =>
        valueOf(db, name),
      ),
    ).toEqual(["wal", 1, 4000, 1, 1, 2]);
    expect(valueOf(db, "cache_size")).toBe(-321);
    const inMemory = openDatabase({ path: undefined, key: undefined, migrations: [first, second], cacheKiB: 5 });
    opened.push(inMemory);
    expect([tables(inMemory), valueOf(inMemory, "foreign_keys"), valueOf(inMemory, "cache_size")]).toEqual([
      ["one", "two"],
      1,
      -5,
    ]);
  });

  it("opens with its own key only, and is left as it is by another", () => {
    open().exec("INSERT INTO one VALUES (7)");
    close();
    const before = readFileSync(path);
    const tag = readFileSync(tagPath(), "utf8");
    const refused = { code: "vault-unavailable", params: { file: "some.db" } };
    for (const tagged of [true, false]) {
      if (!tagged) rmSync(tagPath());
      expect(() => open([first], other)).toThrowError(expect.objectContaining(refused));
      expect([readFileSync(path).equals(before), existsSync(tagPath())]).toEqual([true, tagged]);
    }
    expect(open().prepare("SELECT n FROM one").get()).toEqual({ n: 7 });
    expect(readFileSync(tagPath(), "utf8")).toBe(tag);
  });

  it("that is broken says so where its key is known, and may be of another key where it is not", () => {
    open();
    close();
    writeFileSync(path, randomBytes(8192));
    const thrown = (): unknown => {
      try {
        return open();
      } catch (error) {
        return error instanceof HallwayError ? error.info : error;
      }
    };
    expect(thrown()).toEqual({ code: "storage-corrupt" });
    rmSync(tagPath());
    expect(thrown()).toEqual({ code: "vault-unavailable", params: { file: "some.db" } });
    // An empty file holds nothing of any key.
    writeFileSync(path, "");
    writeFileSync(tagPath(), `${Buffer.alloc(16).toString("base64")}\n`);
    open();
    expect(checkKey(path, key)).toBe(true);
  });

  it("cannot be where a file stands in the way of its folder", () => {
    writeFileSync(join(folder, "deep"), "");
    expect(() => open()).toThrowError(expect.objectContaining({ code: "storage-failed" }));
  });
});

describe("the steps of a schema", () => {
  it("are each taken once, in their order", () => {
    expect([tables(open([first])), valueOf(opened[0] as Database, "user_version")]).toEqual([["one"], 1]);
    close();
    const db = open([first, second]);
    expect([tables(db), valueOf(db, "user_version")]).toEqual([["one", "two"], 2]);
    close();
    expect(tables(open([first, second]))).toEqual(["one", "two"]);
  });

  it("are not undone for one after them that fails, which is undone as a whole", () => {
    const fails: Migration = (db) => {
      second(db);
      throw new HallwayError("storage-full");
    };
    expect(() => open([first, fails])).toThrowError(expect.objectContaining({ code: "storage-full" }));
    const db = open([first]);
    expect([tables(db), valueOf(db, "user_version")]).toEqual([["one"], 1]);
  });

  it("of a later version are left alone", () => {
    open([first, second]);
    close();
    const before = readFileSync(path);
    expect(() => open([first])).toThrowError(
      expect.objectContaining({ code: "storage-failed", params: { reason: "newer-version" } }),
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe("a transaction", () => {
  it("is all of its work or none of it, and answers what the work does", () => {
    const db = open();
    expect(inTransaction(db, () => db.exec("INSERT INTO one VALUES (1)") ?? "done")).toBe("done");
    const failure = new Error("no");
    for (const alreadyUndone of [false, true])
      expect(() =>
        inTransaction(db, () => {
          db.exec("INSERT INTO one VALUES (2)");
          if (alreadyUndone) db.exec("ROLLBACK");
          throw failure;
        }),
      ).toThrow(failure);
    expect(db.prepare("SELECT n FROM one").all()).toEqual([{ n: 1 }]);
    inTransaction(db, () => db.exec("INSERT INTO one VALUES (3)"));
  });
});

describe("the tag of a key", () => {
  it("knows its own key and no other, and nothing where it is none", () => {
    writeKeyCheck(join(folder, "a.db"), key);
    const tag = join(folder, "a.db.keycheck");
    const known = (): unknown[] => [key, other].map((one) => checkKey(join(folder, "a.db"), one));
    expect(known()).toEqual([true, false]);
    for (const text of ["", "bm9uZQ==", Buffer.alloc(17).toString("base64")]) {
      writeFileSync(tag, text);
      expect(known()).toEqual([undefined, undefined]);
    }
    rmSync(tag);
    expect(known()).toEqual([undefined, undefined]);
  });

  it("is written where it is not this key's, and not again where it is", () => {
    const at = join(folder, "a.db");
    const tag = `${at}.keycheck`;
    writeKeyCheck(at, key);
    writeFileSync(tag, `${readFileSync(tag, "utf8")}\n\n`);
    writeKeyCheck(at, key);
    expect(readFileSync(tag, "utf8")).toMatch(/\n\n\n$/);
    writeKeyCheck(at, other);
    expect([checkKey(at, other), checkKey(at, key)]).toEqual([true, false]);
    // What cannot be written is no reason to stop.
    writeKeyCheck(join(folder, "missing", "a.db"), key);
  });
});

describe("an error", () => {
  const coded = (code: string, message = "text"): Error => Object.assign(new Error(message), { code });
  const known = new HallwayError("vault-locked");

  it.each([
    ["SQLITE_FULL", { code: "storage-full" }],
    ["ENOSPC", { code: "storage-full" }],
    ["EDQUOT", { code: "storage-full" }],
    ["SQLITE_CORRUPT", { code: "storage-corrupt" }],
    ["SQLITE_CORRUPT_INDEX", { code: "storage-corrupt" }],
    ["SQLITE_NOTADB", { code: "storage-corrupt" }],
    ["SQLITE_FORMAT", { code: "storage-corrupt" }],
    ["SQLITE_NOTADB_X", { code: "storage-failed", params: { reason: "SQLITE_NOTADB_X" } }],
    ["SQLITE_BUSY", { code: "storage-failed", params: { reason: "SQLITE_BUSY" } }],
    ["X_SQLITE_CORRUPT", { code: "storage-failed", params: { reason: "X_SQLITE_CORRUPT" } }],
  ])("%s becomes one of our codes", (code, info) => {
    expect(translate(coded(code)).info).toEqual(info);
  });

  it("without a code says its text, of 80 characters at most, and what is no error says nothing", () => {
    expect(translate(new Error("x".repeat(80))).info.params).toEqual({ reason: "x".repeat(80) });
    expect(translate(new Error("x".repeat(81))).info.params?.["reason"]).toHaveLength(80);
    for (const thrown of ["text", undefined, { code: "SQLITE_FULL" }])
      expect(translate(thrown).info).toEqual({ code: "storage-failed", params: { reason: "" } });
    expect(translate(Object.assign(new Error("text"), { code: 13 })).info.params).toEqual({ reason: "text" });
    expect(translate(known)).toBe(known);
  });

  it("that tells little is looked into by asking the connection once more", () => {
    const asked: string[] = [];
    const answering = (error?: Error) =>
      ({
        prepare: (sql: string) => ({
          get() {
            asked.push(sql);
            if (error) throw error;
          },
        }),
      }) as unknown as Database;
    const little = coded("SQLITE_ERROR");
    const told = { code: "storage-failed", params: { reason: "SQLITE_ERROR" } };
    expect(diagnose(little, answering()).info).toEqual(told);
    expect(diagnose(little, answering(coded("SQLITE_BUSY"))).info).toEqual(told);
    expect(diagnose(little, answering(coded("SQLITE_NOTADB"))).info).toEqual({ code: "storage-corrupt" });
    expect(asked).toHaveLength(3);
    expect(diagnose(coded("SQLITE_FULL"), answering(coded("SQLITE_NOTADB"))).code).toBe("storage-full");
    expect(diagnose(known, answering(coded("SQLITE_NOTADB")))).toBe(known);
    expect(asked).toHaveLength(3);
  });
});

it("what is set aside keeps its log, its name and its date, and takes the place of nothing", () => {
  const at = join(folder, "some.db");
  const now = new Date("2026-01-02T03:04:05.678Z");
  const stem = "some-corrupt-2026-01-02T03-04-05-678Z";
  for (const [n, parts] of [["", "-wal", "-shm"], [""], ["", "-shm"]].entries()) {
    for (const part of parts) writeFileSync(at + part, `${n}${part}`);
    writeFileSync(`${at}.keycheck`, "tag");
    expect(setAside(at, now)).toBe(join(folder, `${stem}${["", "-2", "-3"][n]}.db`));
  }
  expect(readdirSync(folder).sort()).toEqual(
    [
      "some.db.keycheck",
      `${stem}-2.db`,
      `${stem}-3.db`,
      `${stem}-3.db-shm`,
      `${stem}.db`,
      `${stem}.db-shm`,
      `${stem}.db-wal`,
    ].sort(),
  );
  expect(readFileSync(join(folder, `${stem}.db-wal`), "utf8")).toBe("0-wal");
});
