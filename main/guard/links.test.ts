import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findLinks } from "../../shared/links/find-links.ts";
import { inspected } from "./inspected-text.ts";
import { holdsLink } from "./links.ts";

describe("links", () => {
  it.each([
    "éhttps://evil.example/",
    "日本語https://evil.example/",
    "éwww.evil.example",
    "émailto:a@b.example",
    "1https://evil.example",
  ])("that the window makes are links for the guard: %s", (body) => {
    expect(findLinks(body).length > 0 || body.startsWith("1")).toBe(true);
    expect(holdsLink(inspected(body))).toBe(true);
  });

  it("that the window makes are links for the guard, whatever stands around them", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary", maxLength: 5 }),
      fc.constantFrom(
        "https://",
        "http://",
        "HTTPS://",
        "www.",
        "mailto:",
        "a@b.example",
        "a.example",
        "é",
        "_",
        "\u200b",
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (all) => {
        const body = all.join("");
        if (findLinks(body).length > 0) expect(holdsLink(inspected(body))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("behind a disguise, and of any scheme, are links for the guard", () => {
    for (const body of [
      "h\u200bttps://evil.example",
      "ｈｔｔｐｓ：／／evil.example",
      "ht\u00adtps://evil.example",
      "\u04bbttps://evil.example",
      "ftp://evil.example",
      "ｗｗｗ．evil.example",
      "\u202eelpmaxe.live//:sptth",
      "https\u2236//evil.example",
      "https:\u2215\u2044evil.example",
      "https:\\\\evil.example",
      "mailto\ua789a@b.example",
      "\u202eelpmaxe.live\u202e//:sptth",
    ])
      expect(holdsLink(inspected(body)), body).toBe(true);
    for (const body of ["nothing here", "a: b", "C:\\\\share é", "1\u20442", "http: //x", "awww.no"])
      expect(holdsLink(inspected(body)), body).toBe(false);
  });
});
