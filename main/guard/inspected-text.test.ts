import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inspected } from "./inspected-text.ts";

it("a place of no length stays one, wherever it is", () => {
  for (const body of ["abc", "a\u200bb", "\u202eab\u202c"]) {
    const text = inspected(body);
    for (let at = 0; at <= text.plain.length; at++) {
      const { start, end } = text.original({ start: at, end: at });
      expect(end, `${JSON.stringify(body)} ${at}`).toBe(start);
    }
  }
});

describe("a text made plain", () => {
  it("is without disguise", () => {
    for (const [body, plain] of [
      ["Hello World", "hello world"],
      ["ÉTÉ Straße Œuvre Łódź", "ete strasse oeuvre lodz"],
      ["４１１１ ٤٢ ४२ 𝟙", "4111 42 42 1"],
      ["a\u00a0\t b \r\n c\u2028", "a b\nc"],
      ["A–B—C−D‐E", "a-b-c-d-e"],
      ["se\u200bc\u2060r\u00adet", "secret"],
    ])
      expect(inspected(body ?? "").plain.trimEnd(), body).toBe(plain);
  });

  it("every part of it leads back to what it was made of", () => {
    const text = inspected("«É\u200bTÉ» 😀  ＡＢ");
    const { body, plain } = text;
    const part = (word: string): string => {
      const start = plain.indexOf(word);
      const span = text.original({ start, end: start + word.length });
      return body.slice(span.start, span.end);
    };
    expect(part("ete")).toBe("É\u200bTÉ");
    expect(part("😀 ab")).toBe("😀  ＡＢ");
  });

  it("is the same, and leads back to the same places, whether or not something invisible is in it", () => {
    const units = fc.string({
      unit: fc.constantFrom(
        "a",
        "Z",
        "é",
        "e\u0301",
        "ﬁ",
        "😀",
        "𝐀",
        "\u{1f14a}",
        " ",
        "\n",
        "\u00a0",
        "٣",
        "–",
        "а",
        "क्ष",
      ),
      maxLength: 40,
    });
    fc.assert(
      fc.property(units, (body) => {
        // Nothing stands in its place any more once something is left out.
        const [text, placed] = [inspected(`é${body}é`), inspected(`é${body}é\u200b`)];
        expect(text.plain).toBe(placed.plain);
        expect(text.visible).toBe(placed.visible);
        for (let start = 0; start < text.plain.length; start++) {
          if (/[\ud800-\udfff]/.test(text.plain.charAt(start))) continue;
          expect(text.original({ start, end: start + 1 })).toEqual(placed.original({ start, end: start + 1 }));
        }
      }),
    );
  });

  it("stays inside the body and in order, whatever the text, and plain text is plain", () => {
    const units = fc.string({
      unit: fc.constantFrom(
        "a",
        "Z",
        "é",
        "e\u0301",
        "ﬁ",
        "ﷺ",
        "😀",
        "\u200b",
        " ",
        "\n",
        "\u00a0",
        "٣",
        "\ud800",
        "-",
        "–",
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(units, (body) => {
        const text = inspected(body);
        let last = 0;
        for (let start = 0; start < text.plain.length; start++) {
          const span = text.original({ start, end: start + 1 });
          expect(span.start).toBeGreaterThanOrEqual(last);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(body.length);
          last = span.start;
        }
        expect(text.plain).not.toMatch(/[A-Z\u200b\u00a0]| {2}/);
        expect(text.visible).not.toContain("\u200b");
      }),
    );
  });
});
