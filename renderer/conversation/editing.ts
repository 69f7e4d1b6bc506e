import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";
import { isChangeable } from "../../shared/model/message-change.ts";
import type { Client } from "../ipc/client.ts";
import type { LoadedMessages } from "./loaded-messages.ts";

export interface EditingOptions {
  readonly id: ConversationId;
  readonly client: Pick<Client, "request">;
  readonly loaded: LoadedMessages;
  readonly newId: () => string;
  readonly now: () => number;
}

/** The change of an own message in one conversation. */
export class Editing {
  /** The own message that is being edited; undefined: a new one is written. */
  readonly message: ReadonlySignal<MessageRecord | undefined>;
  /** Edited text so far, kept while other conversations are shown; undefined: nothing yet. */
  readonly text = signal<string | undefined>(undefined);
  readonly #options: EditingOptions;
  readonly #edited = signal<MessageId | undefined>(undefined);
  /** One correction that is tried again, because a rule asks first, is still the same one. */
  #correctionId: string | undefined;

  constructor(options: EditingOptions) {
    this.#options = options;
    this.message = computed(() => {
      const edited = this.#edited.value;
      const message =
        edited === undefined ? undefined : options.loaded.messages.value.find(({ id: known }) => known === edited);
      // It was taken back meanwhile, here or on another device.
      return message?.retracted === true ? undefined : message;
    });
  }

  begin(messageId: MessageId): void {
    this.#set(messageId);
  }

  /** Begins to edit the last own message that may be; false: there is none among those that are loaded. */
  beginLast(): boolean {
    const { loaded, now } = this.#options;
    const last = loaded.after.peek()
      ? undefined
      : loaded.messages.peek().findLast((message) => isChangeable(message, now()));
    if (last !== undefined) this.begin(last.id);
    return last !== undefined;
  }

  leave(): void {
    this.#set(undefined);
  }

  /** As `Conversation.send`, for a message that is there; resolves also when it says the same as before. */
  async correct(messageId: MessageId, body: string, confirm?: string): Promise<void> {
    const { id, client, loaded, newId } = this.#options;
    const before = loaded.messages.peek().find((message) => message.id === messageId);
    if (before?.body === body) return;
    this.#correctionId ??= newId();
    const correctionId = this.#correctionId;
    const args = { conversationId: id, messageId, correctionId, body, ...(confirm === undefined ? {} : { confirm }) };
    try {
      loaded.replace(await client.request("messages.correct", args));
    } catch (thrown) {
      throw new HallwayError(toErrorInfo(thrown).code, toErrorInfo(thrown).params);
    }
  }

  #set(messageId: MessageId | undefined): void {
    batch(() => {
      this.#edited.value = messageId;
      this.text.value = undefined;
    });
    this.#correctionId = undefined;
  }
}
