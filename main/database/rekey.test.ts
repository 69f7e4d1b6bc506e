import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkKey, openDatabase } from "./database.ts";
import { rekeyDatabase } from "./rekey.ts";

const from = new Uint8Array(32).fill(1);
const to = new Uint8Array(32).fill(2);
const strange = new Uint8Array(32).fill(3);

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hallway-rekey-"));
  path = join(folder, "some.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The text in the database, which is made where there is none. */
function said(key: Uint8Array): unknown {
  const db = openDatabase({
    path,
    key,
    migrations: [(made) => made.exec("CREATE TABLE one (text TEXT); INSERT INTO one VALUES ('kept')")],
    cacheKiB: 100,
  });
  try {
    return db.prepare("SELECT text FROM one").get()?.["text"];
  } finally {
    db.close();
  }
}

/** The keys of which the tag beside the database is. */
const tagOf = (): unknown => [from, to, strange].map((key) => checkKey(path, key));

it("a database opens with the new key and no more with the old one, and holds what it held", () => {
  said(from);
  for (let times = 0; times < 2; times += 1) {
    expect(rekeyDatabase(path, from, to)).toBe(true);
    expect(tagOf()).toEqual([false, true, false]);
    expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0);
  }
  expect(() => said(from)).toThrowError(expect.objectContaining({ code: "vault-unavailable" }));
  expect(said(to)).toBe("kept");
});

it("one that has the new key already gets its tag, which a kill may have kept it from", () => {
  said(to);
  rmSync(`${path}.keycheck`);
  expect([rekeyDatabase(path, from, to), tagOf(), said(to)]).toEqual([true, [false, true, false], "kept"]);
});

it("one of a third key stays as it is, with its tag", () => {
  said(strange);
  const before = readFileSync(path);
  expect([rekeyDatabase(path, from, to), readFileSync(path).equals(before), tagOf()]).toEqual([
    false,
    true,
    [false, false, true],
  ]);
});

it("one that is broken is told from one of another key by its tag, afterwards too", () => {
  said(from);
  writeFileSync(path, randomBytes(8192));
  expect([rekeyDatabase(path, from, to), tagOf()]).toEqual([false, [false, true, false]]);
  rmSync(`${path}.keycheck`);
  expect([rekeyDatabase(path, from, to), existsSync(`${path}.keycheck`)]).toEqual([false, false]);
});

it("none is made where there is none", () => {
  expect([rekeyDatabase(path, from, to), readdirSync(folder)]).toEqual([true, []]);
  writeFileSync(path, "");
  expect([rekeyDatabase(path, from, to), statSync(path).size, readdirSync(folder)]).toEqual([true, 0, ["some.db"]]);
});

it("what cannot be opened at all is a failure, not another key", () => {
  mkdirSync(path);
  writeFileSync(join(path, "inside"), "");
  expect(() => rekeyDatabase(path, from, to)).toThrowError(expect.objectContaining({ code: "storage-failed" }));
});
