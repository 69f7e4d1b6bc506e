import { commonWords } from "./common-words.ts";

/** Ways in which people make a passphrase that is guessed early: `own` is what is known of them, such as their address. */
export type PatternKind = "common" | "repeat" | "sequence" | "date" | "own";

/** A part of a passphrase, in characters, that is guessed as one; `bits`: binary logarithm of the guesses. */
export interface Pattern {
  readonly kind: PatternKind;
  readonly start: number;
  readonly end: number;
  readonly bits: number;
}

/** Every pattern in a passphrase; parts may overlap. */
export function findPatterns(characters: readonly string[], own: readonly string[]): readonly Pattern[] {
  const text = characters.map(plainLetter);
  return [...findWords(characters, text, own), ...findRepeats(text), ...findSequences(text), ...findDates(characters)];
}

/** Signs and digits that stand for letters. */
export const substitutes: Readonly<Record<string, string>> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "€": "e",
  "1": "i",
  "!": "i",
  "0": "o",
  $: "s",
  "5": "s",
  "7": "t",
  "+": "t",
  "8": "b",
};

/** One character without case and accents, so that places stay the same. */
function plainLetter(character: string): string {
  const plain = [...character.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()];
  return plain.length === 1 ? (plain[0] ?? character) : character;
}

const ranks = new Map(commonWords.map((word, index) => [word, index + 1]));
const longestWord = Math.max(...commonWords.map(({ length }) => length));

function findWords(characters: readonly string[], text: readonly string[], own: readonly string[]): Pattern[] {
  const mine = new Set(
    own
      .flatMap((one) => one.normalize("NFKC").split(/[^\p{L}\p{N}]+/u))
      .map((one) => [...one].map(plainLetter).join(""))
      .filter(({ length }) => length >= 3),
  );
  const longest = Math.max(longestWord, ...[...mine].map(({ length }) => length));
  const clear = text.map((character) => substitutes[character] ?? character);
  const found: Pattern[] = [];
  for (let start = 0; start < text.length; start++) {
    for (let end = start + 3; end <= Math.min(text.length, start + longest); end++) {
      for (const [spelled, extra] of [
        [text, 0],
        [clear, 1.5],
      ] as const) {
        for (const word of [spelled.slice(start, end).join(""), spelled.slice(start, end).reverse().join("")]) {
          const rank = mine.has(word) ? 4 : ranks.get(word);
          if (rank === undefined) continue;
          const capitals = characters.slice(start, end).some((character) => character !== character.toLowerCase()) ? 1 : 0;
          found.push({ kind: mine.has(word) ? "own" : "common", start, end, bits: Math.log2(rank) + 1 + extra + capitals });
        }
      }
    }
  }
  return found;
}

/** A character or a block that comes again at once: costs the block, and how often. */
function findRepeats(text: readonly string[]): Pattern[] {
  const found: Pattern[] = [];
  const longestBlock = Math.min(20, Math.floor(text.length / 2));
  for (let size = 1; size <= longestBlock; size++) {
    for (let start = 0; start + 2 * size <= text.length; start++) {
      let end = start + size;
      while (end < text.length && text[end] === text[end - size]) end++;
      // Whole blocks, and what is left of the last one with them.
      const times = (end - start) / size;
      if (times >= (size === 1 ? 3 : 2)) found.push({ kind: "repeat", start: start + size, end, bits: 1 + Math.log2(times) });
    }
  }
  return found;
}

/** Orders that everybody knows: alphabet, numbers, and the rows and columns of keyboards. */
const orders = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "azertyuiop",
  "qsdfghjklm",
  "wxcvbn",
  "qwertzuiop",
  "yxcvbnm",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
  "1aqw2zsx3edc4rfv",
  "!@#$%^&*()",
  "147258369",
  "абвгдежзийклмнопрстуфхцчшщъыьэюя",
  "йцукенгшщзхъ",
].flatMap((order) => [order, [...order].reverse().join("")]);

function findSequences(text: readonly string[]): Pattern[] {
  const found: Pattern[] = [];
  for (const order of orders) {
    for (let start = 0; start + 3 <= text.length; start++) {
      for (let at = order.indexOf(text[start] ?? ""); at !== -1; at = order.indexOf(text[start] ?? "", at + 1)) {
        let length = 1;
        while (start + length < text.length && at + length < order.length && text[start + length] === order[at + length]) length++;
        for (let end = start + 3; end <= start + length; end++) found.push({ kind: "sequence", start, end, bits: 4 + Math.log2(end - start) });
      }
    }
  }
  return found;
}

/** Days and years, with or without signs between them. */
function findDates(characters: readonly string[]): Pattern[] {
  const digits = characters.map((character) => (character.length === 1 ? character : "\u0000")).join("");
  const found: Pattern[] = [];
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/(?=((?:19|20)\d\d))/g, 7],
    [/(?=((?:0?[1-9]|[12]\d|3[01])[-/. ]?(?:0?[1-9]|1[0-2])[-/. ]?(?:(?:19|20)\d\d|\d\d)))/g, 15],
    [/(?=((?:0?[1-9]|1[0-2])[-/. ]?(?:0?[1-9]|[12]\d|3[01])[-/. ]?(?:(?:19|20)\d\d|\d\d)))/g, 15],
    [/(?=((?:19|20)\d\d[-/. ]?(?:0[1-9]|1[0-2])[-/. ]?(?:0[1-9]|[12]\d|3[01])))/g, 15],
  ];
  for (const [pattern, bits] of kinds)
    for (const match of digits.matchAll(pattern)) found.push({ kind: "date", start: match.index, end: match.index + (match[1]?.length ?? 0), bits });
  return found;
}
