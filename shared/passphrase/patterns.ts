import { commonWords } from "./common-words.ts";
import { knownPhrases } from "./known-phrases.ts";

/**
 * Ways in which people make a passphrase that is guessed early: `own` is what is known of them, such as their address.
 */
export type PatternKind = "common" | "repeat" | "sequence" | "date" | "own";

/** A part of a passphrase, in characters, that is guessed as one; `bits`: binary logarithm of the guesses. */
export interface Pattern {
  readonly kind: PatternKind;
  readonly start: number;
  readonly end: number;
  readonly bits: number;
}

/**
 * Every pattern in a passphrase; parts may overlap. Blanks and dashes in a pattern make it no better: `p a s s w o r
 * d`.
 */
export function findPatterns(characters: readonly string[], own: readonly string[]): readonly Pattern[] {
  const places = [...characters.keys()].filter((place) => !/[\s_.,'’-]/.test(characters[place] ?? ""));
  const close = places.map((place) => characters[place] ?? "");
  const inClose = [...patternsIn(close, own), ...findRuns(close.map(plainLetter), phrases)].map((pattern) => ({
    ...pattern,
    start: places[pattern.start] ?? 0,
    end: (places[pattern.end - 1] ?? 0) + 1,
  }));
  return places.length === characters.length ? inClose : [...patternsIn(characters, own), ...inClose];
}

function patternsIn(characters: readonly string[], own: readonly string[]): readonly Pattern[] {
  const text = characters.map(plainLetter);
  return [
    ...findWords(characters, text, own),
    ...findRepeats(text),
    ...findRuns(text, sequences),
    ...findDates(characters),
  ];
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
          const capitals = characters.slice(start, end).some((character) => character !== character.toLowerCase())
            ? 1
            : 0;
          found.push({
            kind: mine.has(word) ? "own" : "common",
            start,
            end,
            bits: Math.log2(rank) + 1 + extra + capitals,
          });
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
      if (times >= (size === 1 ? 3 : 2))
        found.push({ kind: "repeat", start: start + size, end, bits: 1 + Math.log2(times) });
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
  "1q2w3e4r5t6y7u8i9o0p",
  "q1w2e3r4t5y6u7i8o9p0",
  "1a2z3e4r5t6y7u8i9o0p",
  "a1z2e3r4t5y6u7i8o9p0",
  "qawsedrftgyhujikolp",
  "qazwsxedcrfvtgbyhnujmikolp",
  "zaq12wsxcde34rfvbgt56yhnmju78ik",
].flatMap((order) => [order, [...order].reverse().join("")]);

/** Texts of which a part of so many characters or more is known; `bits`: what it takes to guess which one. */
interface Runs {
  readonly texts: readonly string[];
  readonly shortest: number;
  readonly kind: PatternKind;
  readonly bits: number;
}

const sequences: Runs = { texts: orders, shortest: 3, kind: "sequence", bits: 4 };
const phrases: Runs = { texts: knownPhrases, shortest: 10, kind: "common", bits: 9 };

function findRuns(text: readonly string[], { texts, shortest, kind, bits }: Runs): Pattern[] {
  const found: Pattern[] = [];
  for (const known of texts) {
    for (let start = 0; start + shortest <= text.length; start++) {
      for (let at = known.indexOf(text[start] ?? ""); at !== -1; at = known.indexOf(text[start] ?? "", at + 1)) {
        let length = 1;
        while (
          start + length < text.length &&
          at + length < known.length &&
          text[start + length] === known[at + length]
        )
          length++;
        for (let end = start + shortest; end <= start + length; end++)
          found.push({ kind, start, end, bits: bits + Math.log2(end - start) });
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
    for (const match of digits.matchAll(pattern))
      found.push({ kind: "date", start: match.index, end: match.index + (match[1]?.length ?? 0), bits });
  return found;
}
