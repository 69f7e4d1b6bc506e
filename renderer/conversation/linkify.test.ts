import fc from "fast-check";
import { describe, expect, it } from "vitest";
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

  it("stays quick and bounded on hostile text", () => {
    const begun = performance.now();
    const pieces = linkify("https://a.example/(".repeat(3_000) + ")".repeat(8_000) + " www.a.example".repeat(1_000));
    expect(pieces.length).toBeLessThanOrEqual(401);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
