import { matchEnd, matchStart } from "../../../shared/model/message.ts";
import { truncate } from "../../../shared/text/truncate.ts";

/**
 * Cuts text into the words that the index and a search share. Both sides go through `words`, so what is indexed is what
 * is looked for; SQLite only ever sees words of letters and digits separated by spaces, so no text can be taken for
 * query syntax.
 *
 * Case and accents are folded. Scripts that are written without spaces are cut into overlapping pairs of characters, and
 * a pictograph is a word of its own.
 */
const wordPattern = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
/** Marks that people leave out when they type: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs. */
const droppedMarks = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/gu;
const notWord = /[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}]+/gu;
/** Letters that Unicode does not decompose but that people type as others. */
const foldedLetters: Readonly<Record<string, string>> = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ" };
const foldable = /[ßæœøłđðþıς]/gu;
const ascii = /^[\0-\x7f]*$/;
const asciiWords = /[a-z0-9]+/g;
/** Longer words are cut here, in UTF-16 units: nobody types more, and a pasted blob must not swell the index. */
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

/** Overlapping pairs of a run of unspaced script; the last character alone too when it is indexed, so that it is found by itself. */
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

/** The different words of a text, folded, in order of first appearance. */
export function words(text: string): ReadonlySet<string> {
  const result = new Set<string>();
  if (ascii.test(text)) {
    for (const word of text.toLowerCase().match(asciiWords) ?? []) result.add(cut(word));
    return result;
  }
  for (const match of text.matchAll(wordPattern)) for (const word of wordsOf(match[0], false)) result.add(word);
  return result;
}

/** The word that names a conversation in the index; no text has this character once it is cut into words. */
export function conversationWord(conversation: number): string {
  return `\uE002${conversation}`;
}

/** What a person looks for: whole words, and a last one that may be the beginning of a word. */
export interface WordQuery {
  readonly whole: readonly string[];
  readonly prefix: string;
}

/** Any text at all as a query; undefined when there is no word in it. Quotes and operators are plain text. */
export function parseQuery(text: string): WordQuery | undefined {
  const all: string[] = [];
  for (const match of text.slice(0, 2000).matchAll(wordPattern)) all.push(...wordsOf(match[0], true));
  const kept = all.slice(0, maxQueryWords);
  const prefix = kept.pop();
  return prefix === undefined ? undefined : { whole: [...new Set(kept)], prefix };
}

/** Whether a text has all words of a query, as the index would say. */
export function matches(text: string, query: WordQuery): boolean {
  const found = words(text);
  if (!query.whole.every((word) => found.has(word))) return false;
  for (const word of found) if (word.startsWith(query.prefix)) return true;
  return false;
}

/** How long a snippet is, in UTF-16 units, and how much of it stands before the first match. */
const snippetLength = 160;
const snippetLead = 40;

/** A piece of the body around the first match, each matching word between U+E000 and U+E001. */
export function snippet(body: string, query: WordQuery): string {
  const matches: { start: number; end: number }[] = [];
  const whole = new Set(query.whole);
  for (const match of body.matchAll(wordPattern)) {
    if (matches.length > 0 && match.index > (matches[0]?.start ?? 0) + snippetLength) break;
    if (wordsOf(match[0], false).some((word) => whole.has(word) || word.startsWith(query.prefix)))
      matches.push({ start: match.index, end: match.index + match[0].length });
  }
  const first = matches[0]?.start ?? 0;
  let start = Math.max(0, first - snippetLead);
  if (start > 0) {
    const space = body.slice(start, first).search(/\s/u);
    if (space >= 0) start += space + 1;
    else start = first;
  }
  const end = Math.min(body.length, Math.max(start + snippetLength, Math.min(matches[0]?.end ?? 0, start + 2 * snippetLength)));
  let result = start > 0 ? "…" : "";
  let at = start;
  for (const match of matches) {
    if (match.start < at || match.end > end) continue;
    result += `${clean(body.slice(at, match.start))}${matchStart}${clean(body.slice(match.start, match.end))}${matchEnd}`;
    at = match.end;
  }
  return `${result}${clean(body.slice(at, end))}${end < body.length ? "…" : ""}`;
}

/** As much of the beginning of a body as a snippet holds, for a hit in which no word was looked for. */
export function beginning(body: string): string {
  return body.length <= snippetLength ? clean(body) : `${clean(truncate(body, snippetLength))}…`;
}

/** The body must not bring marks of its own. */
function clean(text: string): string {
  return text.replaceAll(matchStart, "").replaceAll(matchEnd, "");
}
