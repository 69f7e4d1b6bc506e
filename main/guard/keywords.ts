import { hasOverride } from "../../shared/text/visual-order.ts";
import { isWord } from "./edges.ts";
import { foldCharacter, foldShape } from "./fold.ts";
import type { Finder, InspectedText, Span } from "./inspected-text.ts";
import { fewestSpelled, spelledWords } from "./letter-spacing.ts";
import { joined } from "./spans.ts";

interface State {
  /** By the next UTF-16 unit: most states have one only, which needs no map. */
  unit: number;
  only: State | undefined;
  next: Map<number, State> | undefined;
  /** Where to go on when no word continues (Aho and Corasick, 1975). */
  fallback: State | undefined;
  /** Length of the word that ends here, the lists that it is in, and the next state by `fallback` where one ends. */
  length: number;
  lists: number[];
  shorter: State | undefined;
}

const blank = 0x20;
const lineEnd = 0x0a;

/**
 * A finder for each list: whole words and phrases, whatever their case, accents and blanks. All lists share one pass
 * over a text, however many words they have. Words of nothing but blanks and invisible characters are left out.
 */
export function createKeywordFinders(lists: readonly (readonly string[])[]): readonly Finder[] {
  const plain = automaton(lists, foldCharacter);
  let shapes: State | undefined;
  let unspaced: State | undefined;
  let last: { readonly text: InspectedText; readonly found: readonly (readonly Span[])[] } | undefined;

  /** Of each list, the spelled words of the text that are a keyword or phrase of it, also behind an article. */
  function findSpelled(text: InspectedText): ReadonlyMap<number, readonly Span[]> {
    const found = new Map<number, Span[]>();
    for (const { letters, places } of spelledWords(text.plain)) {
      unspaced ??= automaton(lists, withoutBlanks);
      for (const from of [0, 1])
        for (const [list, spans] of scan(unspaced, letters.slice(from)))
          for (const { start, end } of spans) {
            const [first, last] = [places[from + start], places[from + end - 1]];
            if (first === undefined || last === undefined || end - start < fewestSpelled) continue;
            const all = found.get(list) ?? [];
            all.push(text.original({ start: first, end: last + 1 }));
            found.set(list, all);
          }
    }
    return found;
  }

  /** Of each list, what is found in the text and behind its disguises. */
  function findAll(text: InspectedText): readonly (readonly Span[])[] {
    const found = scan(plain, text.plain);
    const others = text.disguised.length > 0 ? text.disguised : signsAsLetters.test(text.body) ? [text] : [];
    const inLetters = findSpelled(text);
    if (found.size === 0 && others.length === 0 && inLetters.size === 0) return [];
    if (others.length > 0) shapes ??= automaton(lists, (character) => signsAlike(foldShape(character)));
    const behind = others.map((other) => ({
      other,
      found: shapes === undefined ? new Map<number, Span[]>() : scan(shapes, signsAlike(other.plain)),
    }));
    return lists.map((_, index) =>
      joined([
        ...(found.get(index) ?? []).map((span) => text.original(span)),
        ...(inLetters.get(index) ?? []),
        ...behind.flatMap((one) =>
          (one.found.get(index) ?? [])
            .map((span) => one.other.original(span))
            .filter(({ start, end }) => isDisguise(text.body.slice(start, end), hasOverride(text.body))),
        ),
      ]),
    );
  }

  return lists.map((_, index) => (text) => {
    if (last?.text !== text) last = { text, found: findAll(text) };
    return last.found[index] ?? [];
  });
}

/** Whether anything is left of a word to look for. */
export function isFindable(keyword: string): boolean {
  return foldKeyword(keyword, foldCharacter) !== "";
}

function automaton(lists: readonly (readonly string[])[], fold: (character: string) => string): State {
  const root = newState();
  for (const [index, keywords] of lists.entries())
    for (const keyword of keywords) add(root, foldKeyword(keyword, fold), index);
  link(root);
  return root;
}

/**
 * Letters of one script that happen to look like a word are one only where they are many: a short word of Russian looks
 * like one of English.
 */
const fewestOfOneScript = 4;
/** A digit or sign beside a letter, where people write it for a letter, or a capital I, which looks like a small l. */
const signsAsLetters = /[A-Za-z][013457@$|]|[013457@$|][A-Za-z]|[a-z]I|I[a-z]/;
/** Letters of which a digit or a sign is drawn, or that it is read as. */
const signLetters: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "l",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "|": "l",
  i: "l",
};

