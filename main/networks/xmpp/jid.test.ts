import fc from "fast-check";
import { expect, it } from "vitest";
import { addressOf, parseJid } from "./jid.ts";

it.each([
  ["alice@example.test/Desk", "alice@example.test/Desk", "alice@example.test"],
  ["ALICE@Example.TEST", "alice@example.test", "alice@example.test"],
  ["example.test", "example.test", undefined],
  ["example.test/a/b@c", "example.test/a/b@c", undefined],
  ["Ｊürgen@example.test.", "jürgen@example.test", "jürgen@example.test"],
  ["d\\27artagnan@example.test", "d\\27artagnan@example.test", "d\\27artagnan@example.test"],
  ["a\\b@example.test", "a\\b@example.test", "a\\b@example.test"],
])("%s", (text, full, address) => {
  expect(parseJid(text)).toMatchObject({ full, address });
});

it.each([
  "",
  "/",
  "@",
  "@example.test",
  "alice@",
  "a@b@c",
  "alice@example.test/",
  "al ice@example.test",
  "alice@exa mple",
  "a<b@c",
  "a@b..c",
  "a@.b",
  "a@b/\u0000",
  "a\u0000@b",
  `${"a".repeat(1024)}@b`,
  "x".repeat(4000),
])("%j is none", (text) => {
  expect(parseJid(text)).toBeUndefined();
});

it("reads anything without throwing, and reads its own canonical form as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const jid = parseJid(text);
      if (jid) expect(parseJid(jid.full)?.full).toBe(jid.full);
      const address = addressOf(text);
      if (address !== undefined) expect(address).toMatch(/^[^\s@/]+@[^\s@/]+$/u);
    }),
    { numRuns: 3000 },
  );
});
