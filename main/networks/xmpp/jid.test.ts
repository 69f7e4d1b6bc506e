import fc from "fast-check";
import { expect, it } from "vitest";
import { addressOf, parseJid } from "./jid.ts";

it.each([
  ["alice@example.test/Desk", "alice@example.test/Desk", "alice@example.test"],
  ["ALICE@Example.TEST", "alice@example.test", "alice@example.test"],
  ["example.test", "example.test", undefined],
  ["example.test/a/b@c", "example.test/a/b@c", undefined],
  ["Ｊürgen@example.test", "jürgen@example.test", "jürgen@example.test"],
  ["ju\u0308rgen@example.test", "jürgen@example.test", "jürgen@example.test"],
  ["STRASSE@Straße.test", "strasse@straße.test", "strasse@straße.test"],
  ["col·lega@example.test", "col·lega@example.test", "col·lega@example.test"],
  ["ワ・タ@example.test", "ワ・タ@example.test", "ワ・タ@example.test"],
  ["bob@xn--mnchen-3ya.example/x", "bob@münchen.example/x", "bob@münchen.example"],
  ["bob@XN--MNCHEN-3YA.example", "bob@münchen.example", "bob@münchen.example"],
  ["bob@MÜNCHEN.example", "bob@münchen.example", "bob@münchen.example"],
  ["bob@xn--fiqs8s", "bob@中国", "bob@中国"],
  ["bob@[2001:DB8::1]", "bob@[2001:db8::1]", "bob@[2001:db8::1]"],
  ["bob@[2001:0DB8:0:0:0::1]/x", "bob@[2001:db8::1]/x", "bob@[2001:db8::1]"],
  ["bob@[::ffff:192.0.2.1]", "bob@[::ffff:c000:201]", "bob@[::ffff:c000:201]"],
  ["[0:0::1]", "[::1]", undefined],
  ["bob@under_score.test", "bob@under_score.test", "bob@under_score.test"],
  ["bob@a.test/caf\u0065\u0301\u00A0☕ 1", "bob@a.test/café ☕ 1", "bob@a.test"],
  // Joiners that change what is read, and one direction (RFC 5892 appendix A.1 and A.2, RFC 5893).
  ["نامه\u200Cای@example.test", "نامه\u200Cای@example.test", "نامه\u200Cای@example.test"],
  ["क\u094D\u200Dष@example.test", "क\u094D\u200Dष@example.test", "क\u094D\u200Dष@example.test"],
  ["bob@xn--mgba3gch31f060k.test", "bob@نامه\u200Cای.test", "bob@نامه\u200Cای.test"],
  ["bob@example.test/نامه\u200Cای 1", "bob@example.test/نامه\u200Cای 1", "bob@example.test"],
  ["שָׁלוֹם.2@example.test", "שָׁלוֹם.2@example.test", "שָׁלוֹם.2@example.test"],
  ["علي_2@ישראל.test", "علي_2@ישראל.test", "علي_2@ישראל.test"],
  ["d\\27artagnan@example.test", "d\\27artagnan@example.test", "d\\27artagnan@example.test"],
  ["a\\b@example.test", "a\\b@example.test", "a\\b@example.test"],
])("%s", (text, full, address) => {
  expect(parseJid(text)).toMatchObject({ full, address });
});

it.each([
  "",
  "/",
  "@",
  "@example.test",
  "alice@",
  "a@b@c",
  "alice@example.test/",
  "al ice@example.test",
  "alice@exa mple",
  "a<b@c",
  "a@b..c",
  "a@::1",
  "a@[::1",
  "a@[abc]",
  "a@[....]",
  "a@[192.0.2.1]",
  "a@[fe80::1%eth0]",
  "a@[::1].",
  "a@.b",
  "a@b/\u0000",
  "a\u0000@b",
  `${"a".repeat(1024)}@b`,
  "x".repeat(4000),
  // A trailing dot, in every form of it.
  "ceo@example.test.",
  "ceo@example.test./x",
  "ceo@example.test．",
  "ceo@example.test。",
  "example.test.",
  // What would fold onto something else (RFC 7622 sections 3.2 and 3.3).
  "𝐛ob@example.test",
  "ⓑob@example.test",
  "bo\u212A@example.test",
  "\uFB01ona@example.test",
  "b\u00B2@example.test",
  "Ⅷ@example.test",
  "bob@e\u24E7ample.test",
  "bob@\uFB01rma.test",
  "bob@example\u2024test",
  "bob@example。test",
  // What cannot be seen, or stands where it has no meaning.
  "al\u200Bice@example.test",
  "al\u00ADice@example.test",
  "al\u2060ice@example.test",
  "\u202Ealice@example.test",
  "alice\uFE0F@example.test",
  "alice\u200D@example.test",
  "al\u200Cice@example.test",
  "نامه\u200C@example.test",
  "alice@exam\u00ADple.test",
  // What would be read in another order than it is written.
  "aliceא@example.test",
  "אalice@example.test",
  "ali.علي@example.test",
  "1א@example.test",
  "א.@example.test",
  "ا\u06611@example.test",
  "bob@aא.test",
  "a·b@example.test",
  "\u05F3a@example.test",
  "a・b@example.test",
  "\u0661\u06F1@example.test",
  "ta\u0640tweel@example.test",
  "🐎@example.test",
  "bob@🐎.test",
  // ASCII forms that are none, or are not the only one.
  "bob@xn--a",
  "bob@xn--example-.test",
  "bob@xn--ls8h.test",
  "bob@a!b.test",
  // Resources.
  "bob@example.test/a\u200Bb",
  "bob@example.test/a\u200Db",
  "bob@example.test/👩\u200D💻",
  "bob@example.test/\u202E",
  "bob@example.test/\uFFFF",
  "bob@example.test/\uE000",
  "bob@example.test/\uD800",
  `bob@example.test/${"é".repeat(600)}`,
])("%j is none", (text) => {
  expect(parseJid(text)).toBeUndefined();
});

it("never takes one character for another, but for its width and its case", () => {
  const folded: string[] = [];
  for (let code = 0x80; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    // Only what has another form can be taken for it.
    if (
      (code >= 0xd800 && code <= 0xdfff) ||
      (code >= 0xff01 && code <= 0xffee) ||
      character.toLowerCase().normalize("NFKC") === character
    )
      continue;
    const read = parseJid(`b${character}b@example.test`)?.bare;
    const same = `b${character}b@example.test`.toLowerCase().normalize("NFC");
    if (read !== undefined && (read !== same || /^[\u0000-\u007F]*$/.test(read))) folded.push(code.toString(16));
  }
  expect(folded).toEqual([]);
});

it("reads anything without throwing, and reads its own canonical form as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const jid = parseJid(text);
      if (jid) expect(parseJid(jid.full)?.full).toBe(jid.full);
      const address = addressOf(text);
      if (address !== undefined) expect(address).toMatch(/^[^\s@/]+@[^\s@/]+$/u);
    }),
    { numRuns: 3000 },
  );
});
