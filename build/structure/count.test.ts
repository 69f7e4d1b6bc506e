import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countStructure } from "./count.ts";

/** A small checkout in which every number has something to count, beside what must not be counted. */
const files: Readonly<Record<string, string>> = {
  "main/main.ts": 'import "./store/tables.ts";\n',
  "main/notifications.ts": "export const loose = 1;\n",
  "main/addressing/parse.ts": 'import type { Table } from "../store/tables.ts";\nexport type Parsed = Table;\n',
  "main/store/tables.ts": [
    'import { parse } from "../addressing/parse.ts";',
    "export interface Table { put(a: string, b: string, c: string, d: string): void }",
    "export class Tables { #put(this: Tables, a: string, b: string, c: string) { return [a, b, c]; } }",
    "export const wide = (one: string, two: string, { three, four, five, six }: Table) => [one, two, three, four, five, six, parse];",
    'export const accountOf = (id: string) => id.slice(0, id.indexOf("|"));',
    "export const short = (text: string) => text.slice(0, 3);",
    "",
  ].join("\n"),
  "main/store/reads.ts":
    'import { placeOf } from "../../shared/model/conversation-id.ts";\nexport const reads = placeOf;\n',
  "main/store/hands-on.ts":
    'import type { Place } from "../../shared/model/conversation-id.ts";\nexport type placeOf = Place;\n',
  "main/store/long.ts": `export function long(): void {\n${"  // é\n".repeat(99)}}\nexport const fits = () => {\n${"  //\n".repeat(98)}};\n`,
  "main/store/longer.ts": `${"//\n".repeat(301)}`,
  "main/store/closures.ts": [
    "export function counter() { let n = 0; return { next: () => ++n }; }",
    "export const named = () => { const all = new Map(); const get = (k: string) => all.set(k, 1); return { get }; };",
    "export function asked() { const state = { n: 0 }; const made = { ask() { state.n = 1; } }; return made as Of; }",
    "export function memo(f: Make) { let made: string; return (text: string) => (made ??= f(text)); }",
    "export function deep() { let n = 0; return { inner: { next: () => n++ } }; }",
    "export class Holder { make() { const list: Of = []; return on ? { put: () => list.push('') } : undefined; } }",
    "",
  ].join("\n"),
  "main/store/no-closures.ts": [
    "export function disposer() { let over = false; return () => { over = true; }; }",
    "export function built(all: Of) { let n = 0; n++; const kept = new Set(all); return { has: () => kept.has(n) }; }",
    "export function answers() { let n = 0; run(() => n++); return { n }; }",
    "export function apart() { let n = 0; return { next() { let n = 0; return ++n; }, n }; }",
    "export class Counter { #n = 0; next() { return ++this.#n; } }",
    "",
  ].join("\n"),
  "main/store/riddle.test.ts": [
    "",
    "/**",
    "* What became of it. */",
    "/** Whose it is. */",
    "/**",
    " * Whoever asks.",
    " */",
    "// What it is.",
    "",
  ].join("\n"),
  "main/networks/dial.ts":
    'import net, { connect as open } from "node:net";\nopen(1);\nnet.connect(2);\nthis.connect(3);\n',
  "main/networks/asks.ts": 'import { isIP } from "node:net";\nisIP("");\nhttp().request({});\n',
  "main/networks/webs.ts": 'const { WebSocket } = await import("ws");\nnew WebSocket("wss://x");\n',
  "main/networks/testing/server.ts": 'import net from "node:net";\nnet.connect(2);\n',
  "main/instance/knock.ts": 'import { connect } from "node:net";\nconnect("/socket");\n',
};

let checkout: string;
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), "hallway-structure-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await writeFile(join(checkout, path), text);
  }
});
afterAll(() => rm(checkout, { recursive: true, force: true }));

it("every number names its places, and nothing beside them", async () => {
  const counts = await countStructure(checkout);
  expect(Object.fromEntries(counts.map(({ name, places }) => [name, places]))).toEqual({
    edges: ["addressing -> store", "store -> addressing"],
    backwards: ["addressing -> store (main/addressing/parse.ts)"],
    "long-files": ["main/store/longer.ts (301)"],
    "unexplained-files": ["main/store/longer.ts"],
    "long-functions": ["main/store/long.ts:1 (101)"],
    "many-parameters": ["main/store/tables.ts:2 (4)"],
    closures: [1, 2, 3, 4, 5, 6].map((line) => `main/store/closures.ts:${line}`),
    "unexplained-closures": [1, 2, 3, 4, 5, 6].map((line) => `main/store/closures.ts:${line}`),
    "loose-entries": ["main/notifications.ts"],
    "id-parsers": ["main/store/tables.ts:5"],
    "id-readers": ["main/store/reads.ts"],
    "socket-openers": ["main/networks/asks.ts:3", "main/networks/dial.ts:2,3", "main/networks/webs.ts:2"],
    "wide-lines": ["main/store/tables.ts:4"],
    riddles: ["main/store/riddle.test.ts:2", "main/store/riddle.test.ts:5"],
  });
});
