import type { ContactId } from "../../shared/model/contact.ts";
import type { Conversation } from "./model.ts";

/** Conversations that were open lately, so that going back to one shows it at once and where it was left. */
export interface ConversationPool {
  get(id: ContactId): Conversation;
}

const kept = 12;

export function createConversationPool(make: (id: ContactId) => Conversation): ConversationPool {
  const pool = new Map<ContactId, Conversation>();
  return {
    get(id) {
      const conversation = pool.get(id) ?? make(id);
      pool.delete(id);
      pool.set(id, conversation);
      for (const [oldest] of pool) {
        if (pool.size <= kept) break;
        pool.delete(oldest);
      }
      return conversation;
    },
  };
}
