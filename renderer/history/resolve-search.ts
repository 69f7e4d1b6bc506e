import type { AccountRecord } from "../../shared/model/account.ts";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { type ConversationId, directConversation } from "../../shared/model/conversation-id.ts";
import { type DateOrder, parsePeriod } from "../../shared/model/search-dates.ts";
import type { SearchFilter } from "../../shared/model/search-filter.ts";
import { parseSearch, type SearchTerm, searchTimes } from "../../shared/model/search-query.ts";
import { fold } from "../../shared/search/names.ts";

/** Why a search cannot be made as it stands. */
export type SearchProblem =
  | { readonly kind: "date" | "person" | "has"; readonly value: string }
  /** The dates leave no time between them. */
  | { readonly kind: "time" };

/** Query for the history; undefined: nothing is asked for yet. */
export interface ResolvedSearch {
  readonly query: { readonly text: string; readonly filter?: SearchFilter } | undefined;
  readonly terms: readonly SearchTerm[];
  readonly problem: SearchProblem | undefined;
}

export interface SearchSurroundings {
  /** Only in this conversation, whatever else is typed. */
  readonly only: ConversationId | undefined;
  readonly accounts: readonly AccountRecord[];
  /** Contacts that a text finds by name or address. */
  readonly find: (text: string) => readonly ContactRecord[];
  readonly now: number;
  readonly order: DateOrder;
}

/** Words for the person themselves in a filter, in every language of Hallway. */
const myself = ["me", "moi"];
const isMyself = (value: string): boolean => myself.includes(fold(value));
const files = ["file", "files", "fichier", "fichiers"];

/** The names in filters for which `resolveSearch` looks for people, each once. */
export function namesSought(text: string): readonly string[] {
  const people = parseSearch(text).terms.filter(({ filter }) => filter === "from" || filter === "in");
  const names = people.filter(({ filter, value }) => value !== "" && (filter === "in" || !isMyself(value)));
  return [...new Set(names.map(({ value }) => value))];
}

/** Turns what was typed into a question for the history. */
export function resolveSearch(text: string, around: SearchSurroundings): ResolvedSearch {
  const { words, terms } = parseSearch(text);
  const said = terms.filter(({ value }) => value !== "");
  const of = (filter: SearchTerm["filter"]): readonly string[] =>
    said.filter((term) => term.filter === filter).map(({ value }) => value);
  const fail = (problem: SearchProblem): ResolvedSearch => ({ query: undefined, terms, problem });

  const badHas = of("has").find((value) => !files.includes(fold(value)));
  if (badHas !== undefined) return fail({ kind: "has", value: badHas });
  const times = searchTimes(said, around.now, around.order);
  const [badDate] = times.wrong;
  if (badDate !== undefined) return fail({ kind: "date", value: badDate.value });
  if (times.from !== undefined && times.to !== undefined && times.from >= times.to) return fail({ kind: "time" });

  const authors = of("from");
  const others = authors.filter((value) => !isMyself(value));
  let ids: ReadonlySet<ConversationId> | undefined = around.only === undefined ? undefined : new Set([around.only]);
  for (const people of [others, of("in")]) {
    if (people.length === 0) continue;
    const found = new Set<ConversationId>();
    for (const value of people) {
      const known = conversationsOf(value, around);
      if (known.length === 0) return fail({ kind: "person", value });
      for (const id of known) found.add(id);
    }
    const before: ReadonlySet<ConversationId> | undefined = ids;
    ids = before === undefined ? found : new Set([...found].filter((id) => before.has(id)));
  }
  // Who asks for both sides by name asks for all that was said between them.
  const direction =
    others.length > 0 && others.length < authors.length
      ? undefined
      : others.length > 0
        ? "in"
        : authors.length > 0
          ? "out"
          : undefined;
  const narrowed = said.length > 0;
  if (words === "" && !narrowed) return { query: undefined, terms, problem: undefined };
  const filter: SearchFilter = {
    ...(ids === undefined ? {} : { conversationIds: [...ids].slice(0, maxConversations) }),
    ...(direction === undefined ? {} : { direction }),
    ...(times.from === undefined ? {} : { from: times.from }),
    ...(times.to === undefined ? {} : { to: times.to }),
    ...(of("has").length > 0 ? { hasFile: true } : {}),
  };
  return { query: { text: words, ...(Object.keys(filter).length > 0 ? { filter } : {}) }, terms, problem: undefined };
}

/** More people than this have no name in common that anybody would search by. */
const maxConversations = 200;

/** Conversations with a name that is exactly so, or begins so; else with the address, where it is one. */
function conversationsOf(value: string, { find, accounts }: SearchSurroundings): readonly ConversationId[] {
  const wanted = fold(value);
  const found = find(value);
  const exact = found.filter(({ name, address }) => fold(name) === wanted || fold(address) === wanted);
  if (exact.length > 0) return exact.map(({ id }) => conversationWith(id));
  if (found.length > 0) return found.map(({ id }) => conversationWith(id));
  return /^[^\s@]+@[^\s@]+$/.test(value) ? accounts.map(({ id }) => directConversation(id, value.toLowerCase())) : [];
}

/** A date filter as it was understood: the first day that it names. */
export function firstDay(value: string, now: number, order: DateOrder): number | undefined {
  return parsePeriod(value, now, order)?.from;
}
