import { maxBodyLength } from "../../shared/model/message.ts";
import { truncate } from "../../shared/text/truncate.ts";
import type { Client } from "../ipc/client.ts";
import type { Conversation } from "./model.ts";

/** How long after the last key a draft is saved, in milliseconds. */
const draftDelay = 400;

/** The draft of one conversation, on its way to main. */
export class Draft {
  readonly #client: Pick<Client, "request">;
  readonly #conversation: Conversation;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unsaved: string | undefined;

  constructor(client: Pick<Client, "request">, conversation: Conversation) {
    this.#client = client;
    this.#conversation = conversation;
  }

  set(text: string): void {
    this.#unsaved = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), draftDelay);
  }

  /** Saves what is not saved yet, without waiting for the next key. */
  save(): void {
    clearTimeout(this.#timer);
    if (this.#unsaved === undefined) return;
    const text = truncate(this.#unsaved, maxBodyLength);
    this.#unsaved = undefined;
    this.#conversation.unkeptDraft = undefined;
    this.#client.request("conversations.draft", { conversationId: this.#conversation.id, text }).catch(() => {
      this.#conversation.unkeptDraft = text;
    });
  }
}
