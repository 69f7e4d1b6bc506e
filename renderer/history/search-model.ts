import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { ContactId } from "../../shared/model/contact.ts";
import type { SearchHit } from "../../shared/model/message.ts";
import type { Client } from "../ipc/client.ts";

const pageSize = 50;
/** How long after the last key the search is made, in milliseconds. */
const delay = 120;

/** A search through history that follows what is typed. */
export interface SearchModel {
  readonly hits: ReadonlySignal<readonly SearchHit[]>;
  readonly more: ReadonlySignal<boolean>;
  readonly busy: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<ErrorInfo | undefined>;
  /** What the hits are for; empty before the first search. */
  readonly answered: ReadonlySignal<string>;
  look(text: string, conversationId: ContactId | undefined): void;
  loadMore(): void;
  dispose(): void;
}

export function createSearchModel(client: Pick<Client, "request">): SearchModel {
  const hits = signal<readonly SearchHit[]>([]);
  const more = signal(false);
  const busy = signal(false);
  const error = signal<ErrorInfo | undefined>(undefined);
  const answered = signal("");
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: { readonly text: string; readonly conversationId: ContactId | undefined } = { text: "", conversationId: undefined };

  const ask = async (beforeSeq: number | undefined): Promise<void> => {
    const mine = ++generation;
    const { text, conversationId } = asked;
    busy.value = true;
    try {
      const result = await client.request("history.search", {
        text,
        limit: pageSize,
        ...(conversationId === undefined ? {} : { conversationId }),
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
      });
      if (mine !== generation) return;
      batch(() => {
        hits.value = beforeSeq === undefined ? result.hits : [...hits.peek(), ...result.hits];
        more.value = result.more;
        answered.value = text;
        error.value = undefined;
        busy.value = false;
      });
    } catch (thrown) {
      if (mine !== generation) return;
      batch(() => {
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
    look(text, conversationId) {
      clearTimeout(timer);
      asked = { text: text.trim(), conversationId };
      if (asked.text === "") {
        generation++;
        batch(() => {
          hits.value = [];
          more.value = false;
          busy.value = false;
          error.value = undefined;
          answered.value = "";
        });
        return;
      }
      timer = setTimeout(() => void ask(undefined), delay);
    },
    loadMore() {
      const last = hits.peek().at(-1);
      if (last !== undefined && more.peek() && !busy.peek()) void ask(last.message.seq);
    },
    dispose() {
      generation++;
      clearTimeout(timer);
    },
  };
}
