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
  return new HistorySearch(client, pageSize);
}

class HistorySearch implements SearchModel {
  readonly hits = signal<readonly SearchHit[]>([]);
  readonly more = signal(false);
  readonly busy = signal(false);
  readonly error = signal<ErrorInfo | undefined>(undefined);
  readonly answered = signal<SearchRequest | undefined>(undefined);
  readonly #client: Pick<Client, "request">;
  readonly #pageSize: number;
  #generation = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: SearchRequest | undefined;
  /** Where the next page begins. */
  #below: number | undefined;

  constructor(client: Pick<Client, "request">, pageSize: number) {
    this.#client = client;
    this.#pageSize = pageSize;
  }

  look(query: SearchRequest | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#asked = query;
    if (query === undefined) {
      this.#generation++;
      batch(() => {
        this.hits.value = [];
        this.more.value = false;
        this.busy.value = false;
        this.error.value = undefined;
        this.answered.value = undefined;
      });
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(undefined), delay);
  }

  loadMore(): void {
    if (this.#below !== undefined && this.more.peek() && !this.busy.peek()) void this.#ask(this.#below);
  }

  drop(id: MessageId): void {
    const hits = this.hits.peek();
    if (hits.some(({ message }) => message.id === id))
      this.hits.value = hits.filter(({ message }) => message.id !== id);
  }

  refresh(): void {
    // Not put off by the next change, or a long run of them would leave what is gone on the screen.
    if (this.#asked !== undefined) this.#timer ??= setTimeout(() => void this.#ask(undefined), delay);
  }

  dispose(): void {
    this.#generation++;
    clearTimeout(this.#timer);
  }

  async #ask(beforeSeq: number | undefined): Promise<void> {
    this.#timer = undefined;
    const query = this.#asked;
    if (query === undefined) return;
    const mine = ++this.#generation;
    this.busy.value = true;
    try {
      const result = await this.#client.request("history.search", {
        ...query,
        limit: this.#pageSize,
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
      });
      if (mine !== this.#generation) return;
      batch(() => {
        this.hits.value = beforeSeq === undefined ? result.hits : [...this.hits.peek(), ...result.hits];
        this.more.value = result.more;
        this.#below = result.below ?? result.hits.at(-1)?.message.seq;
        this.answered.value = query;
        this.error.value = undefined;
        this.busy.value = false;
      });
    } catch (thrown) {
      if (mine !== this.#generation) return;
      batch(() => {
        // What may be gone is not left standing.
        if (beforeSeq === undefined) this.hits.value = [];
        this.error.value = toErrorInfo(thrown);
        this.busy.value = false;
      });
    }
  }
}
