import { expect, it } from "vitest";
import { hashes, isWeaker, mechanismOf, scramName, strengthOf } from "./strength.ts";

it("knows each of our mechanisms by its name, and its name by its strength", () => {
  const names = ["PLAIN", ...[false, true].flatMap((bound) => hashes.map((hash) => scramName(hash, bound)))];
  expect(names).toHaveLength(7);
  for (const name of names) expect(mechanismOf(strengthOf(name) ?? { hash: 9, bound: true }), name).toBe(name);
});

it.each(["", "EXTERNAL", "PLAIN-PLUS", "SCRAM-SHA-1-PLUS-PLUS", "SCRAM-SHA3-512", "scram-sha-1", "DIGEST-MD5"])(
  "gives %j no strength, not even that of a password in the open",
  (name) => {
    expect(strengthOf(name)).toBeUndefined();
  },
);

it("takes a mechanism for weaker by its hash or without binding, and not for being the same or better", () => {
  const before = { hash: 1, bound: true };
  const weaker = [0, 1, 2].flatMap((hash) => [false, true].map((bound) => isWeaker({ hash, bound }, before)));
  expect(weaker).toEqual([true, true, true, false, true, false]);
  expect(isWeaker({ hash: 1, bound: false }, { hash: 1, bound: false })).toBe(false);
  expect(isWeaker({ hash: 1, bound: true }, { hash: 1, bound: false })).toBe(false);
});
