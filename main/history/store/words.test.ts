import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQuery, snippet, words } from "./words.ts";

const listed = (text: string): string[] => [...words(text)];

describe("words", () => {
  it.each([
    ["Hello, hello World!", ["hello", "world"]],
    ["Éléphant ÇA Straße Œuvre Łódź Søren", ["elephant", "ca", "strasse", "oeuvre", "lodz", "soren"]],
    ["don't e-mail a.b@example.com", ["don", "t", "e", "mail", "a", "b", "example", "com"]],
    ["cafe\u0301", ["cafe"]],
    ["ΟΔΟΣ οδός", ["οδοσ"]],
    ["İstanbul ISTANBUL ısı", ["istanbul", "isi"]],
    ["Ёлка й", ["елка", "и"]],
    ["שָׁלוֹם مُحَمَّد", ["שלום", "محمد"]],
    ["ＦＵＬＬ ﬁne ½", ["full", "fine", "12"]],
    ["会議は明日", ["会議", "議は", "は明", "明日", "日"]],
    ["PC会議2", ["pc", "会議", "議", "2"]],
    ["ok 👍🏽", ["ok", "👍"]],
    ["हिन्दी", ["हिन्दी"]],
    ['\u0000\uE002* "" ()', []],
  ])("of %j", (text, expected) => {
    expect(listed(text)).toEqual(expected);
  });

  it("are letters and digits only, whatever the text, so that none can be query syntax", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const query = parseQuery(text);
        for (const word of [...words(text), ...(query?.whole ?? []), query?.prefix ?? "a"]) {
          expect(word).toMatch(/^[\p{L}\p{N}\p{M}\p{Extended_Pictographic}]+$/u);
          expect(word).not.toMatch(/[\0-/:-@[-`{-\x7f\uE000-\uE002]/u);
          expect(word.length).toBeLessThanOrEqual(40);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("of a query are among those of the text that it was copied from", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (text) => {
        const query = parseQuery(text);
        if (!query) return;
        const all = listed(text);
        for (const word of query.whole) expect(all).toContain(word);
        expect(all.some((word) => word.startsWith(query.prefix))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("are bounded", () => {
    expect(listed("x".repeat(65_536))).toEqual(["x".repeat(40)]);
    expect(parseQuery("a b ".repeat(1000))?.whole.length).toBeLessThan(16);
  });
});

describe("a snippet", () => {
  const of = (body: string, text: string): string => snippet(body, parseQuery(text) ?? { whole: [], prefix: "" });

  it("marks whole words and the beginning of the last one", () => {
    expect(of("Réunion demain à Zürich", "reunion zur")).toBe("\uE000Réunion\uE001 demain à \uE000Zürich\uE001");
    expect(of("the other", "the")).toBe("\uE000the\uE001 other");
  });

  it("is a piece around the first match, and has no marks of the sender's", () => {
    const body = `${"before ".repeat(50)}needle\uE001${" after".repeat(50)}`;
    const piece = of(body, "needle");
    expect(piece).toMatch(/^…(before )+\uE000needle\uE001( after)+/u);
    expect(piece).toMatch(/…$/u);
    expect(piece.length).toBeLessThan(180);
    expect(of("\uE000fake\uE001 needle", "needle")).toBe("fake \uE000needle\uE001");
  });

  it("is bounded and balanced, whatever the body", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), fc.string({ maxLength: 10 }), (body, text) => {
        const piece = of(`${body} ${text}`, text);
        expect(piece.length).toBeLessThan(420);
        expect(piece.replace(/\uE000[^\uE000\uE001]*\uE001/gu, "")).not.toMatch(/[\uE000\uE001]/u);
      }),
      { numRuns: 500 },
    );
  });
});
