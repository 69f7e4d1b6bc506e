import { batch, type ReadonlySignal } from "@preact/signals";
import { toErrorInfo } from "../../shared/errors.ts";
import { type ContactId, parseContactId } from "../../shared/model/contact.ts";
import { contactIdOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";
import type { Words } from "../../shared/words/words.ts";
import type { Client } from "../ipc/client.ts";
import { isNarrow } from "./narrow.ts";
import type { Replica } from "./replica.ts";
import { showsConversation, type Ui, type View } from "./ui.ts";

export interface ActionsOptions {
  readonly client: Pick<Client, "request">;
  readonly ui: Ui;
  readonly words: ReadonlySignal<Words>;
  readonly replica: Pick<Replica, "contacts" | "conversations" | "places" | "requests">;
}

/**
 * Actions that the person can have the window do, whichever way they asked for it: click, key, palette or notification.
 */
export class Actions {
  readonly #options: ActionsOptions;

  constructor(options: ActionsOptions) {
    this.#options = options;
  }

  openConversation(id: ConversationId, messageId?: MessageId): void {
    const { ui } = this.#options;
    batch(() => {
      if (!showsConversation(ui.view.peek())) ui.view.value = "people";
      ui.conversationId.value = id;
      ui.jump.value = messageId === undefined ? undefined : { messageId };
      ui.searched.value = undefined;
      ui.pane.value = "main";
      ui.dialog.value = undefined;
      ui.menu.value = undefined;
      ui.focusComposer.value++;
    });
  }

  /** Opens a conversation at a message that was found, with what was searched for marked in it. */
  openFound({ id, conversationId }: Pick<MessageRecord, "id" | "conversationId">, text: string): void {
    const { ui } = this.#options;
    batch(() => {
      this.openConversation(conversationId, id);
      ui.searched.value = { messageId: id, text };
    });
  }

  closeConversation(): void {
    const { ui } = this.#options;
    batch(() => {
      ui.conversationId.value = undefined;
      ui.jump.value = undefined;
      ui.searched.value = undefined;
      ui.pane.value = "list";
    });
  }

  show(view: View): void {
    const { ui } = this.#options;
    batch(() => {
      ui.view.value = view;
      ui.settingsPage.value = "settings";
      // Requests are answered in the main pane; its list only leads there.
      ui.pane.value = view === "requests" ? "main" : "list";
      ui.menu.value = undefined;
    });
  }

  /** Covers the window until the person shows who they are. */
  lock(): void {
    const { client } = this.#options;
    client.request("lock.now", {}).catch(() => undefined);
  }

  /** Opens the page that says what policy decides, and why. */
  showPolicy(): void {
    const { ui } = this.#options;
    batch(() => {
      ui.view.value = "settings";
      ui.settingsPage.value = "policy";
      ui.pane.value = "main";
      ui.menu.value = undefined;
      // The link may stand in one, and the page is under it.
      ui.dialog.value = undefined;
    });
  }

  /** Opens history search, in the open conversation or everywhere. */
  search(where: "chat" | "everywhere"): void {
    const { ui } = this.#options;
    batch(() => {
      ui.searchIn.value = where === "chat" ? ui.conversationId.peek() : undefined;
      ui.view.value = "history";
      ui.pane.value = "list";
      ui.dialog.value = undefined;
      ui.focusSearch.value++;
    });
  }

  /** The next (1) or previous (-1) conversation with unread messages, in the order of the list. */
  unread(step: 1 | -1): void {
    const { client, ui } = this.#options;
    const from = ui.conversationId.peek();
    client.request("roster.unread", { step, ...(from === undefined ? {} : { from }) }).then(
      ({ conversationId }) => {
        if (conversationId !== undefined) this.openConversation(conversationId);
      },
      () => undefined, // Nothing is lost: the person presses the key again.
    );
  }

  /** Shows what is known about somebody and their chat: beside it, or in a drawer where there is no room. */
  showDetails(id: ConversationId): void {
    const { ui } = this.#options;
    batch(() => {
      if (ui.conversationId.peek() !== id || ui.view.peek() === "settings" || ui.view.peek() === "requests")
        this.openConversation(id);
      if (isNarrow.peek()) ui.dialog.value = { kind: "details", conversationId: id };
      else {
        ui.details.value = true;
        ui.focusDetails.value = true;
      }
    });
  }

  /** Everything in a chat counts as seen. */
  markRead(id: ConversationId): void {
    const { client } = this.#options;
    const mark = async (): Promise<void> => {
      const { messages } = await client.request("conversations.page", { conversationId: id, limit: 1 });
      const messageId = messages.at(-1)?.id;
      if (messageId !== undefined) await client.request("conversations.markRead", { conversationId: id, messageId });
    };
    mark().catch(() => undefined);
  }

  /** Takes an entry off the block list. */
  unblock(blockId: string): void {
    const { client, ui, words, replica } = this.#options;
    const { address } = parseContactId(blockId);
    const name = replica.contacts.peek(blockId)?.name ?? address.replace(/^@/, "");
    client.request("contacts.unblock", { blockId }).then(
      () => {
        ui.announcement.value = words.peek().t("block.undone", { name });
      },
      () => undefined, // What the server does not know yet is told again at the next sign-in.
    );
  }

  /** Asks somebody once more to share their presence, and says what came of it. */
  askAgain(id: ContactId): void {
    const { client, ui, words } = this.#options;
    const name = this.nameOfContact(id);
    client.request("contacts.ask", { contactId: id }).then(
      () => {
        ui.announcement.value = words.peek().t("askAgain.done", { name });
      },
      (error) => {
        ui.dialog.value = { kind: "ask-again", contactId: id, error: toErrorInfo(error) };
      },
    );
  }

  /** The name to show for a conversation; empty until main has told whom it is with. */
  nameOf(id: ConversationId): string {
    return this.knownName(contactIdOf(id)) ?? this.#options.replica.places.of(id)?.address ?? "";
  }

  /** The name to show for a contact, known or not. */
  nameOfContact(id: ContactId): string {
    return this.knownName(id) ?? parseContactId(id).address;
  }

  /** The name of somebody who is on the contact list or asks to be. */
  knownName(id: ContactId): string | undefined {
    const { replica } = this.#options;
    return (replica.contacts.get(id) ?? replica.requests.get(id))?.name;
  }
}
