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
export class HitContextModel {
  readonly #client: Pick<Client, "request">;
  readonly #context = signal<HitContext | undefined>(undefined);
  readonly #failed = signal<MessageId | undefined>(undefined);
  #looked: Pick<MessageRecord, "id" | "conversationId"> | undefined;
  #generation = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Pick<Client, "request">) {
    this.#client = client;
  }

  /** Of the hit that is looked at; undefined: none, or not read yet. */
  get context(): ReadonlySignal<HitContext | undefined> {
    return this.#context;
  }

  /** Id of the hit that is looked at, where its surroundings could not be read or it is gone. */
  get failed(): ReadonlySignal<MessageId | undefined> {
    return this.#failed;
  }

  /** Undefined: none is looked at. */
  look(message: Pick<MessageRecord, "id" | "conversationId"> | undefined): void {
    if (message?.id === this.#looked?.id) return;
    this.#looked = message;
    this.#generation++;
    clearTimeout(this.#timer);
    batch(() => {
      this.#context.value = undefined;
      this.#failed.value = undefined;
    });
    this.#timer = message === undefined ? undefined : setTimeout(() => void this.#read(), delay);
  }

  /** A message is gone. */
  drop(id: MessageId): void {
    const shown = this.#context.peek();
    const isOther = (message: MessageRecord): boolean => message.id !== id;
    if (shown !== undefined)
      this.#context.value =
        shown.of === id
          ? undefined
          : { of: shown.of, before: shown.before.filter(isOther), after: shown.after.filter(isOther) };
    this.refresh();
  }

  /** Something has changed: it is read again, soon. */
  refresh(): void {
    if (this.#looked !== undefined) this.#timer ??= setTimeout(() => void this.#read(), delay);
  }

  dispose(): void {
    this.#generation++;
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    this.#timer = undefined;
    if (this.#looked === undefined) return;
    const { id, conversationId } = this.#looked;
    const mine = ++this.#generation;
    const page = await this.#client
      .request("conversations.page", { conversationId, around: id, limit: 2 * around + 1 })
      .catch(() => undefined);
    if (mine !== this.#generation) return;
    const at = page?.messages.findIndex((message) => message.id === id) ?? -1;
    batch(() => {
      this.#failed.value = at === -1 ? id : undefined;
      this.#context.value =
        page === undefined || at === -1
          ? undefined
          : {
              of: id,
              before: page.messages.slice(Math.max(0, at - around), at),
              after: page.messages.slice(at + 1, at + 1 + around),
            };
    });
  }
}
