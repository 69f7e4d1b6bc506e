import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../root.ts";
import { boundsOf, findBounds } from "./find-bounds.ts";

it("finds what is named as a bound at the top level, with its value and its place", () => {
  const text = `const maxSize = 16 * 1024;
export const mostAtOnce = 5;
  const maxInside = 3;
const longest: number = other + 1;
const patience = 5_000;
const limits: XmlLimits = { length: 4 << 20, depth: 32, elements: 1_000 };
const maximum = 3;
const maxima = [1, 2];
const longestWord = Math.max(...words.map(({ length }) => length));
`;
  const found = boundsOf("a.ts", text);
  expect(found.map(({ name, value, line }) => `${line} ${name} ${value}`)).toEqual([
    "1 maxSize 16 * 1024",
    "2 mostAtOnce 5",
    "4 longest other + 1",
    "5 patience 5_000",
    "6 limits.length 4 << 20",
    "6 limits.depth 32",
    "6 limits.elements 1_000",
  ]);
  for (const { at, value } of found) expect(text.slice(at, at + value.length)).toBe(value);
});

it("finds those of every room", async () => {
  const bounds = await findBounds(root);
  for (const known of [
    "main/networks/xmpp/iq.ts maxPending",
    "main/networks/xmpp/contacts/presence.ts maxRequests",
    "shared/model/message.ts maxBodyLength",
    "renderer/history/hit.tsx longest",
  ])
    expect(bounds.map(({ file, name }) => `${file} ${name}`)).toContain(known);
  for (const { file, at, value } of bounds)
    expect(readFileSync(join(root, file), "utf8").slice(at, at + value.length)).toBe(value);
});
