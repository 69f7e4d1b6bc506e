import type { AccountRecord } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { type ConversationId, directConversation } from "../../shared/model/conversation-id.ts";
import type { SearchAuthor } from "../../shared/model/search-author.ts";
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
  const nobody = [...others, ...of("in")].find((value) => addressesOf(value, around).length === 0);
  if (nobody !== undefined) return fail({ kind: "person", value: nobody });
  const isBothSides = others.length > 0 && others.length < authors.length;
  let ids: ReadonlySet<ConversationId> | undefined = around.only === undefined ? undefined : new Set([around.only]);
  // Who asks for both sides by name asks for all that was said between them.
  for (const people of [isBothSides ? others : [], of("in")]) {
    if (people.length === 0) continue;
    const found = new Set(people.flatMap((value) => conversationsOf(value, around)));
    const before: ReadonlySet<ConversationId> | undefined = ids;
    ids = before === undefined ? found : new Set([...found].filter((id) => before.has(id)));
  }
  const writtenBy: readonly SearchAuthor[] | undefined =
    authors.length === 0 || isBothSides
      ? undefined
      : others.length === 0
        ? [{ isSelf: true }]
        : [...new Set(others.flatMap((value) => addressesOf(value, around)))].map((address) => ({ address }));
  const narrowed = said.length > 0;
  if (words === "" && !narrowed) return { query: undefined, terms, problem: undefined };
  const filter: SearchFilter = {
    ...(ids === undefined ? {} : { conversationIds: [...ids].slice(0, maxPeople) }),
    ...(writtenBy === undefined ? {} : { authors: writtenBy.slice(0, maxPeople) }),
    ...(times.from === undefined ? {} : { from: times.from }),
    ...(times.to === undefined ? {} : { to: times.to }),
    ...(of("has").length > 0 ? { hasFile: true } : {}),
  };
  return { query: { text: words, ...(Object.keys(filter).length > 0 ? { filter } : {}) }, terms, problem: undefined };
}

/** More people than this have no name in common that anybody would search by. */
const maxPeople = 200;

/** Contacts with a name or an address that is exactly so, or begins so. */
function contactsOf(value: string, { find }: SearchSurroundings): readonly ContactRecord[] {
  const wanted = fold(value);
  const found = find(value);
  const exact = found.filter(({ name, address }) => fold(name) === wanted || fold(address) === wanted);
  return exact.length > 0 ? exact : found;
}

/** Addresses of the contacts that a name means; else the name itself, where it is an address. */
function addressesOf(value: string, around: SearchSurroundings): readonly Address[] {
  const found = contactsOf(value, around);
  if (found.length > 0) return found.map(({ address }) => address);
  return isAddress(value) ? [value.toLowerCase()] : [];
}

/** Conversations with the contacts that a name means; else with the address that it is, on every account. */
function conversationsOf(value: string, around: SearchSurroundings): readonly ConversationId[] {
  const found = contactsOf(value, around);
  if (found.length > 0) return found.map(({ id }) => conversationWith(id));
  return around.accounts.flatMap(({ id }) =>
    addressesOf(value, around).map((address) => directConversation(id, address)),
  );
}

function isAddress(value: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(value);
}

/** A date filter as it was understood: the first day that it names. */
export function firstDay(value: string, now: number, order: DateOrder): number | undefined {
  return parsePeriod(value, now, order)?.from;
}
