import fc from "fast-check";
import { expect, it } from "vitest";
import { growth } from "../executions.test-helper.ts";
import { visualOrder } from "./visual-order.ts";

const shown = (text: string): string =>
  visualOrder(text)
    .map(({ character }) => character)
    .join("");

it.each([
  ["abc\u202efed", "abcdef"],
  ["abc\u202efed\u202cghi", "abcdefghi"],
  ["\u202ecb\u202ea", "abc"],
  ["\u202efe\u202dcd\u202cba", "abcdef"],
  ["\u202efe\u2066cd\u2069ba", "abcdef"],
  ["\u202efe\u2067cd\u2069ba", "abcdef"],
  ["\u2067\u202efed\u2069abc\u202c", "defabc"],
  ["\u202bab\u202edc\u202c\u202cef", "abcdef"],
  ["\u202ecba\nabc", "abc\nabc"],
  ["\u202ea\u202c\u202c\u2069bc\u202e", "abc"],
])("a text is read as it is shown (%#)", (text, seen) => {
  expect(shown(text)).toBe(seen);
});

it("nothing but what directs it is lost, whatever the text", () => {
  const unit = fc.constantFrom(
    "a",
    "b",
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\n",
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 200 }), (text) => {
      const plain = (one: string): string => [...one.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")].sort().join("");
      expect(plain(shown(text))).toBe(plain(text));
    }),
  );
});

it.each(["\u202ea", "\u202ea\u202c", "\u2067\u202ea", "\u202e\u2066a"])(
  "ten times the text is about ten times the work: %j",
  (unit) => {
    expect(growth((times) => shown(unit.repeat(times)), 1_000, 10_000)).toBeLessThan(12);
  },
);
