import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import { inspected, type Span } from "./inspected-text.ts";
import { compileRules } from "./rules.ts";

/** Parts that a rule takes out of a text. */
function parts(rule: Record<string, unknown>, body: string): string[] {
  const { compiled } = compileRules(
    v.parse(settings.ContentRules.schema, [
      { name: "r", action: "redact", direction: "both", audience: "all", ...rule },
    ]),
  );
  const text = inspected(body);
  const spans = compiled[0]?.find(text) ?? [];
  expect(compiled[0]?.test(text)).toBe(spans.length > 0);
  return spans.map(({ start, end }) => body.slice(start, end));
}

const card = "4111111111111111";
/** The digits of a text in another form, each from its own. */
const spelled = (digits: string, of: (digit: number) => string): string =>
  [...digits].map((digit) => of(Number(digit))).join("");
const row = (first: number) => (digit: number) => String.fromCodePoint(first + digit);
const circled = (digit: number): string => (digit === 0 ? "\u24ea" : String.fromCodePoint(0x2460 + digit - 1));
const filled = (digit: number): string => (digit === 0 ? "\u24ff" : String.fromCodePoint(0x2776 + digit - 1));
const raised = (digit: number): string => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit);

describe("disguised numbers", () => {
  it.each([
    ["full-width", spelled(card, row(0xff10))],
    ["circled", spelled(card, circled)],
    ["filled circles", spelled(card, filled)],
    ["double circles", spelled(card, (digit) => String.fromCodePoint(0x24f5 + digit - 1))],
    ["in brackets", spelled(card, (digit) => String.fromCodePoint(0x2474 + digit - 1))],
    ["with a full stop", spelled(card, (digit) => String.fromCodePoint(0x2488 + digit - 1))],
    ["Arabic-Indic", spelled(card, row(0x660))],
    ["extended Arabic-Indic", spelled(card, row(0x6f0))],
    ["Devanagari", spelled(card, row(0x966))],
    ["Thai", spelled(card, row(0xe50))],
    ["mathematical bold", spelled(card, row(0x1d7ce))],
    ["mathematical monospace", spelled(card, row(0x1d7f6))],
    ["segmented", spelled(card, row(0x1fbf0))],
    ["raised", spelled(card, raised)],
    ["lowered", spelled(card, row(0x2080))],
    ["keycaps", spelled(card, (digit) => `${digit}\ufe0f\u20e3`)],
    ["struck through", spelled(card, (digit) => `${digit}\u0336`)],
    [
      "a mixture",
      spelled("4111", row(0xff10)) + spelled("1111", circled) + spelled("1111", row(0x660)) + spelled("1111", raised),
    ],
    ...[
      "\u200b",
      "\u200d",
      "\u2060",
      "\u2063",
      "\u00ad",
      "\u034f",
      "\u3164",
      "\ufeff",
      "\u{e0020}",
      "\u0001",
      "\u180e",
    ].map((unseen): [string, string] => [
      `invisible between them: ${unseen.codePointAt(0)?.toString(16)}`,
      [...card].join(unseen),
    ]),
    ["unusual blanks", "4111\u28001111\u20031111\u202f1111"],
    ["middle dots", "4111·1111·1111·1111"],
    ["marks of another script", spelled(card, (digit) => `${digit}\u0e38`)],
    ["lines that stretch", [...card].join("\u0640")],
    ["an override in an override", `\u202e${[...card].reverse().join("").replace("1111", "1111\u202e")}\u202c`],
    ["an isolate in an override", `\u202e11111111\u206611\u2069111114\u202c`],
    ["an embedding around an override", `\u202b\u202e${[...card].reverse().join("")}\u202c\u202c`],
    ["back to front", `\u202e${[...card].reverse().join("")}\u202c`],
  ])("are found where they stand: %s", (_, disguised) => {
    expect(parts({ detector: "payment-card" }, `pay ${disguised} now é`)).toEqual([
      disguised.replace(/^[\u202b\u202e]+|\u202c+$/g, ""),
    ]);
    expect(parts({ pattern: "\\d{16}" }, `pay ${disguised.replace(/[\u2800\u2003\u202f·]/g, "")} now é`)).toHaveLength(
      1,
    );
  });

  it.each([
    ["Chinese", "卡号4111111111111111。"],
    ["Japanese", "カード番号は4111111111111111です"],
    ["Korean", "번호는 4111111111111111입니다"],
    ["Thai", "บัตร4111111111111111ครับ"],
    ["Arabic", "رقم4111111111111111و"],
    ["emphasis", "é _4111111111111111_ __4111111111111111__"],
  ])("right beside words are found where words are written that way: %s", (_, body) => {
    const found = parts({ detector: "payment-card" }, body);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set([card]));
  });

  it("beside words are found in accounts and identities, too, and in a code they are none", () => {
    expect(parts({ detector: "iban" }, "口座DE89370400440532013000です")).toEqual(["DE89370400440532013000"]);
    expect(parts({ detector: "us-ssn" }, "番号536-90-4399です")).toEqual(["536-90-4399"]);
    for (const body of ["é order_4111111111111111", "é4111111111111111", "п4111111111111111", "4111111111111111_x é"])
      expect(parts({ detector: "payment-card" }, body), body).toEqual([]);
  });

  it("in accounts and identities are found, too, letters and all", () => {
    expect(parts({ detector: "iban" }, "to D\u041589 3704 0044 0532 0130 00 é")).toEqual([
      "D\u041589 3704 0044 0532 0130 00",
    ]);
    expect(parts({ detector: "us-ssn" }, "ssn ５３６－９０－４３９９")).toEqual(["５３６－９０－４３９９"]);
  });

  it("are found by an expression, too, whichever hyphen divides them", () => {
    for (const hyphen of ["-", "\u2010", "\u2011", "\u2013", "\u2212"]) {
      const ticket = `INC${hyphen}123456`;
      expect(parts({ pattern: "\\bINC-[0-9]{6}\\b" }, `see ${ticket}.`), ticket).toEqual([ticket]);
      expect(parts({ pattern: ticket }, `see ${ticket}.`), ticket).toEqual([ticket]);
    }
  });

  it("are found behind letters that are drawn as digits", () => {
    for (const body of [
      "4111 1111 1111 111l",
      "4I11-1111-1111-1111",
      "5105 1O51 0510 51OO",
      "5105 1\u041e51 0510 5100",
    ])
      expect(parts({ detector: "payment-card" }, `pay ${body} now`), body).toEqual([body]);
    const iban = "DE89 37O4 OO44 O532 O130 00";
    expect(parts({ detector: "iban" }, `to ${iban}`)).toEqual([iban]);
    expect(parts({ detector: "us-ssn" }, "ssn 536-9O-4399")).toEqual(["536-9O-4399"]);
  });

  it("that are none stay", () => {
    for (const body of [
      "all of 411111111111111 is 1o1",
      "4111 1111 1111 111o",
      "½ of 411111111111111",
      "1⁄2 3½ é",
      "4111 1111 1111 1112 é",
      "٤ ١ ١",
      "①② é",
    ])
      expect(parts({ detector: "payment-card" }, body), body).toEqual([]);
  });
});

