import type { Messaging } from "../../messaging/messaging.ts";
import type { ConversationViews } from "../../store/conversation-views.ts";
import type { Handlers } from "../dispatch.ts";

type ConversationHandlers = Pick<
  Handlers,
  | "conversations.start"
  | "conversations.open"
  | "conversations.page"
  | "conversations.close"
  | "conversations.markRead"
  | "conversations.draft"
  | "conversations.typing"
  | "history.search"
>;

export interface ConversationServices {
  readonly views: ConversationViews;
  readonly messaging: Messaging;
}

/** Requests about conversations, reading them, and the history. */
export function conversationHandlers(services: () => ConversationServices): ConversationHandlers {
  return {
    async "conversations.start"({ accountId, address }) {
      return { conversationId: await services().views.start(accountId, address) };
    },
    "conversations.open": (query) => services().views.open(query),
    "conversations.page": (query) => services().views.page(query),
    "conversations.close"({ conversationId }) {
      services().views.close(conversationId);
      return {};
    },
    async "conversations.markRead"({ conversationId, messageId }) {
      await services().messaging.markRead(conversationId, messageId);
      return {};
    },
    async "conversations.draft"({ conversationId, text }) {
      await services().views.saveDraft(conversationId, text);
      return {};
    },
    async "conversations.typing"({ conversationId, active }) {
      await services().messaging.sending.signal({ kind: "typing", conversationId, active });
      return {};
    },
    "history.search": (query) => services().views.search(query),
  };
}
