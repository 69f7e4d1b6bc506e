import type { ContactRecord } from "../../shared/model/contact.ts";
import {
  formatTerm,
  parseSearch,
  replaceTerm,
  type SearchFilterName,
  type SearchTerm,
  searchFilters,
} from "../../shared/model/search-query.ts";
import { fold } from "../../shared/search/names.ts";
import type { Words } from "../../shared/words/words.ts";

/** Something that can take the place of what is being typed. */
export interface Suggestion {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  /** The whole text with it in its place. */
  readonly text: string;
  /** Where the caret stands then. */
  readonly caret: number;
}

export interface Suggestions {
  readonly list: readonly Suggestion[];
  /** A filter is being typed, so that the first one is what is probably meant; else each may only be wished for. */
  readonly eager: boolean;
}

const none: Suggestions = { list: [], eager: false };
export const maxPeople = 6;

/** The filter's name in the language of the window. */
export function wordOf(filter: SearchFilterName, { language }: Pick<Words, "language">): string {
  return searchFilters[filter][language === "fr" ? 1 : 0];
}

/** The text for which `suggest` looks for people; undefined: it looks for nobody. */
export function peopleSought(text: string, caret: number, words: Words): string | undefined {
  let sought: string | undefined;
  suggest({
    text,
    caret,
    words,
    find(name) {
      sought = name;
      return [];
    },
  });
  return sought;
}

export interface SuggestOptions {
  readonly text: string;
  readonly caret: number;
  readonly words: Words;
  readonly find: (text: string, limit: number) => readonly ContactRecord[];
}

/** Suggestions for where the caret stands: people, days, or the names of filters. */
export function suggest({ text, caret, words, find }: SuggestOptions): Suggestions {
  const term = parseSearch(text).terms.find(({ start, end }) => start < caret && caret <= end);
  if (term) {
    const word = text.slice(term.start, text.indexOf(":", term.start));
    const values = valuesFor(term, words, find);
    const list = values.map(({ value, label, hint }) =>
      place(text, term, { by: formatTerm(word, value), label, hint, isComplete: true }),
    );
    return list.some((one) => one.text.trim() === text.trim()) ? none : { list, eager: true };
  }
  const word = /(?<![^\s])\p{L}{2,}$/u.exec(text.slice(0, caret))?.[0];
  if (word === undefined || /^\S/u.test(text.slice(caret))) return none;
  const wanted = fold(word);
  const filters = (Object.keys(searchFilters) as SearchFilterName[]).filter((filter) =>
    searchFilters[filter].some((name) => fold(name).startsWith(wanted)),
  );
  return {
    eager: false,
    list: filters.map((filter) => {
      const name = searchFilters[filter].find((one) => fold(one).startsWith(wanted)) ?? wordOf(filter, words);
      const hint = words.t(`history.filterHint.${filter}`);
      const where = { start: caret - word.length, end: caret };
      return place(text, where, { by: `${name}:`, label: `${name}:`, hint, isComplete: false });
    }),
  };
}

/** The text with a filter begun at its end. */
export function beginFilter(text: string, filter: SearchFilterName, words: Words): string {
  const value = filter === "has" ? words.t("history.fileWord") : "";
  return `${text.trimEnd()} ${wordOf(filter, words)}:${value}`.trimStart();
}

interface Value {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
}

function valuesFor(
  { filter, value: typed }: Pick<SearchTerm, "filter" | "value">,
  words: Words,
  find: SuggestOptions["find"],
): readonly Value[] {
  const { t } = words;
  const begins = ({ value }: Value): boolean => fold(value).startsWith(fold(typed));
  if (filter === "has")
    return [{ value: t("history.fileWord"), label: t("history.fileWord"), hint: t("history.filterHint.has") }].filter(
      begins,
    );
  if (filter === "from" || filter === "in") {
    const people = uniqueNames(find(typed, maxPeople)).map(({ name, address }) => ({
      value: name,
      label: name,
      hint: address,
    }));
    return filter === "in"
      ? people
      : [
          ...[{ value: t("history.meWord"), label: t("message.you"), hint: t("history.meWord") }].filter(begins),
          ...people,
        ];
  }
  return [
    { value: t("history.todayWord"), label: t("history.todayWord"), hint: "" },
    { value: t("history.yesterdayWord"), label: t("history.yesterdayWord"), hint: "" },
  ].filter(begins);
}

/** One person over several networks is one name. */
function uniqueNames(contacts: readonly ContactRecord[]): readonly ContactRecord[] {
  const seen = new Set<string>();
  return contacts.filter(({ name }) => !seen.has(name) && seen.add(name));
}

interface Replacement {
  readonly by: string;
  readonly label: string;
  readonly hint: string;
  /** A whole filter, not only its name. */
  readonly isComplete: boolean;
}

function place(
  text: string,
  where: { readonly start: number; readonly end: number },
  { by, label, hint, isComplete }: Replacement,
): Suggestion {
  const replaced = replaceTerm(text, where, by);
  const start = replaceTerm(text.slice(0, where.start), { start: where.start, end: where.start }, by);
  const atEnd = start.length === replaced.length;
  // A filter that is complete is followed by a space, so that the next word is one of its own.
  return {
    key: by,
    label,
    hint,
    text: isComplete && atEnd ? `${replaced} ` : replaced,
    caret: start.length + (isComplete ? 1 : 0),
  };
}
