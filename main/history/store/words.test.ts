import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches, parseQuery, snippet } from "./words.ts";

describe("a snippet", () => {
  const of = (body: string, text: string): string =>
    snippet(body, parseQuery(text) ?? { whole: [], prefixes: [], phrases: [] });

  it("marks whole words and the beginning of the last one", () => {
    expect(of("Réunion demain à Zürich", "reunion zur")).toBe("\uE000Réunion\uE001 demain à \uE000Zürich\uE001");
    expect(of("the other", "the")).toBe("\uE000the\uE001 other");
  });

  it("marks something in whatever has the words, and nothing in what has them apart", () => {
    const query = parseQuery("コード") ?? expect.fail("it has a word");
    expect([matches("新しいコードを", query), matches("コーヒーとドア", query)]).toEqual([true, false]);
    expect(
      [snippet("新しいコードを", query), snippet("コーヒーとドア", query)].map((piece) =>
        piece.includes("\uE000コード\uE001"),
      ),
    ).toEqual([true, false]);
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

  it("shows the match in a text without spaces, from the beginning of a word", () => {
    const thai = "ประชุมทีมงานฝ่ายขายเรื่องแผนการตลาดไตรมาสหน้าและงบประมาณประจำปี".repeat(8);
    expect(of(`${thai}กรุงเทพ`, "กรุงเทพ")).toMatch(/^…\p{L}[\p{L}\p{M}]*\uE000กรุงเทพ\uE001$/u);
    expect(of("明日の会議は午後三時からです", "会議")).toBe("明日の\uE000会議\uE001は午後三時からです");
  });

  it.each([
    ["white space", `${"x".repeat(30)} ${"word ".repeat(20)}`],
    ["a long address", `see https://files.example/${"folder/".repeat(20)}`],
    ["Chinese", "我们明天下午三点在会议室讨论新的计划".repeat(5)],
    ["emoji", "👩🏽‍💻👨‍👩‍👧".repeat(12)],
    ["Hebrew", "פגישה מחר בבוקר ".repeat(8)],
  ])("begins at a word, never inside of a character, behind %s", (_, before) => {
    const piece = of(`${before}Nadel${" after".repeat(60)}`, "nadel").replace("…", "");
    const [lead = ""] = piece.split("\uE000");
    const at = before.length - lead.length;
    const parts = [...new Intl.Segmenter("und", { granularity: "word" }).segment(before)];
    expect(at === before.length || parts.some(({ index }) => index === at)).toBe(true);
    expect(piece).toContain("\uE000Nadel");
  });

  it("ends at a whole character", () => {
    const piece = of(`needle ${"👩🏽‍💻".repeat(60)}`, "needle");
    expect(piece).toMatch(/^\uE000needle\uE001 (👩🏽‍💻)+…$/u);
  });
});
