import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { MessageId, SearchHit } from "../../shared/model/message.ts";
import type { SearchFilter } from "../../shared/model/search-filter.ts";
import type { Client } from "../ipc/client.ts";

const defaultPageSize = 50;
/** How long after the last key the search is made, in milliseconds. */
const delay = 120;

export interface SearchRequest {
  readonly text: string;
  readonly filter?: SearchFilter;
}

/** A search through history that follows what is typed. */
export interface SearchModel {
  readonly hits: ReadonlySignal<readonly SearchHit[]>;
  readonly more: ReadonlySignal<boolean>;
  readonly busy: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<ErrorInfo | undefined>;
  /** Request that the hits are for; undefined before the first search. */
  readonly answered: ReadonlySignal<SearchRequest | undefined>;
  /** Undefined: nothing is looked for (any more). */
  look(query: SearchRequest | undefined): void;
  loadMore(): void;
  /** A message is gone. */
  drop(id: MessageId): void;
  /** Searches again soon: hits may not be there any more, or more may be. */
  refresh(): void;
  dispose(): void;
}

export function createSearchModel(client: Pick<Client, "request">, pageSize: number = defaultPageSize): SearchModel {
  const hits = signal<readonly SearchHit[]>([]);
  const more = signal(false);
  const busy = signal(false);
  const error = signal<ErrorInfo | undefined>(undefined);
  const answered = signal<SearchRequest | undefined>(undefined);
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: SearchRequest | undefined;
  /** Where the next page begins. */
  let below: number | undefined;

  const ask = async (beforeSeq: number | undefined): Promise<void> => {
    timer = undefined;
    const query = asked;
    if (query === undefined) return;
    const mine = ++generation;
    busy.value = true;
    try {
      const result = await client.request("history.search", {
        ...query,
        limit: pageSize,
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
      });
      if (mine !== generation) return;
      batch(() => {
        hits.value = beforeSeq === undefined ? result.hits : [...hits.peek(), ...result.hits];
        more.value = result.more;
        below = result.below ?? result.hits.at(-1)?.message.seq;
        answered.value = query;
        error.value = undefined;
        busy.value = false;
      });
    } catch (thrown) {
      if (mine !== generation) return;
      batch(() => {
        // What may be gone is not left standing.
        if (beforeSeq === undefined) hits.value = [];
        error.value = toErrorInfo(thrown);
        busy.value = false;
      });
    }
  };

  return {
    hits,
    more,
    busy,
    error,
    answered,
    look(query) {
      clearTimeout(timer);
      timer = undefined;
      asked = query;
      if (query === undefined) {
        generation++;
        batch(() => {
          hits.value = [];
          more.value = false;
          busy.value = false;
          error.value = undefined;
          answered.value = undefined;
        });
        return;
      }
      timer = setTimeout(() => void ask(undefined), delay);
    },
    loadMore() {
      if (below !== undefined && more.peek() && !busy.peek()) void ask(below);
    },
    drop(id) {
      if (hits.peek().some(({ message }) => message.id === id))
        hits.value = hits.peek().filter(({ message }) => message.id !== id);
    },
    refresh() {
      // Not put off by the next change, or a long run of them would leave what is gone on the screen.
      if (asked !== undefined) timer ??= setTimeout(() => void ask(undefined), delay);
    },
    dispose() {
      generation++;
      clearTimeout(timer);
    },
  };
}
