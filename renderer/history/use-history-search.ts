import { useEffect, useMemo, useRef } from "preact/hooks";
import { dateOrder } from "../../shared/model/search-dates.ts";
import { useFoundPeople } from "../roster/use-people.ts";
import { useApp } from "../state/app-context.ts";
import { namesSought, type ResolvedSearch, resolveSearch } from "./resolve-search.ts";
import { createSearchModel } from "./search-model.ts";

/** People that a name may find at most. */
const maxFound = 200;

/** The search that a text asks for, followed: its hits, what is wrong with it, and whether it has been answered. */
export function useHistorySearch(text: string) {
  const { client, replica, ui, words, clock } = useApp();
  const search = useMemo(() => createSearchModel(client), [client]);
  const only = ui.searchIn.value;
  const order = useMemo(() => dateOrder(words.value.locale), [words.value.locale]);
  const people = useFoundPeople(namesSought(text), maxFound);
  const resolved = useRef<ResolvedSearch>({ query: undefined, terms: [], problem: undefined });
  // Until it is known whom a name finds, what was asked before stands.
  if (people !== undefined)
    resolved.current = resolveSearch(text, {
      only,
      accounts: replica.accounts.all(),
      find: (name) => people.get(name) ?? [],
      now: clock.value,
      order,
    });
  const { query, terms, problem } = resolved.current;
  // The clock moves on and names change: what counts is what is asked for.
  const asked = JSON.stringify(query);
  useEffect(() => search.look(query), [search, asked]);
  useEffect(() => () => search.dispose(), [search]);
  useEffect(() => {
    const stops = [
      replica.onMessage((op) => {
        if (op.op === "forget") search.refresh();
        else if (op.op === "remove") search.drop(op.id);
      }),
      replica.onReset(() => search.refresh()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [search, replica]);

  const answered = search.answered.value;
  return {
    order,
    terms,
    problem,
    hits: search.hits.value,
    more: search.more.value,
    busy: search.busy.value,
    error: search.error.value,
    loadMore: () => search.loadMore(),
    /** The search that the hits are of. */
    answered,
    /** The hits are of this text. */
    isAnswered: people !== undefined && JSON.stringify(answered) === asked,
  };
}

export type HistorySearch = ReturnType<typeof useHistorySearch>;
