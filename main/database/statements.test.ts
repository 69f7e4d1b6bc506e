import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "@signalapp/sqlcipher";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { closeQuietly, openDatabase } from "./database.ts";
import { highest } from "./highest.ts";
import { Statements } from "./statements.ts";

let folder: string;
let db: Database;
let sql: Statements;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hallway-statements-"));
  db = openDatabase({
    path: join(folder, "some.db"),
    key: new Uint8Array(32).fill(1),
    migrations: [(made) => made.exec("CREATE TABLE item (n INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)")],
    cacheKiB: 100,
  });
  sql = new Statements(db);
});
afterEach(() => {
  closeQuietly(db);
  rmSync(folder, { recursive: true });
});

const insert = (text: string | null) => sql.run("INSERT INTO item (text) VALUES (?)", [text]);
const synchronous = (): unknown => db.pragma("synchronous", { simple: true });

it("a statement is prepared once, and closed with the rest", () => {
  const prepare = vi.spyOn(db, "prepare");
  for (const text of ["a", "b"]) expect(insert(text).changes).toBe(1);
  expect(sql.all("SELECT n, text FROM item ORDER BY n", [])).toEqual([
    { n: 1, text: "a" },
    { n: 2, text: "b" },
  ]);
  expect(prepare.mock.calls).toHaveLength(2);
  sql.close();
  expect(() => insert("c")).toThrow();
});

it("a number is the first column of the first row, and undefined where there is no row or no value", () => {
  insert("a");
  insert(null);
  expect(sql.number("SELECT n, text FROM item ORDER BY n DESC", [])).toBe(2);
  expect(sql.number("SELECT 0", [])).toBe(0);
  expect(sql.number("SELECT max(n) FROM item WHERE n > ?", [5])).toBeUndefined();
  expect(sql.number("SELECT n FROM item WHERE n > ?", [5])).toBeUndefined();
});

it("a transaction that must last is on disk when it returns; the next one need not be", () => {
  const during = (durable: boolean): unknown => sql.transaction(durable, () => insert("a") && synchronous());
  expect([during(true), synchronous(), during(false), synchronous()]).toEqual([2, 1, 1, 1]);
  expect(() =>
    sql.transaction(true, () => {
      insert("b");
      throw new Error("no");
    }),
  ).toThrow("no");
  expect([synchronous(), sql.number("SELECT count(*) FROM item", [])]).toEqual([1, 2]);
});

it("a transaction says what it failed of, even where the connection is beyond use", () => {
  const pragma = db.pragma.bind(db);
  vi.spyOn(db, "pragma").mockImplementation(((text: string, options: never) => {
    if (text === "synchronous=NORMAL") throw new Error("beyond use");
    return pragma(text, options);
  }) as never);
  expect(() =>
    sql.transaction(true, () => {
      throw new Error("why");
    }),
  ).toThrow("why");
});

it("the log is empty after it was brought into the file", () => {
  const log = join(folder, "some.db-wal");
  insert("a");
  expect(existsSync(log) && statSync(log).size > 0).toBe(true);
  sql.emptyLog();
  expect(statSync(log).size).toBe(0);
});

it("what an error means is asked of the connection", () => {
  expect(sql.diagnose(Object.assign(new Error("no"), { code: "SQLITE_FULL" })).code).toBe("storage-full");
  expect(sql.diagnose(new Error("no")).info).toEqual({ code: "storage-failed", params: { reason: "no" } });
});

it("the highest number is the highest ever given, and else of those that are there; a bad page costs one try", () => {
  const close = vi.fn();
  const of = (opened: () => Statements): unknown => highest("item", "n", { opened, close });
  expect(of(() => sql)).toBeUndefined();
  for (const text of ["a", "b", "c"]) insert(text);
  sql.run("DELETE FROM item WHERE n = 3", []);
  expect(of(() => sql)).toBe(3);
  sql.run("DELETE FROM sqlite_sequence", []);
  expect(of(() => sql)).toBe(2);
  expect(close).not.toHaveBeenCalled();
  let tries = 0;
  const failing = (times: number) => (): Statements => {
    tries += 1;
    if (tries <= times) throw new Error("bad page");
    return sql;
  };
  expect([of(failing(1)), close.mock.calls.length]).toEqual([2, 1]);
  tries = 0;
  expect([of(failing(2)), close.mock.calls.length]).toEqual([undefined, 3]);
});