/**
 * The letters of which nobody can tell one from the other in some script, letter case or typeface as one letter each,
 * and signs as the letters that they are written for. Lengths stay.
 */
function signsAlike(shape: string): string {
  return shape.replace(/[013457@$|i]/g, (sign) => signLetters[sign] ?? sign);
}

/**
 * A word of letters and of digits or signs in their place: long enough, and more of letters than of others, so that an
 * amount with its unit is none.
 */
function isWrittenWithSigns(part: string): boolean {
  const letters = part.match(/[a-z]/gi)?.length ?? 0;
  const signs = part.match(/[013457@$|]/g)?.length ?? 0;
  const isEnough = letters > signs || (letters === signs && letters >= 3);
  return signsAsLetters.test(part) && letters + signs >= fewestOfOneScript && isEnough;
}

/**
 * Whether a part of a text that looks like a keyword is meant to: it mixes scripts, is shown back to front, or is too
 * long for chance.
 */
function isDisguise(part: string, isReversed: boolean): boolean {
  // A sign may stand for a letter, too: the estimated symbol for an e, the times sign for an x.
  const letters = [...part].filter((one) => /[\p{L}\p{N}]/u.test(one) || /^[a-z0-9]$/.test(foldShape(one)));
  const latin = letters.filter((one) => /[a-z0-9]/i.test(one)).length;
  if (latin === letters.length) return isReversed || isWrittenWithSigns(part);
  return latin > 0 || letters.length >= fewestOfOneScript;
}

function scan(root: State, plain: string): Map<number, Span[]> {
  const found = new Map<number, Span[]>();
  let state = root;
  for (let i = 0; i < plain.length; i++) {
    const code = plain.charCodeAt(i);
    const unit = code === lineEnd ? blank : code;
    let next = step(state, unit);
    while (!next && state.fallback) {
      state = state.fallback;
      next = step(state, unit);
    }
    if (!next) continue;
    state = next;
    for (let ending: State | undefined = state.length > 0 ? state : state.shorter; ending; ending = ending.shorter) {
      const span = { start: i + 1 - ending.length, end: i + 1 };
      if (!isWord(plain, span.start, span.end)) continue;
      for (const list of ending.lists) {
        const spans = found.get(list) ?? [];
        keep(spans, span);
        found.set(list, spans);
      }
    }
  }
  return found;
}

function withoutBlanks(character: string): string {
  return foldCharacter(character).replace(/[ \n]/g, "");
}

const none: number[] = [];

function newState(): State {
  return {
    unit: -1,
    only: undefined,
    next: undefined,
    fallback: undefined,
    length: 0,
    lists: none,
    shorter: undefined,
  };
}

function step(state: State, unit: number): State | undefined {
  return state.next ? state.next.get(unit) : state.unit === unit ? state.only : undefined;
}

function grow(state: State, unit: number): State {
  const next = newState();
  if (state.next) state.next.set(unit, next);
  else if (state.only) {
    state.next = new Map([
      [state.unit, state.only],
      [unit, next],
    ]);
    state.only = undefined;
  } else {
    state.unit = unit;
    state.only = next;
  }
  return next;
}

function children(state: State): Iterable<readonly [number, State]> {
  return state.next ?? (state.only ? [[state.unit, state.only]] : []);
}

function foldKeyword(keyword: string, fold: (character: string) => string): string {
  return [...keyword].map(fold).join("").replaceAll("\n", " ").replace(/ +/g, " ").trim();
}

function add(root: State, word: string, list: number): void {
  if (word === "") return;
  let state = root;
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    state = step(state, unit) ?? grow(state, unit);
  }
  state.length = word.length;
  if (!state.lists.includes(list)) state.lists = [...state.lists, list];
}

/** Gives every state its fallback, the shortest states first. */
function link(root: State): void {
  const queue: State[] = [root];
  for (const state of queue) {
    for (const [unit, next] of children(state)) {
      let fallback = state.fallback;
      while (fallback && !step(fallback, unit)) fallback = fallback.fallback;
      next.fallback = (fallback && step(fallback, unit)) ?? root;
      next.shorter = next.fallback.length > 0 ? next.fallback : next.fallback.shorter;
      queue.push(next);
    }
  }
}

/** Keeps spans in order and apart: one that overlaps the last ones takes them in. */
function keep(found: Span[], span: Span): void {
  let { start } = span;
  for (let last = found.at(-1); last && last.end > start; last = found.at(-1)) {
    start = Math.min(start, last.start);
    found.pop();
  }
  found.push({ start, end: span.end });
}
