import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HallwayError } from "../../shared/errors.ts";
import { profileNamespaces } from "./profile.ts";
import { ProfileStore } from "./profile-store.ts";

const key = new Uint8Array(32).fill(1);
const pageSize = 4096;
let folder: string;
let path: string;
let troubles: HallwayError[];
let opened: ProfileStore[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hallway-profile-store-"));
  path = join(folder, "profile.db");
  troubles = [];
  opened = [];
});
afterEach(() => {
  for (const store of opened) store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(
  trouble: ((error: HallwayError) => void) | undefined = (error) => void troubles.push(error),
): ProfileStore {
  const store = new ProfileStore(path, key, trouble);
  opened.push(store);
  return store;
}

/** Something under every namespace, one of which fills most pages, and a message that is gone. */
function fill(): void {
  const store = open();
  store.put(profileNamespaces.map((namespace) => ({ namespace, key: "k", value: `${namespace} kept` })));
  // Long values lie on pages of their own.
  const many = Array.from({ length: 20 }, (_, n) => ({ key: `${n}`, value: "x".repeat(30_000) }));
  store.put(many.map((one) => ({ namespace: "network-cache", ...one })));
  store.within((db) => db.prepare("INSERT INTO gone VALUES (?, ?, ?, ?)").run([7, 1, null, 3]));
  store.close();
}

function overwrite(firstPage: number, pages: number): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(pages * pageSize, 0xa5), 0, pages * pageSize, firstPage * pageSize);
  closeSync(file);
}

const setAsides = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith("profile-corrupt-"));

describe("a profile of which pages are broken", () => {
  it("keeps all of every namespace that they do not hold, and what is gone", () => {
    fill();
    overwrite(90, 4);
    const store = open();
    expect(store.all("network-cache")).toEqual(new Map());
    expect(troubles.map(({ code, params }) => [code, params])).toEqual([
      ["storage-corrupt", { file: expect.any(String) }],
    ]);
    for (const namespace of profileNamespaces)
      if (namespace !== "network-cache") expect(store.get(namespace, "k")).toBe(`${namespace} kept`);
    expect(store.within((db) => db.prepare("SELECT * FROM gone").all())).toEqual([
      { hash: 7, at: 1, said_at: null, text: 3 },
    ]);
    expect(setAsides().length).toBeGreaterThan(0);
  });

  it("is left as it is for whoever only reads it, when it is opened and later", () => {
    fill();
    overwrite(90, 4);
    const corrupt = expect.objectContaining({ code: "storage-corrupt" });
    const reader = new ProfileStore(path, key, undefined);
    opened.push(reader);
    expect(() => reader.all("network-cache")).toThrowError(corrupt);
    overwrite(0, 2);
    const broken = readFileSync(path);
    expect(() => new ProfileStore(path, key, undefined)).toThrowError(corrupt);
    expect([readFileSync(path).equals(broken), setAsides()]).toEqual([true, []]);
  });
});

describe("a batch", () => {
  it("that names something twice keeps what it says last", () => {
    const store = open();
    store.put([
      { namespace: "app", key: "a", value: "1" },
      { namespace: "app", key: "a", value: "2" },
      { namespace: "draft", key: "a", value: "1" },
      { namespace: "draft", key: "a", value: undefined },
    ]);
    expect([store.get("app", "a"), store.get("draft", "a")]).toEqual(["2", undefined]);
  });
});
