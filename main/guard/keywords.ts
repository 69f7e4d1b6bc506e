import { type Finder, foldCharacter, type Span } from "./inspected-text.ts";

interface State {
  readonly next: Map<string, State>;
  /** Where to go on when no word continues (Aho and Corasick, 1975). */
  fallback: State | undefined;
  /** Length of the word that ends here, and the next state by `fallback` where one ends. */
  length: number;
  shorter: State | undefined;
}

/** Scripts that write no blanks between words: there a word has no edges to look for. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const letter = /[\p{L}\p{N}\p{M}_]/u;

/**
 * Finds whole words and phrases, whatever their case, accents and blanks, in one pass over the text however many they are.
 * Words of nothing but blanks and invisible characters are left out.
 */
export function createKeywordFinder(keywords: readonly string[]): Finder {
  const root = newState();
  for (const keyword of keywords) add(root, foldKeyword(keyword));
  link(root);
  return (text) => {
    const found: Span[] = [];
    const { plain } = text;
    let state = root;
    for (let i = 0; i < plain.length; i++) {
      const unit = plain[i] === "\n" ? " " : plain.charAt(i);
      for (;;) {
        const next = state.next.get(unit);
        if (next) state = next;
        else if (state.fallback) {
          state = state.fallback;
          continue;
        }
        break;
      }
      for (let ending: State | undefined = state.length > 0 ? state : state.shorter; ending; ending = ending.shorter) {
        const span = { start: i + 1 - ending.length, end: i + 1 };
        if (hasEdges(plain, span)) keep(found, span);
      }
    }
    return found.map((span) => text.original(span));
  };
}

function newState(): State {
  return { next: new Map(), fallback: undefined, length: 0, shorter: undefined };
}

function foldKeyword(keyword: string): string {
  return [...keyword].map(foldCharacter).join("").replaceAll("\n", " ").replace(/ +/g, " ").trim();
}

function add(root: State, word: string): void {
  if (word === "") return;
  let state = root;
  for (let i = 0; i < word.length; i++) {
    const unit = word.charAt(i);
    let next = state.next.get(unit);
    if (!next) {
      next = newState();
      state.next.set(unit, next);
    }
    state = next;
  }
  state.length = word.length;
}

/** Gives every state its fallback, the shortest states first. */
function link(root: State): void {
  const queue: State[] = [root];
  for (const state of queue) {
    for (const [unit, next] of state.next) {
      let fallback = state.fallback;
      while (fallback && !fallback.next.has(unit)) fallback = fallback.fallback;
      next.fallback = fallback?.next.get(unit) ?? root;
      next.shorter = next.fallback.length > 0 ? next.fallback : next.fallback.shorter;
      queue.push(next);
    }
  }
}

/** No letter goes on beyond either end, where the script has edges between words. */
function hasEdges(plain: string, { start, end }: Span): boolean {
  return isEdge(characterBefore(plain, start), characterAt(plain, start)) && isEdge(characterBefore(plain, end), characterAt(plain, end));
}

function isEdge(before: string, after: string): boolean {
  return !(letter.test(before) && letter.test(after)) || unspaced.test(before) || unspaced.test(after);
}

function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function characterBefore(text: string, index: number): string {
  const low = text.charCodeAt(index - 1);
  return low >= 0xdc00 && low <= 0xdfff ? characterAt(text, index - 2) : text.charAt(index - 1);
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
