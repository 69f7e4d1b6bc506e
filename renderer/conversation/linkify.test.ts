import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { growth } from "../../shared/executions.test-helper.ts";
import { linkify } from "./linkify.ts";

const urls = (body: string): (string | undefined)[] => linkify(body).flatMap(({ url }) => (url === undefined ? [] : [url]));

describe("linkify", () => {
  it.each([
    ["See https://a.example/x.", ["https://a.example/x"]],
    ["(https://a.example/x_(y))", ["https://a.example/x_(y)"]],
    ["www.a.example, and more", ["https://www.a.example/"]],
    ["mailto:a@b.example!", ["mailto:a@b.example"]],
    ["HTTP://A.EXAMPLE", ["http://a.example/"]],
    ["https://a.example https://b.example", ["https://a.example/", "https://b.example/"]],
    ["« https://a.example » et", ["https://a.example/"]],
    ["'https://a.example/x', ‘https://b.example’, ‹https://c.example›", ["https://a.example/x", "https://b.example/", "https://c.example/"]],
    ["„https://a.example“ and `https://b.example`", ["https://a.example/", "https://b.example/"]],
    ["[here](https://a.example/x), {https://b.example}", ["https://a.example/x", "https://b.example/"]],
    ["*https://a.example/x* _https://b.example_ ~www.c.example~", ["https://a.example/x", "https://b.example/", "https://www.c.example/"]],
    ["|https://b.example/x|", ["https://b.example/x"]],
    ["https://a.example/x—and https://b.example –", ["https://a.example/x", "https://b.example/"]],
    ["https://a.example/Smith–Jones", ["https://a.example/Smith%E2%80%93Jones"]],
    ["请看https://a.example/x。然后https://b.example，", ["https://a.example/x", "https://b.example/"]],
    ["「https://a.example/x」（https://b.example）、【www.c.example】", ["https://a.example/x", "https://b.example/", "https://www.c.example/"]],
    ["https://a.example/日々！ https://b.example/々〇？", ["https://a.example/%E6%97%A5%E3%80%85", "https://b.example/%E3%80%85%E3%80%87"]],
    ["https://a.example/x؟ https://b.example/y، https://c.example/z।", ["https://a.example/x", "https://b.example/y", "https://c.example/z"]],
    ["https://a.example/x?! https://b.example/y... (https://c.example/z)).", ["https://a.example/x", "https://b.example/y", "https://c.example/z"]],
    ["https://a.example/x( https://b.example/[y]", ["https://a.example/x", "https://b.example/[y]"]],
    ["https://a.example/x/ https://b.example/?a=b& https://c.example/#", ["https://a.example/x/", "https://b.example/?a=b&", "https://c.example/#"]],
    ["https://a.example/50% https://b.example/-", ["https://a.example/50%", "https://b.example/-"]],
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

  it("keeps every character, whatever is written, and opens only what is allowed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("https://", "www.", "mailto:", ")", "(", "@", ".")), { maxLength: 12 }),
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
    const hostile = (size: number): string => "https://a.example/(".repeat(size) + ")".repeat(3 * size) + " www.a.example".repeat(size);
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
