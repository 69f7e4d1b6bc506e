import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";
import { isChangeable } from "../../shared/model/message-change.ts";
import type { Client } from "../ipc/client.ts";
import type { LoadedMessages } from "./loaded-messages.ts";

/** Changing an own message. */
export interface Editing {
  /** The own message that is being edited; undefined: a new one is written. */
  readonly editing: ReadonlySignal<MessageRecord | undefined>;
  /** Edited text so far, kept while other conversations are shown; undefined: nothing yet. */
  readonly editText: Signal<string | undefined>;
  /** Begins to edit an own message; undefined leaves. */
  edit(messageId: MessageId | undefined): void;
  /** Begins to edit the last own message that may be; false: there is none among those that are loaded. */
  editLast(): boolean;
  /** As `Conversation.send`, for a message that is there; resolves also when it says the same as before. */
  correct(messageId: MessageId, body: string, confirm?: string): Promise<void>;
}

export function createEditing(parts: {
  readonly id: ConversationId;
  readonly client: Pick<Client, "request">;
  readonly loaded: LoadedMessages;
  readonly newId: () => string;
  readonly now: () => number;
}): Editing {
  const { id, client, loaded, newId, now } = parts;
  const edited = signal<MessageId | undefined>(undefined);
  const editText = signal<string | undefined>(undefined);
  /** One correction that is tried again, because a rule asks first, is still the same one. */
  let correctionId: string | undefined;

  const edit = (messageId: MessageId | undefined): void => {
    batch(() => {
      edited.value = messageId;
      editText.value = undefined;
    });
    correctionId = undefined;
  };

  return {
    editing: computed(() => {
      const message =
        edited.value === undefined ? undefined : loaded.messages.value.find(({ id: known }) => known === edited.value);
      // It was taken back meanwhile, here or on another device.
      return message?.retracted === true ? undefined : message;
    }),
    editText,
    edit,
    editLast() {
      const last = loaded.after.peek()
        ? undefined
        : loaded.messages.peek().findLast((message) => isChangeable(message, now()));
      if (last !== undefined) edit(last.id);
      return last !== undefined;
    },
    async correct(messageId, body, confirm) {
      const before = loaded.messages.peek().find((message) => message.id === messageId);
      if (before?.body === body) return;
      correctionId ??= newId();
      const args = { conversationId: id, messageId, correctionId, body, ...(confirm === undefined ? {} : { confirm }) };
      try {
        loaded.replace(await client.request("messages.correct", args));
      } catch (thrown) {
        throw new HallwayError(toErrorInfo(thrown).code, toErrorInfo(thrown).params);
      }
    },
  };
}
