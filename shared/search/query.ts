import { fold, foldInPlace } from "./fold.ts";
import { ascii, asciiWords, cut, cutQuery, cutShort, readings, stretch, words, wordsOf } from "./words.ts";

/** Query of a person. A text matches when it has every word and every phrase. */
export interface WordQuery {
  /** Words as they are. */
  readonly whole: readonly string[];
  /** Beginnings of words, at least one: the last word may not have been typed to its end. */
  readonly prefixes: readonly string[];
  /**
   * Stretches of a script without spaces, folded: each stands in the text as it is here. The words of the index do not
   * say in which order they stand.
   */
  readonly phrases: readonly string[];
}

/** A part of a text, in UTF-16 units; `end` is the first unit after it. */
export interface MatchPlace {
  readonly start: number;
  readonly end: number;
}

const maxQueryLength = 2000;
const maxQueryWords = 16;

/** Any text at all as a query; undefined when there is no word in it. Quotes and operators are plain text. */
export function parseQuery(text: string): WordQuery | undefined {
  const { words: all, phrases } = cutQuery(fold(text.slice(0, maxQueryLength)));
  const kept = all.slice(0, maxQueryWords);
  const last = kept.pop();
  if (last === undefined) return undefined;
  const pick = (isPart: boolean): string[] => kept.filter((one) => one.isPart === isPart).map(({ word }) => word);
  return {
    whole: [...new Set(pick(false))],
    prefixes: [...new Set([...pick(true), last.word])],
    phrases: [...new Set(phrases)],
  };
}

/** Whether a text has all that a query looks for. */
export function matches(text: string, query: WordQuery): boolean {
  const found = words(text);
  if (!query.whole.every((word) => found.has(word))) return false;
  const all = [...found];
  return query.prefixes.every((prefix) => all.some((word) => word.startsWith(prefix))) && hasPhrases(text, query);
}

/** Whether a text that has the words of a query has its phrases, too. */
export function hasPhrases(text: string, { phrases }: WordQuery): boolean {
  if (phrases.length === 0) return true;
  const folded = fold(text);
  return phrases.every((phrase) => folded.includes(phrase));
}

/**
 * Where a text has what is looked for, from its beginning on, apart from each other: words whole, of scripts without
 * spaces the characters looked for.
 */
export function* findMatches(text: string, query: WordQuery): Generator<MatchPlace, undefined> {
  const isMeant = (word: string): boolean =>
    query.whole.includes(word) || query.prefixes.some((prefix) => word.startsWith(prefix));
  if (ascii.test(text)) {
    for (const { 0: word, index } of text.toLowerCase().matchAll(asciiWords))
      if (isMeant(cutShort(word))) yield { start: index, end: index + word.length };
    return undefined;
  }
  for (const { 0: one, index } of text.matchAll(stretch)) {
    // Most stretches have nothing, which is known sooner than where it would be.
    if (!wordsOf(one).some(isMeant)) continue;
    for (const { start, end } of apart(placesIn(one, query, isMeant))) yield { start: index + start, end: index + end };
  }
  return undefined;
}

function placesIn(text: string, { phrases }: WordQuery, isMeant: (word: string) => boolean): readonly MatchPlace[] {
  const result: MatchPlace[] = [];
  for (const reading of readings(text)) {
    const { folded, startOf, endOf } = foldInPlace(reading);
    for (const { start, end, characters, words: all } of cut(folded)) {
      if (characters !== undefined) {
        for (const phrase of phrases)
          for (let at = characters.indexOf(phrase); at !== -1; at = characters.indexOf(phrase, at + phrase.length))
            result.push({ start: startOf(start + at), end: endOf(start + at + phrase.length - 1) });
      } else if (all.some(isMeant)) result.push({ start: startOf(start), end: endOf(end - 1) });
    }
  }
  return result;
}

/** The same places in order; those that overlap are one. */
function apart(places: readonly MatchPlace[]): readonly MatchPlace[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of [...places].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = result.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
