import { type DateOrder, parsePeriod } from "./search-dates.ts";

/**
 * Filters of a search, and their names in every language of Hallway; the first of each is English, the second French.
 */
export const searchFilters = {
  from: ["from", "de"],
  in: ["in", "dans"],
  on: ["on", "le"],
  before: ["before", "avant"],
  after: ["after", "après", "apres"],
  has: ["has", "contient"],
} as const satisfies Readonly<Record<string, readonly [string, string, ...string[]]>>;
export type SearchFilterName = keyof typeof searchFilters;

/** One filter as it was typed. `start` and `end` are its place in the text, in UTF-16 units. */
export interface SearchTerm {
  readonly filter: SearchFilterName;
  /** Without quotes; empty while it is being typed. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface ParsedSearch {
  /** Words that are left to look for. */
  readonly words: string;
  readonly terms: readonly SearchTerm[];
}

const names: ReadonlyMap<string, SearchFilterName> = new Map(
  Object.entries(searchFilters).flatMap(([filter, words]) => words.map((word) => [word, filter as SearchFilterName])),
);
/**
 * A word, a colon, and what stands in quotes or up to the next space. A quote that is not closed yet reaches to the
 * end.
 */
const termPattern = new RegExp(`(?<![^\\s])(${[...names.keys()].join("|")}):(?:"([^"]*)(?:"|$)|([^\\s"]\\S*)?)`, "giu");

/** Takes the filters out of what was typed into a search box. Any text at all is a search; nothing throws. */
export function parseSearch(text: string): ParsedSearch {
  const terms: SearchTerm[] = [];
  let words = "";
  let end = 0;
  for (const match of text.matchAll(termPattern)) {
    const filter = names.get((match[1] ?? "").toLowerCase());
    if (filter === undefined) continue;
    terms.push({
      filter,
      value: (match[2] ?? match[3] ?? "").trim(),
      start: match.index,
      end: match.index + match[0].length,
    });
    words += `${text.slice(end, match.index)} `;
    end = match.index + match[0].length;
  }
  return { words: (words + text.slice(end)).replace(/\s+/gu, " ").trim(), terms };
}

/** A filter as it is written: with quotes where it needs them. */
export function formatTerm(word: string, value: string): string {
  const plain = value.replaceAll('"', "").trim();
  return `${word}:${/\s/u.test(plain) ? `"${plain}"` : plain}`;
}

/** The text with something else in the place of a part of it, and one space before and after where there is more. */
export function replaceTerm(text: string, place: { readonly start: number; readonly end: number }, by: string): string {
  const pieces = [text.slice(0, place.start).trimEnd(), by, text.slice(place.end).trimStart()];
  return pieces.filter((piece) => piece !== "").join(" ");
}

/** The time that all dates of a search leave, and those that are no dates. */
export interface SearchTimes {
  /** Milliseconds since the epoch; included. */
  readonly from: number | undefined;
  /** Not included. */
  readonly to: number | undefined;
  readonly wrong: readonly SearchTerm[];
}

/** `on` is that day (or month, or year), `before` what comes before its beginning, `after` what comes after its end. */
export function searchTimes(terms: readonly SearchTerm[], now: number, order: DateOrder): SearchTimes {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  const wrong: SearchTerm[] = [];
  for (const term of terms) {
    if ((term.filter !== "on" && term.filter !== "before" && term.filter !== "after") || term.value === "") continue;
    const period = parsePeriod(term.value, now, order);
    if (!period) wrong.push(term);
    else {
      if (term.filter !== "before") from = Math.max(from, term.filter === "on" ? period.from : period.to);
      if (term.filter !== "after") to = Math.min(to, term.filter === "on" ? period.to : period.from);
    }
  }
  return { from: Number.isFinite(from) ? from : undefined, to: Number.isFinite(to) ? to : undefined, wrong };
}
