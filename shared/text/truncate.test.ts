import { expect, it } from "vitest";
import { ellipsized, firstCharacter, truncate } from "./truncate.ts";

it.each([
  ["a text that fits", "abc", 3, "abc"],
  ["a longer one", "abcd", 3, "abc"],
  ["an emoji outside of the BMP", "ab🐎c", 3, "ab"],
  ["a family", "a👨‍👩‍👧‍👦b", 8, "a"],
  ["a flag", "a🇨🇭b", 3, "a"],
  ["a skin tone", "👍🏽", 2, ""],
  ["an accent of its own", "cafe\u0301s", 4, "caf"],
  ["a Hindi syllable", "क्षि", 1, ""],
  ["a keycap", "1️⃣", 2, ""],
  ["CR LF", "a\r\nb", 2, "a"],
])("keeps whole characters of %s", (_, text, length, kept) => {
  expect(truncate(text, length)).toBe(kept);
});

it("cuts what nobody could read, too", () => {
  const zalgo = `a${"\u0301".repeat(5000)}`;
  expect(truncate(zalgo, 1000)).toHaveLength(1000);
  expect(truncate(`x${"🐎".repeat(600)}`, 1000).isWellFormed()).toBe(true);
});

it("says that something was left out, within the length", () => {
  expect(ellipsized("abcd", 4)).toBe("abcd");
  expect(ellipsized("abcde", 4)).toBe("abc…");
  expect(ellipsized("ab👍🏽cde", 6)).toBe("ab…");
});

it.each([
  ["a letter with its mark", "e\u0301a", "e\u0301"],
  ["a Hindi syllable", "क्षितिज", "क्षि"],
  ["Hangul in parts", "\u1112\u1161\u11AB국", "\u1112\u1161\u11AB"],
  ["a letter beyond the BMP", "𠮷野", "𠮷"],
  ["an emoji", "👩🏽‍💻x", "👩🏽‍💻"],
  ["nothing", "", ""],
])("finds the first character of %s", (_, text, first) => {
  expect(firstCharacter(text)).toBe(first);
});