describe("disguised words", () => {
  it.each([
    ["a letter of Cyrillic", "blu\u0435bird"],
    ["a sign that is no letter", "blu\u212ebird"],
    ["letters of Greek", "\u0392luebird"],
    ["letters of Cherokee", "\u13cf\u13de\u1d1cebird"],
    ["all of another script", "\u0441\u043e\u0440\u0443"],
    ["mathematical letters", "𝐛𝐥𝐮𝐞𝐛𝐢𝐫𝐝"],
    ["letters in circles", "ⓑⓛⓤⓔⓑⓘⓡⓓ"],
    ["full-width", "ｂｌｕｅｂｉｒｄ"],
    ["a soft hyphen", "blue\u00adbird"],
    ["a filler", "blue\u3164bird"],
    ["a zero-width joiner", "blue\u200dbird"],
    ["a tag", "blue\u{e0062}bird"],
    ["capitals of which one looks like a small letter", "\u0392LUE\u0392\u0399RD"],
    ["letters of Lisu", "\ua4d0\ua4e1\ua4f4\ua4f0\ua4d0\ua4f2\ua4e3\ua4d3"],
    ["small capitals", "ʙʟᴜᴇʙɪʀᴅ"],
    ["strokes and hooks", "ƀƚuɇɓɨɍɗ"],
    ["black circles", "🅑🅛🅤🅔🅑🅘🅡🅓"],
    ["black squares", "🅱🅻🆄🅴🅱🅸🆁🅳"],
    ["brackets", "⒝⒧⒰⒠⒝⒤⒭⒟"],
    ["lines that stretch", "blue\u0640bird"],
    ["marks of another script", [..."bluebird"].join("\u0e38")],
    ["marks", [..."bluebird"].join("\u0336")],
    ["marks around", [..."bluebird"].join("\u20dd")],
    ["a right-to-left mark", "blue\u200fbird"],
    ["an override", "\u202edribeulb\u202c"],
    ["an override without an end", "\u202edribeulb"],
  ])("are found where they stand: %s", (_, disguised) => {
    const body = `the ${disguised} é`;
    const reversed = disguised.startsWith("\u202e");
    const found = parts({ keywords: ["bluebird", "copy"] }, reversed ? `the ${disguised}` : body);
    expect(found).toEqual([reversed ? "dribeulb" : disguised]);
    expect(parts({ pattern: "bluebird|copy", ignoreCase: true }, reversed ? `the ${disguised}` : body)).toHaveLength(1);
  });

  it("of another script, which a Latin letter disguises, are found, too", () => {
    expect(parts({ keywords: ["секрет"] }, "это cекрет")).toEqual(["cекрет"]);
    expect(parts({ keywords: ["секрет"] }, "это секрет")).toEqual(["секрет"]);
  });

  it("of plain letters are found behind digits, bars and a capital I, and words that differ in one of them stay", () => {
    for (const disguised of ["b1uebird", "b|uebird", "bIuebird"])
      expect(parts({ keywords: ["bluebird"] }, `the ${disguised} sings`), disguised).toEqual([disguised]);
    expect(parts({ keywords: ["password"] }, "the passw0rd is")).toEqual(["passw0rd"]);
    expect(parts({ keywords: ["mail", "lions", "lot"] }, "The mall has IoT, 1ot and 10ts. \u0410 mall.")).toEqual([]);
  });

  it.each(["p4ssw0rd", "pa$$w0rd", "p@55word", "PA55W0RD", "p455w0rd", "P@ssword"])(
    "of digits and signs in the place of letters are found: %s",
    (disguised) => {
      expect(parts({ keywords: ["password"] }, `the ${disguised}, 7 x`)).toEqual([disguised]);
    },
  );

  it("of as many digits as letters are words from three of each", () => {
    expect(parts({ keywords: ["banana", "team"] }, "a b4n4n4, 7 and 7e4m")).toEqual(["b4n4n4"]);
  });

  it("of digits and signs are no words where they are amounts, codes, addresses or another word", () => {
    const keywords = ["isbn", "less", "team", "seal", "beat", "plan5", "eel", "info", "passwords"];
    const text = "15bn, 1e55, 7e4m, 5341, B347; plans; 33l; a@info5.example; p4ssw0rd and p4ssw0rdz";
    expect(parts({ keywords }, text)).toEqual([]);
    expect(parts({ keywords: ["plan5"] }, "plan5")).toEqual(["plan5"]);
  });

  it("are found in emphasis, and with particles of Korean", () => {
    expect(parts({ keywords: ["bluebird"] }, "the _bluebird_ sings __bluebird__")).toEqual(["bluebird", "bluebird"]);
    expect(parts({ keywords: ["bluebird"] }, "my_bluebird bluebird_2")).toEqual([]);
    expect(parts({ keywords: ["기밀", "가"] }, "이것은 기밀입니다 각")).toEqual(["기밀"]);
    expect(parts({ keywords: ["سر"] }, "هذا ســـر")).toEqual(["ســـر"]);
  });

  it("that only happen to look alike stay: a short word of another language, and longer words", () => {
    expect(parts({ keywords: ["cop"] }, "\u0441\u043e\u0440 \u0432 \u0438\u0437\u0431\u0435")).toEqual([]);
    expect(parts({ keywords: ["bluebird"] }, "blu\u0435birds \u202esdribeulb")).toEqual([]);
  });

  it("lead back into the text, whatever it is", () => {
    const unit = fc.constantFrom(
      "a",
      "B",
      "\u0430",
      "\u0336",
      "\u200b",
      "\u202e",
      "\u202c",
      "①",
      "é",
      "𝐛",
      " ",
      "\n",
      "\ud800",
      "ﷺ",
      "\u3164",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (body) => {
        for (const text of [inspected(body), ...inspected(body).disguised]) {
          for (const [folded, original] of [
            [text.plain, (span: Span) => text.original(span)],
            [text.visible, (span: Span) => text.originalOfVisible(span)],
          ] as const) {
            for (let start = 0; start < folded.length; start++) {
              const span = original({ start, end: folded.length });
              expect(span.start).toBeGreaterThanOrEqual(0);
              expect(span.end).toBeGreaterThan(span.start);
              expect(span.end).toBeLessThanOrEqual(body.length);
            }
          }
        }
      }),
    );
  });
});
