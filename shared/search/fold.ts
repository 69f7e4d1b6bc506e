/**
 * The form in which texts are searched: what differs only in case, accents, points, width, digits of other scripts or
 * characters that are not seen is the same (Unicode compatibility decomposition, UAX #15, and more). Searching compares
 * folded texts alone, on both sides, so that what a person types is found however it was typed.
 */

/** Joins the parts of an emoji (UTS #51 section 1.4.9) in a folded text. */
export const emojiJoiner = "\uE004";
/** Begins the name of a keycap in a folded text. */
export const keycap = "\uE003";

const ascii = /^[\0-\x7f]*$/;
/**
 * Signs that are words of their own, whatever they stand beside: keycaps, flags, emoji with all that belongs to one
 * (UTS #51 definition ED-17), numbers in circles, other symbols. And the private characters that a folded text is
 * marked with, which no text may bring.
 */
const sign =
  /[0-9#*]\uFE0F?\u20E3|\p{RI}{1,2}|\p{Extended_Pictographic}[\uFE0E\uFE0F]?\p{Emoji_Modifier}?(?:[\u{E0020}-\u{E007E}]+\u{E007F}?)?(?:\u200D\p{Extended_Pictographic}[\uFE0E\uFE0F]?\p{Emoji_Modifier}?)*|\p{Emoji_Modifier}|[\u2460-\u249B\u24EA-\u24FF\u2776-\u2793]|[[\p{So}\p{Sc}]--[\p{Alphabetic}\0-\x7f]]|[\uE000-\uE004]/gv;
/** Whether there is one at all, which is known sooner. */
const signAhead =
  /[\p{RI}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{So}\p{Sc}\u20E3\u2460-\u249B\u24EA-\u24FF\u2776-\u2793\uE000-\uE004]/v;
/** Circled numbers without a decomposition: where each row begins, and its first number. */
const numberRows: readonly (readonly [first: number, last: number, value: number])[] = [
  [0x24eb, 0x24f4, 11],
  [0x24f5, 0x24fe, 1],
  [0x24ff, 0x24ff, 0],
  [0x2776, 0x277f, 1],
  [0x2780, 0x2789, 1],
  [0x278a, 0x2793, 1],
];
/**
 * Characters that count for nothing: what is not seen; strokes that only make a word longer (Arabic, N'Ko, Mongolian);
 * and marks that people leave out when they type: Latin, Greek and Cyrillic accents, Hebrew points, Arabic and Syriac
 * vowel signs, not the voicing marks of kana.
 */
const dropped =
  /[[\p{Cf}\p{Default_Ignorable_Code_Point}\u0640\u07FA\u180A\p{Me}[\p{M}&&[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Cyrillic}\p{Script=Syriac}]]]--[\u3099\u309A]]/gv;
/**
 * Letters that Unicode does not decompose but that people type as others, or that keyboards of neighbouring languages
 * have in the same place.
 */
const letters: Readonly<Record<string, string>> = {
  ...{ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ȷ: "j", ħ: "h", ŧ: "t", ς: "σ" },
  // Arabic as it is typed in Persian, Urdu, Egypt.
  ...{ ی: "ي", ى: "ي", ک: "ك", ہ: "ه", ھ: "ه", ە: "ه", ة: "ه", ٱ: "ا" },
  // Yiddish digraphs, which are typed as two letters too.
  ...{ װ: "וו", ױ: "וי", ײ: "יי" },
  // The Bengali t without a vowel, whose older form is written with a virama.
  ...{ ৎ: "ত্" },
  // Malayalam consonants without a vowel, which are also written with a virama.
  ...{ ൺ: "ണ്", ൻ: "ന്", ർ: "ര്", ൽ: "ല്", ൾ: "ള്", ൿ: "ക്" },
};
const foldable = new RegExp(`[${Object.keys(letters).join("")}]`, "gu");
const foreignDigit = /(?![0-9])\p{Nd}/gu;
/** The vowel am of Thai and Lao decomposes behind the tone mark; it is also typed before it. */
const toneBeforeNikhahit = /([\u0E48-\u0E4B])\u0E4D|([\u0EC8-\u0ECB])\u0ECD/gu;

/** The folded text. It may be longer or shorter. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  const apart = signAhead.test(text) ? text.replace(sign, plainSign) : text;
  const plain = apart.normalize("NFKD").toLowerCase().replace(dropped, "");
  return plain
    .replace(foldable, (letter) => letters[letter] ?? letter)
    .replace(foreignDigit, digitOf)
    .replace(toneBeforeNikhahit, (_, thai?: string, lao?: string) =>
      thai === undefined ? `\u0ECD${lao}` : `\u0E4D${thai}`,
    )
    .normalize("NFC");
}

/**
 * A folded text, and of each of its units where what it was made of begins and ends in the text itself: whole
 * characters as people see them.
 */
export interface FoldedText {
  readonly folded: string;
  startOf(unit: number): number;
  endOf(unit: number): number;
}

const characters = new Intl.Segmenter("und", { granularity: "grapheme" });

export function foldInPlace(text: string): FoldedText {
  if (ascii.test(text)) return { folded: text.toLowerCase(), startOf: (unit) => unit, endOf: (unit) => unit + 1 };
  const starts: number[] = [];
  const ends: number[] = [];
  let folded = "";
  for (const { segment, index } of characters.segment(text)) {
    const one = foldCharacter(segment);
    folded += one;
    for (let i = 0; i < one.length; i++) {
      starts.push(index);
      ends.push(index + segment.length);
    }
  }
  return { folded, startOf: (unit) => starts[unit] ?? text.length, endOf: (unit) => ends[unit] ?? text.length };
}

const remembered = new Map<string, string>();
const maxRemembered = 3_000;
/** A character with more marks than anybody writes is not worth it. */
const longestRemembered = 16;

/** The same characters come again and again, and folding is expensive. */
function foldCharacter(character: string): string {
  const known = remembered.get(character);
  if (known !== undefined) return known;
  const folded = fold(character);
  if (character.length <= longestRemembered) {
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(character, folded);
  }
  return folded;
}

/** Apart from what stands beside it. */
function plainSign(found: string): string {
  const first = found.codePointAt(0) ?? 0;
  if (found.endsWith("\u20E3"))
    return ` ${keycap}${found[0] === "#" ? "number" : found[0] === "*" ? "asterisk" : found[0]} `;
  if (first >= 0xe000 && first <= 0xe004) return " ";
  const row = numberRows.find(([from, to]) => first >= from && first <= to);
  if (row) return ` ${row[2] + first - row[0]} `;
  const parts = [...found].filter((character) => /\p{Extended_Pictographic}/u.test(character));
  if (parts.length === 0) return ` ${found} `;
  const tags = [...found].map((character) => tagLetter(character.codePointAt(0) ?? 0)).join("");
  return ` ${[...parts, ...(tags === "" ? [] : [tags])].join(emojiJoiner)} `;
}

/** The letter or digit that a tag character stands for (UTS #51 appendix C). */
function tagLetter(code: number): string {
  const letter = code >= 0xe0030 && code <= 0xe007a ? String.fromCodePoint(code - 0xe0000) : "";
  return /^[0-9a-z]$/.test(letter) ? letter : "";
}

const digits = new Map<string, string>();

/** A decimal digit of any script as one of ASCII: each has its ten in a row, the zero first. */
function digitOf(character: string): string {
  const known = digits.get(character);
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  digits.set(character, String(value));
  return String(value);
}
