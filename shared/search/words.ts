import { emojiJoiner, fold, keycap } from "./fold.ts";

/**
 * Cuts texts into the words that the index of the history and a search share. Both sides go through here, so that what
 * is indexed is what is looked for. A word has letters, digits, marks and signs only: no text can be taken for query
 * syntax.
 */

/**
 * A run of letters and digits, an emoji, a flag, a keycap, or another sign, in a folded text. Apostrophes that Unicode
 * counts as letters part words like others.
 */
const token =
  /[[\p{L}\p{N}\p{M}\p{Alphabetic}]--[\p{Extended_Pictographic}\u02B9-\u02BF\uA78B\uA78C]]+|\uE003[0-9a-z]+|\p{RI}{1,2}|[\p{Extended_Pictographic}\p{Emoji_Modifier}[[\p{So}\p{Sc}]--[\0-\x7f]]](?:\uE004(?:\p{Extended_Pictographic}|[0-9a-z]+))*/gv;
/**
 * Scripts that are written without spaces between words, with the marks that they share (the long-vowel mark of kana).
 * They are cut into overlapping pairs of characters. Where words begin is known to dictionaries alone, which differ
 * from one version to the next.
 */
const unspacedCharacter =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Yi}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tai_Le}\p{scx=New_Tai_Lue}\p{scx=Tai_Tham}\p{scx=Tai_Viet}\p{scx=Javanese}\p{scx=Balinese}\p{scx=Buginese}\p{scx=Batak}\p{scx=Tangut}\p{scx=Nushu}]/v;
const unspaced = new RegExp(`${unspacedCharacter.source}+`, "gv");
const unspacedAhead = new RegExp(`^${unspacedCharacter.source}`, "v");
/** Not seen, and yet they part what could be typed as two words: the zero-width space and the zero-width non-joiner. */
const hiddenParting = /[\u200B\u200C]/;
const hiddenPartings = /[\u200B\u200C]/g;
export const ascii: RegExp = /^[\0-\x7f]*$/;
export const asciiWords: RegExp = /[a-z0-9]+/g;
/** Longer words are cut here, in UTF-16 units: nobody types more, and a pasted blob must not swell the index. */
const maxWordLength = 40;

/** Words of a stretch of a folded text. `characters`: one of a script without spaces, as it stands there. */
export interface CutPiece {
  readonly start: number;
  readonly end: number;
  readonly words: readonly string[];
  readonly characters?: string;
}

/** Stretches in which words stand: no word goes beyond white space or the punctuation of texts without spaces. */
export const stretch = /[[\S\uFEFF]--[。、，．！？；：｡､]]+/gv;

/** The different words of a text, folded, in order of first appearance. */
export function words(text: string): ReadonlySet<string> {
  const result = new Set<string>();
  // Most texts are of ASCII, and of what is not most stretches are.
  for (const one of ascii.test(text) ? [text] : (text.match(stretch) ?? []))
    for (const word of wordsOf(one)) result.add(word);
  return result;
}

const remembered = new Map<string, readonly string[]>();
const maxRemembered = 3_000;
const longestRemembered = 24;

/** The words of a stretch. */
export function wordsOf(text: string): readonly string[] {
  if (ascii.test(text)) return (text.toLowerCase().match(asciiWords) ?? []).map(cutShort);
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const result = readings(text).flatMap((one) => cut(fold(one)).flatMap((piece) => piece.words));
  if (text.length > longestRemembered) return result;
  // The same words come again and again, and cutting is expensive.
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(text, result);
  return result;
}

/** Whether a folded word is of a script that is written without spaces. */
export function beginsUnspaced(word: string): boolean {
  return unspacedAhead.test(word);
}

/** A text as it is cut: as it is, and parted where something parts it that is not seen. All of the same length. */
export function readings(text: string): readonly string[] {
  return hiddenParting.test(text) ? [text, text.replace(hiddenPartings, " ")] : [text];
}

/** The pieces of a folded text, in their order. */
export function cut(folded: string): CutPiece[] {
  const result: CutPiece[] = [];
  for (const match of folded.matchAll(token)) pieces(match[0], match.index, result);
  return result;
}

/**
 * A word of a query. `isPart`: a single character of a script without spaces, which begins a pair wherever it stands.
 */
export interface QueryWord {
  readonly word: string;
  readonly isPart: boolean;
}

/** The words of a folded query, and its stretches in scripts without spaces. */
export function cutQuery(folded: string): {
  readonly words: readonly QueryWord[];
  readonly phrases: readonly string[];
} {
  const result: QueryWord[] = [];
  const phrases: string[] = [];
  for (const match of folded.matchAll(token))
    for (const { words: all, characters } of pieces(match[0], match.index, [])) {
      if (characters === undefined) {
        // As a whole: a text has parts of it, too.
        result.push(...all.slice(0, 1).map((word) => ({ word, isPart: false })));
        continue;
      }
      phrases.push(characters);
      // The last one is a character alone, which a text has only at the end of a stretch.
      result.push(...(all.length === 1 ? all : all.slice(0, -1)).map((word) => ({ word, isPart: all.length === 1 })));
    }
  return { words: result, phrases };
}

function pieces(found: string, start: number, result: CutPiece[]): CutPiece[] {
  const add = (from: number, to: number, words: readonly string[]): void => {
    result.push({ start: start + from, end: start + to, words });
  };
  if (found.startsWith(keycap)) {
    const name = found.slice(1);
    add(0, found.length, [`\u20E3${name}`, ...(name.length === 1 ? [name] : [])]);
  } else if (found.includes(emojiJoiner)) {
    const [first = ""] = found;
    add(0, found.length, [cutShort(found.replaceAll(emojiJoiner, "")), first]);
  } else {
    let end = 0;
    for (const match of found.matchAll(unspaced)) {
      if (match.index > end) add(end, match.index, [cutShort(found.slice(end, match.index))]);
      end = match.index + match[0].length;
      const [characters] = match;
      result.push({ start: start + match.index, end: start + end, words: pairs(characters), characters });
    }
    if (end < found.length) add(end, found.length, [cutShort(found.slice(end))]);
  }
  return result;
}

/** Overlapping pairs, and the last character alone, so that it is found by itself. */
function pairs(characters: string): string[] {
  const all = Array.from(characters);
  return all.map((character, index) => `${character}${all[index + 1] ?? ""}`);
}

/** A word as far as it is kept. */
export function cutShort(word: string): string {
  return word.length <= maxWordLength ? word : word.slice(0, maxWordLength).replace(/[\ud800-\udbff]$/, "");
}
