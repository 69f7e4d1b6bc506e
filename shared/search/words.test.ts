import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMatches, matches, parseQuery } from "./query.ts";
import { words } from "./words.ts";

const listed = (text: string): string[] => [...words(text)];

describe("words", () => {
  it.each([
    ["Hello, hello World!", ["hello", "world"]],
    ["Éléphant ÇA Straße Œuvre Łódź Søren", ["elephant", "ca", "strasse", "oeuvre", "lodz", "soren"]],
    ["don't e-mail a.b@example.com", ["don", "t", "e", "mail", "a", "b", "example", "com"]],
    ["snake_case https://a.example/x?y=1", ["snake", "case", "https", "a", "example", "x", "y", "1"]],
    ["cafe\u0301", ["cafe"]],
    ["ΟΔΟΣ οδός", ["οδοσ"]],
    ["İstanbul ISTANBUL ısı", ["istanbul", "isi"]],
    ["Ёлка й", ["елка", "и"]],
    ["שָׁלוֹם مُحَمَّد", ["שלום", "محمد"]],
    ["בית־ספר", ["בית", "ספר"]],
    ["ＦＵＬＬ ﬁne ½ 𝐇𝐞𝐥𝐥𝐨 ℌ", ["full", "fine", "1", "2", "hello", "h"]],
    ["会議は明日", ["会議", "議は", "は明", "明日", "日"]],
    ["PC会議2", ["pc", "会議", "議", "2"]],
    ["ok 👍🏽", ["ok", "👍"]],
    ["हिन्दी", ["हिन्दी"]],
    ["٤٢ ४२ 42", ["42"]],
    ['\u0000\uE002* "" ()', []],
  ])("of %j", (text, expected) => {
    expect(listed(text)).toEqual(expected);
  });

  it("are letters, digits and signs only, whatever the text, so that none can be query syntax", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), signs), (text) => {
        const query = parseQuery(text);
        for (const word of [...words(text), ...(query?.whole ?? []), ...(query?.prefixes ?? [])]) {
          expect(word).toMatch(
            /^[\p{L}\p{N}\p{M}\p{Alphabetic}\p{So}\p{Sc}\p{RI}\p{Extended_Pictographic}\p{Emoji_Modifier}]+$/u,
          );
          expect(word).not.toMatch(/[\0-/:-@[-`{-\x7f\uE000-\uE004]/u);
          expect(word.length).toBeLessThanOrEqual(40);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("are bounded", () => {
    expect(listed("x".repeat(65_536))).toEqual(["x".repeat(40)]);
    expect(parseQuery("a b ".repeat(1000))?.whole.length).toBeLessThan(16);
    expect(listed("🐎".repeat(3000))).toEqual(["🐎"]);
    expect(listed(`👨${"\u200D👩".repeat(3000)}`).every((word) => word.length <= 40)).toBe(true);
  });
});

/** Texts of what is hard to cut. */
const signs = fc
  .array(
    fc.constantFrom(
      ...[
        "⚠️",
        "❤",
        "❤️",
        "👩🏽‍💻",
        "👨‍👩‍👧",
        "🇫🇷",
        "🇩",
        "1️⃣",
        "#️⃣",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "🏽",
        "\uFE0F",
        "\u200D",
        "①",
        "❶",
        "ℹ️",
        "™",
        "€",
        "°",
      ],
      ...[
        "server",
        "Ünï",
        "x",
        "7",
        " ",
        "'",
        "ʼ",
        "\u00AD",
        "\u200B",
        "\u200C",
        "ー",
        "コード",
        "ｶﾞ",
        "会議",
        "กรุงเทพ",
        "น้ำ",
        "한",
        "\u1112\u1161\u11AB",
      ],
      ...[
        "مـرحبا",
        "می\u200Cخواهم",
        "क\u094D\u200Dष",
        "\u0301",
        "\u0323",
        "ß",
        "ﬁ",
        "İ",
        "_",
        "@",
        ".",
        "\uE000",
        "\uE004",
        "·",
        "𠮷",
        "々",
      ],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

describe("a query", () => {
  it("finds the text that it was copied from, and marks something in it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "grapheme", maxLength: 80 }), signs), (text) => {
        const query = parseQuery(text);
        if (!query) return;
        expect(matches(text, query)).toBe(true);
        expect([...findMatches(text, query)].length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["an emoji with a selector before a word", "⚠️Server down", "server"],
    ["a sequence before a word", "👩🏽‍💻Anna", "anna"],
    ["a flag before a word", "🇫🇷Paris", "paris"],
    ["a keycap before a word", "1️⃣Server", "server"],
    ["a letter that is an emoji", "ℹ️Info", "info"],
    ["a circled number before a word", "①Server ❷Client", "client"],
    ["a word before an emoji", "down⚠️", "down"],
    ["an emoji without the selector", "I ❤ you", "❤️"],
    ["an emoji with it", "I ❤️ you", "❤"],
    ["a skin tone that was not typed", "ok 👍🏽", "👍"],
    ["a skin tone that was typed", "ok 👍", "👍🏽"],
    ["the beginning of a sequence", "she is 👩‍💻", "👩"],
    ["a sequence", "the 👨‍👩‍👧‍👦 came", "👨‍👩‍👧‍👦"],
    ["a flag among flags", "🇩🇪🇫🇷🇮🇹", "🇫🇷"],
    ["a flag of a nation", "go 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["a rainbow flag", "🏳️‍🌈", "🏳‍🌈"],
    ["a keycap", "press #️⃣ now", "#️⃣"],
    ["the digit of a keycap", "press 1️⃣ now", "1 now"],
    ["a skin tone alone", "this one 🏽 here", "🏽 here"],
    ["a sign", "100€ ✓", "✓"],
    ["soft hyphens", "Donau\u00ADdampf\u00ADschiff", "donaudampfschiff"],
    ["a zero-width space inside a word", "zero\u200Bwidth", "zerowidth"],
    ["a word behind a zero-width space", "zero\u200Bwidth", "width"],
    ["a word joiner", "foo\u2060bar", "foobar"],
    ["a byte order mark", "foo\uFEFFbar", "foobar"],
    ["tatweel", "مـــرحبا", "مرحبا"],
    ["no tatweel", "مرحبا", "مـــرحبا"],
    ["a non-joiner that was not typed", "می\u200Cخواهم بروم", "میخواهم"],
    ["a space for the non-joiner", "می\u200Cخواهم بروم", "می خواهم"],
    ["the Arabic letters of a Persian word", "کتاب یک", "كتاب يك"],
    ["a conjunct with a joiner", "क\u094D\u200Dष", "क\u094Dष"],
    ["an alef with wasla as people type it", "بسم ٱلله", "الله"],
    ["Yiddish digraphs as two letters", "ײִדיש װאָרט", "יידיש ווארט"],
    ["a Bengali letter by its older form", "হঠাৎ", "হঠাত\u09CD\u200D"],
    ["a chillu letter by its older form", "അവൻ", "അവന\u0D4D\u200D"],
    ["the long-vowel mark", "サーバーが落ちた", "サーバー"],
    ["half-width kana", "ｻｰﾊﾞｰが落ちた", "サーバー"],
    ["an iteration mark", "人々は", "人々"],
    ["a kana iteration mark", "いすゞの車", "いすゞ"],
    ["one character in the middle, not the last word", "お茶を飲む会議", "茶 会議"],
    ["a character beyond the BMP", "𠮷野家で", "𠮷野"],
    ["Thai", "ประชุมที่กรุงเทพวันนี้", "กรุงเทพ"],
    ["a Thai vowel typed in the other order", "ดื่มน้ำ", "น\u0E4D\u0E49า"],
    ["Khmer with hidden spaces", "ខ្ញុំ\u200Bទៅ\u200Bផ្ទះ", "ទៅផ្ទះ"],
    ["Burmese", "မင်္ဂလာပါ", "လာပါ"],
    ["Javanese", "ꦱꦸꦒꦼꦁꦫꦮꦸꦃ", "ꦫꦮꦸꦃ"],
    ["Hangul in parts", "\u1112\u1161\u11AB국", "한국"],
    ["full-width Latin", "Ｓｅｒｖｅｒ ５", "server 5"],
    ["digits of another script", "الغرفة ٤٢", "42"],
    ["marks in another order", "e\u0323\u0302 x", "e\u0302\u0323"],
    ["a dotted capital I", "DİYARBAKIR", "diyarbakır"],
    ["another apostrophe", "I don’t know", "don't"],
    ["an apostrophe that is a letter", "пʼять хвилин", "п'ять"],
    ["an e-mail address", "write to Anna.Meier@example.test!", "anna.meier@example.test"],
    ["a part of a URL", "https://wiki.example/plan_2027#top", "plan_2027"],
  ])("finds %s", (_, body, text) => {
    const query = parseQuery(text);
    expect(query !== undefined && matches(body, query)).toBe(true);
  });

  it.each([
    ["characters that stand apart", "コーヒーとドア", "コード"],
    ["pairs that stand apart", "メーカーのルール", "メール"],
    ["Chinese characters in another order", "海上と上海の海", "海の上海と"],
    ["Thai syllables in another order", "กรุงเทพ", "เทพกรุง"],
    ["another flag that shares a letter", "🇫🇷🇩🇪", "🇷🇩"],
    ["another nation's flag", "go 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
    ["the last part of a sequence", "she is 👩‍💻", "💻"],
    ["another keycap", "press 1️⃣", "2️⃣"],
    ["the middle of a word", "settlement", "element"],
    ["kana with another voicing", "がっこう", "かっこう"],
  ])("does not find %s", (_, body, text) => {
    const query = parseQuery(text);
    expect(query !== undefined && matches(body, query)).toBe(false);
  });

  it.each([
    ["a word behind an emoji", "⚠️Server down", "serv", ["Server"]],
    ["letters that become longer", "Große ﬁne İs", "grosse fine is", ["Große", "ﬁne", "İs"]],
    ["letters with marks", "un cafe\u0301 noir", "cafe", ["cafe\u0301"]],
    ["an emoji with all of it", "she is 👩🏽‍💻!", "👩", ["👩🏽‍💻"]],
    ["the word looked for, without spaces", "明日の会議は午後三時からです", "会議", ["会議"]],
    ["each time that it stands there", "会議と会議", "会議", ["会議", "会議"]],
    ["whole characters of Thai", "ดื่มน้ำ", "น", ["น้ำ"]],
    ["half-width kana", "ｶﾞｯﾂがある", "ガッツ", ["ｶﾞｯﾂ"]],
    ["over hidden characters", "Donau\u00ADdampf", "donaudampf", ["Donau\u00ADdampf"]],
    ["a part behind a non-joiner", "می\u200Cخواهم", "خواهم", ["خواهم"]],
    ["on both sides of an apostrophe", "aujourd’hui", "aujourd'hui", ["aujourd", "hui"]],
    ["tatweel", "قال مـــرحبا لي", "مرحبا", ["مـــرحبا"]],
    ["a flag", "🇩🇪🇫🇷", "🇫🇷", ["🇫🇷"]],
  ])("marks %s", (_, body, text, expected) => {
    const query = parseQuery(text) ?? { whole: [], prefixes: [], phrases: [] };
    expect([...findMatches(body, query)].map(({ start, end }) => body.slice(start, end))).toEqual(expected);
  });
});
