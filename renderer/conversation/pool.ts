import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { Replica } from "../state/replica.ts";
import type { Conversation } from "./model.ts";

/** Conversations that were open lately, so that going back to one shows it at once and where it was left. */
export interface ConversationPool {
  get(id: ConversationId): Conversation;
  dispose(): void;
}

const kept = 12;

/** None of them holds what main has said to forget, open or not. */
export function createConversationPool(
  make: (id: ConversationId) => Conversation,
  replica: Pick<Replica, "onMessage" | "onReset">,
): ConversationPool {
  const pool = new Map<ConversationId, Conversation>();
  const forget = (of: ConversationId | "all"): void => {
    for (const [id, conversation] of pool) if (of === "all" || of === id) conversation.forget();
  };
  const disposers = [
    replica.onMessage((op) => {
      if (op.op === "forget") forget(op.id);
    }),
    // Nobody knows what was missed.
    replica.onReset(() => forget("all")),
  ];
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
    dispose() {
      for (const dispose of disposers) dispose();
    },
  };
}
