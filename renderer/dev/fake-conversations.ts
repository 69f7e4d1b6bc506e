import { type ContactRecord, contactId } from "../../shared/model/contact.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { HandlersOf } from "./fake-handlers.ts";

/** Conversations and messages of the stand-in for main: whatever is sent is delivered a moment later. */
export const conversationHandlers: HandlersOf = (store) => ({
  "conversations.start": ({ accountId, address }) => {
    const id = contactId(accountId, address);
    const protocol = store.accounts.get(accountId)?.protocol ?? "xmpp";
    const record: ContactRecord = store.contacts.get(id) ?? {
      id,
      accountId,
      protocol,
      address,
      name: address,
      groups: [],
      subscription: "none",
      asked: false,
      presence: { availability: "unknown" },
      pinned: false,
      listed: false,
    };
    store.contacts.set(id, record);
    store.publish([{ op: "put", table: "contacts", id, record }]);
    store.putConversation(id, {});
    return { conversationId: id };
  },
  "conversations.open": ({ conversationId, around, limit }) =>
    store.page(conversationId, limit, { around: around ?? store.conversations.get(conversationId)?.firstUnread }),
  "conversations.page": ({ conversationId, limit, before, after, around, oldest }) =>
    store.page(conversationId, limit, { before, after, around, oldest }),
  "conversations.markRead": ({ conversationId, messageId }) => {
    const all = store.messages.get(conversationId) ?? [];
    const rest = all
      .slice(all.findIndex(({ id }) => id === messageId) + 1)
      .filter(({ direction }) => direction === "in");
    const firstUnread = rest[0]?.id;
    store.putConversation(conversationId, {
      unread: rest.length,
      ...(firstUnread === undefined ? {} : { firstUnread }),
    });
    return {};
  },
  "conversations.draft": ({ conversationId, text }) => {
    store.putConversation(conversationId, { draft: text });
    return {};
  },
  "messages.send": ({ conversationId, messageId, body }) => {
    const record: MessageRecord = {
      id: messageId,
      conversationId,
      accountId: placeOf(conversationId).accountId,
      direction: "out",
      author: { isSelf: true },
      body,
      at: Date.now(),
      seq: store.nextSeq(),
      state: "waiting",
    };
    store.add(record);
    for (const [delay, to] of [
      [150, "sent"],
      [500, "delivered"],
    ] as const) {
      setTimeout(
        () => store.publish([{ op: "patch", table: "messages", id: messageId, fields: { state: to } }]),
        delay,
      );
    }
    return record;
  },
  "messages.correct": ({ conversationId, messageId, body }) =>
    store.change(conversationId, messageId, { body, corrected: Date.now() }),
  "messages.retract": ({ conversationId, messageId }) =>
    store.change(conversationId, messageId, { body: "", retracted: true }),
  "messages.retry": ({ messageId }) => {
    store.publish([{ op: "patch", table: "messages", id: messageId, fields: { state: "sent", error: null } }]);
    return {};
  },
});
