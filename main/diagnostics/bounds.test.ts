import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Digest } from "./digest.ts";
import { LineLimit, linesAnInterval } from "./line-limit.ts";
import { fileSink, redact } from "./log.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-log-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a line of the log", () => {
  it("has values of 500 characters; longer ones are cut", () => {
    expect(redact({ one: "a".repeat(500), two: "b".repeat(501), three: "c" })).toEqual({
      one: "a".repeat(500),
      two: "b".repeat(500),
      three: "c",
    });
  });

  it("has details four levels deep", () => {
    expect(redact({ a: { b: { c: { d: { e: "said" } } } } })).toEqual({ a: '{"b":{"c":{"d":{"e":"said"}}}}' });
    expect(redact({ a: { b: { c: { d: { e: { f: "not said" } } } }, beside: 1 } })).toEqual({
      a: '{"b":{"c":{"d":{"e":"..."}}},"beside":1}',
    });
  });

  it("has fifty members of a list and of an object", () => {
    const list = Array.from({ length: 51 }, (_, n) => n);
    expect(JSON.parse(String(redact({ list })["list"]))).toEqual(list.slice(0, 50));
    expect(
      Object.keys(JSON.parse(String(redact({ about: Object.fromEntries(list.map((n) => [`n${n}`, n])) })["about"]))),
    ).toHaveLength(50);
  });
});

describe("the log", () => {
  it("goes on in another file after two megabytes, and keeps one older file", async () => {
    const path = join(folder, "log");
    const bytes = 2 * 1024 * 1024;
    await writeFile(path, "x".repeat(bytes));
    const sink = fileSink(path);
    sink.write("fits");
    await sink.flush();
    expect((await stat(path)).size).toBe(bytes + 5);
    sink.write("next");
    await sink.flush();
    expect([await readFile(path, "utf8"), (await stat(`${path}.1`)).size]).toEqual(["next\n", bytes + 5]);
    // Nobody else on the computer reads it.
    if (process.platform !== "win32") expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("lets 10,000 lines wait for the disk, and drops those after them", async () => {
    const path = join(folder, "log");
    const sink = fileSink(path);
    for (let n = 0; n <= 10_000; n++) sink.write(`${n}`);
    await sink.flush();
    const lines = (await readFile(path, "utf8")).trim().split("\n");
    expect([lines.length, lines.at(-1)]).toEqual([10_000, "9999"]);
    sink.write("later");
    await sink.flush();
    expect(await readFile(path, "utf8")).toContain("\n9999\nlater\n");
  });

  it("counts 500 kinds of lines apart, and those beyond them together", () => {
    const limit = new LineLimit(() => 0);
    for (let n = 0; n < 500; n++) limit.admit(`kind ${n}`);
    const allowed = (kind: string): boolean => limit.admit(kind).allowed;
    for (let n = 0; n < linesAnInterval; n++) expect(allowed(`beyond ${n}`)).toBe(true);
    expect([allowed("beyond"), allowed("kind 499")]).toEqual([false, true]);
  });
});

describe("a digest", () => {
  it("tells of 200 kinds in an interval, and of others in the next", () => {
    const told: string[] = [];
    let now = 0;
    const digest = new Digest<string>({ tell: (about) => void told.push(about), every: 1_000, now: () => now });
    for (let n = 0; n <= 200; n++) digest.add(`${n}`, `${n}`);
    expect([told.length, told.at(-1)]).toEqual([200, "199"]);
    now = 1_000;
    digest.add("200", "200");
    expect(told.at(-1)).toBe("200");
  });
});
