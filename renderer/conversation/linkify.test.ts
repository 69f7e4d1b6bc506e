import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { growth } from "../../shared/executions.test-helper.ts";
import { findLinks } from "../../shared/links/find-links.ts";
import { linkify } from "./linkify.ts";

const urls = (body: string): (string | undefined)[] =>
  linkify(body).flatMap(({ url }) => (url === undefined ? [] : [url]));

describe("linkify", () => {
  it.each([
    ["See https://a.example/x.", ["https://a.example/x"]],
    ["(https://a.example/x_(y))", ["https://a.example/x_(y)"]],
    ["www.a.example, and more", ["https://www.a.example/"]],
    ["mailto:a@b.example!", ["mailto:a@b.example"]],
    ["HTTP://A.EXAMPLE", ["http://a.example/"]],
    ["https://a.example https://b.example", ["https://a.example/", "https://b.example/"]],
    ["« https://a.example » et", ["https://a.example/"]],
    [
      "'https://a.example/x', ‘https://b.example’, ‹https://c.example›",
      ["https://a.example/x", "https://b.example/", "https://c.example/"],
    ],
    ["„https://a.example“ and `https://b.example`", ["https://a.example/", "https://b.example/"]],
    ["[here](https://a.example/x), {https://b.example}", ["https://a.example/x", "https://b.example/"]],
    [
      "*https://a.example/x* _https://b.example_ ~www.c.example~",
      ["https://a.example/x", "https://b.example/", "https://www.c.example/"],
    ],
    ["|https://b.example/x|", ["https://b.example/x"]],
    ["https://a.example/x—and https://b.example –", ["https://a.example/x", "https://b.example/"]],
    ["https://a.example/Smith–Jones", ["https://a.example/Smith%E2%80%93Jones"]],
    ["请看https://a.example/x。然后https://b.example，", ["https://a.example/x", "https://b.example/"]],
    [
      "「https://a.example/x」（https://b.example）、【www.c.example】",
      ["https://a.example/x", "https://b.example/", "https://www.c.example/"],
    ],
    [
      "https://a.example/日々！ https://b.example/々〇？",
      ["https://a.example/%E6%97%A5%E3%80%85", "https://b.example/%E3%80%85%E3%80%87"],
    ],
    [
      "https://a.example/x؟ https://b.example/y، https://c.example/z।",
      ["https://a.example/x", "https://b.example/y", "https://c.example/z"],
    ],
    [
      "https://a.example/x?! https://b.example/y... (https://c.example/z)).",
      ["https://a.example/x", "https://b.example/y", "https://c.example/z"],
    ],
    ["https://a.example/x( https://b.example/[y]", ["https://a.example/x", "https://b.example/[y]"]],
    [
      "https://a.example/x/ https://b.example/?a=b& https://c.example/#",
      ["https://a.example/x/", "https://b.example/?a=b&", "https://c.example/#"],
    ],
    ["https://a.example/50% https://b.example/-", ["https://a.example/50%", "https://b.example/-"]],
    [
      "https://a.example/x👍 https://b.example👍🏽! https://c.example/y❤️",
      ["https://a.example/x", "https://b.example/", "https://c.example/y"],
    ],
    [
      "https://a.example/👩🏽‍💻 👍https://b.example/x",
      ["https://a.example/%F0%9F%91%A9%F0%9F%8F%BD%E2%80%8D%F0%9F%92%BB", "https://b.example/x"],
    ],
    ["https://a.example/x‼️ https://b.example/y🇫🇷🎉", ["https://a.example/x", "https://b.example/y"]],
    [
      "https://a.exampleです www.b.exampleに https://c.example:8080へ",
      ["https://a.example/", "https://www.b.example/", "https://c.example:8080/"],
    ],
    [
      "https://例え.jp/パス www.例子.cn。",
      ["https://xn--r8jz45g.jp/%E3%83%91%E3%82%B9", "https://www.xn--fsqu00a.cn/"],
    ],
    [
      "https://bücher.example/ä https://a.vermögensberatung",
      ["https://xn--bcher-kva.example/%C3%A4", "https://a.xn--vermgensberatung-pwb/"],
    ],
    ["(https://a.example/x),(https://b.example/y)", ["https://a.example/x", "https://b.example/y"]],
    [
      "https://a.example,https://b.example;www.c.example|mailto:a@b.example",
      ["https://a.example/", "https://b.example/", "https://www.c.example/", "mailto:a@b.example"],
    ],
    ["https://web.example/save/https://a.example/x,y", ["https://web.example/save/https://a.example/x,y"]],
    ["⟨https://a.example/x⟩ ❝https://b.example❞", ["https://a.example/x", "https://b.example/"]],
    ["https://a.example/x)y https://b.example/(x)y", ["https://a.example/x", "https://b.example/(x)y"]],
    ["\u200Fhttps://a.example/x\u200F. https://b.example/y\u061C", ["https://a.example/x", "https://b.example/y"]],
    [
      "https://a.example/x\u00ADy https://b.example/\u115Fy https://c.example/x\u2800",
      ["https://a.example/x", "https://b.example/", "https://c.example/x"],
    ],
    [
      "https://www.ABC商店.jp/x https://www.paypаl.example",
      ["https://www.xn--abc-l44ez93b.jp/x", "https://www.xn--paypl-7ve.example/"],
    ],
    ["https://a.exampleですwww.b.exampleです。", ["https://a.example/", "https://www.b.example/"]],
    [
      "https://a.example/x،https://b.example•www.c.example→https://d.example",
      ["https://a.example/x", "https://b.example/", "https://www.c.example/", "https://d.example/"],
    ],
    [
      "https://a.example👩‍💻https://b.example/x➡️https://c.example",
      ["https://a.example/", "https://b.example/x", "https://c.example/"],
    ],
    ["https://a.exampleとhttps://b.example/yと", ["https://a.example/", "https://b.example/y%E3%81%A8"]],
    [
      "﹙https://a.example/x﹚ ⦅https://b.example⦆ https://c.example/x\uFFFC",
      ["https://a.example/x", "https://b.example/", "https://c.example/x"],
    ],
    ["https://fa.example/می\u200Cخواهم", ["https://fa.example/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85"]],
    [
      "https://a.example/مرحبا، https://b.example/x۔",
      ["https://a.example/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7", "https://b.example/x"],
    ],
  ])("finds the links of %j", (body, expected) => {
    expect(urls(body)).toEqual(expected);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "https://",
    "https://user:pw@bank.example",
    "https://bank.example@evil.example/",
    "mailto:",
    "ftp://a.example",
    "xhttps://a.example",
  ])("makes no link of %j", (body) => {
    expect(urls(body)).toEqual([]);
  });

  it("does not let a right-to-left override into a link", () => {
    expect(linkify("https://a.example/\u202Egpj.exe")[0]?.url).toBe("https://a.example/");
  });

  it("ends no link inside of a character", () => {
    const piece = fc.constantFrom(
      "https://",
      "a.example",
      "/x",
      "👩🏽‍💻",
      "❤️",
      "🇫🇷",
      "1️⃣",
      "e\u0301",
      "か\u3099",
      "한",
      "क्षि",
      "नि",
      ")",
      "(",
      ".",
      "!",
      "‼️",
      " ",
      "=",
    );
    const ends = new Intl.Segmenter("und", { granularity: "grapheme" });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (parts) => {
        const body = `https://a.example/${parts.join("")}`;
        for (const { start, end } of findLinks(body))
          for (const place of [start, end])
            if (place < body.length) expect(ends.segment(body).containing(place)?.index).toBe(place);
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps every character, whatever is written, and opens only what is allowed", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("https://", "www.", "mailto:", ")", "(", "@", ".")),
          { maxLength: 12 },
        ),
        (parts) => {
          const body = parts.join("");
          const pieces = linkify(body);
          expect(pieces.map(({ text }) => text).join("")).toBe(body);
          for (const { url } of pieces) if (url !== undefined) expect(url).toMatch(/^(https?:\/\/|mailto:)/);
        },
      ),
    );
  });

  it("makes a bounded number of links, and its work grows as the text does", () => {
    const hostile = (size: number): string =>
      "https://a.example/(".repeat(size) + ")".repeat(3 * size) + " www.a.example".repeat(size);
    expect(linkify(hostile(3_000)).length).toBeLessThanOrEqual(401);
    expect(growth((size) => linkify(hostile(size)), 2_000, 20_000)).toBeLessThan(12);
    // What goes through the whole text by itself is called no more often for a longer one.
    const splits = vi.spyOn(String.prototype, "split");
    const passes = (size: number): number => {
      splits.mockClear();
      linkify(hostile(size));
      return splits.mock.calls.length;
    };
    expect(passes(20_000)).toBe(passes(2_000));
    splits.mockRestore();
  });
});
