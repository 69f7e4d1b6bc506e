import { describe, expect, it } from "vitest";
import { prepareLabel, prepareOpaque, prepareUsername } from "./precis.ts";

describe("a name that is compared (RFC 8265, UsernameCaseMapped)", () => {
  it.each([
    ["Alice.B+c~1", "alice.b+c~1"],
    ["STRAßE", "straße"],
    ["ΣΊΣΥΦΟς", "σίσυφος"],
    ["ｱﾘｽ", "アリス"],
    ["Ｊｕ\u0308rgen", "jürgen"],
    ["\u1100\u1161\u11A8", "각"],
    ["collel·la", "collel·la"],
    ["\u0375α", "\u0375α"],
    ["א\u05F3", "א\u05F3"],
    ["א\u05F4ב", "א\u05F4ב"],
    ["ג\u05F3ורג\u05F3", "ג\u05F3ורג\u05F3"],
    ["س\u06FD", "س\u06FD"],
    ["\u06FEس", "\u06FEس"],
    ["ア・あ", "ア・あ"],
    ["漢・", "漢・"],
    ["あ・", "あ・"],
    ["ア・", "ア・"],
    ["\u3007", "\u3007"],
    ["ا\u0660", "ا\u0660"],
    ["ا\u06F0", "ا\u06F0"],
    ["ا\u0660ب", "ا\u0660ب"],
    ["ا\u06F0ب", "ا\u06F0ب"],
    ["\u0646\u0627\u0645\u0647\u200C\u0627\u06CC", "\u0646\u0627\u0645\u0647\u200C\u0627\u06CC"],
  ])("takes %j as %j", (text, prepared) => {
    expect(prepareUsername(text)).toBe(prepared);
    expect(prepareUsername(prepared)).toBe(prepared);
  });

  it.each([
    ["nothing", ""],
    ["a blank", "a b"],
    ["a control character", "a\u0007"],
    ["a middle dot without an l before it", "a·la"],
    ["a middle dot without an l behind it", "al·a"],
    ["a middle dot at the end", "l·"],
    ["a Greek numeral sign before a letter of another script", "\u0375a"],
    ["a Greek numeral sign at the end", "α\u0375"],
    ["a Hebrew geresh behind a letter of another script", "a\u05F3"],
    ["a Hebrew gershayim at the beginning", "\u05F4א"],
    ["a katakana dot among letters of other scripts", "a・b"],
    ["both kinds of Arabic digits", "ا\u0660\u06F9"],
    ["both kinds of Arabic digits, in the other order", "ا\u06F0\u0669"],
    ["both kinds of Arabic digits, apart", "ا\u0660\nا\u06F0".replace("\n", "ا")],
    ["a tatweel", "ا\u0640ا"],
    ["a letter of the N'Ko that only lengthens", "ߊ\u07FA"],
    ["a tone mark of Hangul", "가\u302E"],
    ["a kana repeat mark", "あ\u3031"],
    ["an ideographic iteration mark", "漢\u303B"],
    ["a part of a syllable", "\u1100"],
    ["an old part of a syllable", "\uA960"],
    ["an ignored character", "a\u00AD"],
    ["a character that is none", "a\uFDD0"],
    ["a ligature", "\uFB01ona"],
    ["a symbol", "a♥"],
    ["an emoji", "🐎"],
    ["a joiner where nothing is joined", "a\u200Cb"],
    ["letters of both directions", "aא"],
    ["half a character", "a\uD83D"],
  ])("refuses %s", (_, text) => {
    expect(prepareUsername(text)).toBeUndefined();
  });
});

describe("a label of a domain", () => {
  it.each([
    ["Bücher", "bücher"],
    ["a-b_c", "a-b_c"],
    ["l·l", "l·l"],
    ["ア・", "ア・"],
    ["ｅｘａｍｐｌｅ", "example"],
  ])("takes %j as %j", (text, prepared) => {
    expect(prepareLabel(text)).toBe(prepared);
  });

  it.each(["", "a.b", "a b", "a@b", "a+b", "a/b", "l·a", "♥", "a\u00AD", "~"])("refuses %j", (text) => {
    expect(prepareLabel(text)).toBeUndefined();
  });
});

describe("a text that is kept as it is (RFC 8265, OpaqueString)", () => {
  it.each([
    ["Desk 2", "Desk 2"],
    ["a\u00A0b\u3000c", "a b c"],
    ["u\u0308", "ü"],
    ["ｗｉｄｅ", "ｗｉｄｅ"],
    ["🐎 ♥", "🐎 ♥"],
    ["\uFB01", "\uFB01"],
    ["\u0646\u0627\u0645\u0647\u200C\u0627\u06CC at home", "\u0646\u0627\u0645\u0647\u200C\u0627\u06CC at home"],
  ])("takes %j as %j", (text, prepared) => {
    expect(prepareOpaque(text)).toBe(prepared);
  });

  it.each([
    "",
    "a\u0000",
    "a\tb",
    "a\u200Cb",
    "a\u200B",
    "a\u2028b",
    "a\u2029b",
    "a\uE000",
    "a\uFDD0",
    "\u1100",
    "\uA960",
    "\uD83D",
    "x\u202Ey",
  ])("refuses %j", (text) => {
    expect(prepareOpaque(text)).toBeUndefined();
  });
});
