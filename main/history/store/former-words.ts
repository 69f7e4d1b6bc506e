/**
 * How texts were cut into words before version 7 of the schema. Never changed: entries that were made with it are taken
 * out of the index with it, for the index keeps no texts and must be told which words go
 * (https://www.sqlite.org/fts5.html#the_delete_command).
 */
const wordPattern = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu;
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
const droppedMarks = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/gu;
const notWord = /[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}]+/gu;
const foldedLetters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ς: "σ",
};
const foldable = /[ßæœøłđðþıς]/gu;
const ascii = /^[\0-\x7f]*$/;
const asciiWords = /[a-z0-9]+/g;
const maxWordLength = 40;
const maxQueryWords = 16;

/** Lower case, without accents, compatibility forms made plain. */
function fold(text: string): string {
  const plain = text.toLowerCase().normalize("NFKD").replace(droppedMarks, "");
  return plain.replace(foldable, (letter) => foldedLetters[letter] ?? letter).normalize("NFC");
}

function cut(word: string): string {
  return word.length <= maxWordLength ? word : word.slice(0, maxWordLength).replace(/[\ud800-\udbff]$/, "");
}

/**
 * Overlapping pairs of a run of unspaced script; the last character alone too when it is indexed, so that it is found
 * by itself.
 */
function pairs(run: string, forQuery: boolean): string[] {
  const characters = Array.from(run);
  const result: string[] = [];
  for (let i = 0; i + 1 < characters.length; i++) result.push(`${characters[i]}${characters[i + 1]}`);
  const last = characters.at(-1);
  if (last !== undefined && (!forQuery || characters.length === 1)) result.push(last);
  return result;
}

function wordsOf(original: string, forQuery: boolean): string[] {
  const folded = fold(original).replace(notWord, "");
  if (folded === "") return [];
  const result: string[] = [];
  let end = 0;
  for (const match of folded.matchAll(unspaced)) {
    if (match.index > end) result.push(cut(folded.slice(end, match.index)));
    result.push(...pairs(match[0], forQuery));
    end = match.index + match[0].length;
  }
  if (end < folded.length) result.push(cut(folded.slice(end)));
  return result;
}

/** The different words of a text as they were cut then. */
export function formerWords(text: string): ReadonlySet<string> {
  const result = new Set<string>();
  if (ascii.test(text)) {
    for (const word of text.toLowerCase().match(asciiWords) ?? []) result.add(cut(word));
    return result;
  }
  for (const match of text.matchAll(wordPattern)) for (const word of wordsOf(match[0], false)) result.add(word);
  return result;
}

export interface FormerQuery {
  readonly whole: readonly string[];
  readonly prefix: string;
}

/** A query for entries of then. */
export function parseFormerQuery(text: string): FormerQuery | undefined {
  const all: string[] = [];
  for (const match of text.slice(0, 2000).matchAll(wordPattern)) all.push(...wordsOf(match[0], true));
  const kept = all.slice(0, maxQueryWords);
  const prefix = kept.pop();
  return prefix === undefined ? undefined : { whole: [...new Set(kept)], prefix };
}
