import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";
import type { Client } from "../ipc/client.ts";

/** So many messages are shown on each side of a hit. */
const around = 2;
/**
 * How long a hit has been selected before it is asked for, in milliseconds: nobody reads those that are only passed.
 */
const delay = 100;

/** Messages just before and just after a message, oldest first. */
export interface HitContext {
  readonly of: MessageId;
  readonly before: readonly MessageRecord[];
  readonly after: readonly MessageRecord[];
}

/** Reads the surroundings of one hit at a time. */
export interface HitContextModel {
  /**
   * Of the hit that is looked at; undefined: none, or not read yet. `failed`: its id, where that could not be read or
   * it is gone.
   */
  readonly context: ReadonlySignal<HitContext | undefined>;
  readonly failed: ReadonlySignal<MessageId | undefined>;
  /** Undefined: none is looked at. */
  look(message: Pick<MessageRecord, "id" | "conversationId"> | undefined): void;
  /** A message is gone. */
  drop(id: MessageId): void;
  /** Something has changed: it is read again, soon. */
  refresh(): void;
  dispose(): void;
}

export function createHitContext(client: Pick<Client, "request">): HitContextModel {
  const context = signal<HitContext | undefined>(undefined);
  const failed = signal<MessageId | undefined>(undefined);
  let looked: Pick<MessageRecord, "id" | "conversationId"> | undefined;
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = async (): Promise<void> => {
    timer = undefined;
    if (looked === undefined) return;
    const { id, conversationId } = looked;
    const mine = ++generation;
    const page = await client
      .request("conversations.page", { conversationId, around: id, limit: 2 * around + 1 })
      .catch(() => undefined);
    if (mine !== generation) return;
    const at = page?.messages.findIndex((message) => message.id === id) ?? -1;
    batch(() => {
      failed.value = at === -1 ? id : undefined;
      context.value =
        page === undefined || at === -1
          ? undefined
          : {
              of: id,
              before: page.messages.slice(Math.max(0, at - around), at),
              after: page.messages.slice(at + 1, at + 1 + around),
            };
    });
  };

  const refresh = (): void => {
    if (looked !== undefined) timer ??= setTimeout(() => void read(), delay);
  };

  return {
    context,
    failed,
    look(message) {
      if (message?.id === looked?.id) return;
      looked = message;
      generation++;
      clearTimeout(timer);
      batch(() => {
        context.value = undefined;
        failed.value = undefined;
      });
      timer = message === undefined ? undefined : setTimeout(() => void read(), delay);
    },
    drop(id) {
      const shown = context.peek();
      const isOther = (message: MessageRecord): boolean => message.id !== id;
      if (shown !== undefined)
        context.value =
          shown.of === id
            ? undefined
            : { of: shown.of, before: shown.before.filter(isOther), after: shown.after.filter(isOther) };
      refresh();
    },
    refresh,
    dispose() {
      generation++;
      clearTimeout(timer);
    },
  };
}
