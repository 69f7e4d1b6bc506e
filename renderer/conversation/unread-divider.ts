import { signal } from "@preact/signals";
import type { MessageId } from "../../shared/model/message.ts";
import type { LoadedMessages } from "./loaded-messages.ts";

/** The line above the first message that is new to the person, and how far they have seen. */
export class UnreadDivider {
  /** The message that the line stands above. */
  readonly first = signal<MessageId | undefined>(undefined);
  readonly #loaded: LoadedMessages;
  /** The lowest message that was in view while somebody looked. */
  #lastSeen: MessageId | undefined;

  constructor(loaded: LoadedMessages) {
    this.#loaded = loaded;
  }

  /** Whether everything of theirs that is loaded has been seen. */
  isAllSeen(): boolean {
    const all = this.#loaded.messages.peek();
    return (
      all.findIndex((message) => message.id === this.#lastSeen) >=
      all.findLastIndex(({ direction }) => direction === "in")
    );
  }

  /**
   * Takes notice of a live message of theirs. One that comes while nobody looks, or while the end is out of view, is
   * new from its first on. `wasAllSeen`: before it came.
   */
  came(id: MessageId, { isUnseen, wasAllSeen }: { readonly isUnseen: boolean; readonly wasAllSeen: boolean }): void {
    // A divider under which everything has been seen has done its work.
    if (isUnseen && (this.first.peek() === undefined || wasAllSeen)) this.first.value = id;
    else if (!isUnseen && wasAllSeen) this.first.value = undefined;
  }

  seen(id: MessageId): void {
    const order = this.#loaded.messages.peek().map((message) => message.id);
    // Only forward: whoever scrolls up has seen what is below.
    if (order.indexOf(id) >= order.indexOf(this.#lastSeen ?? "")) this.#lastSeen = id;
  }
}
