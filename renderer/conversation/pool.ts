import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { Replica } from "../state/replica.ts";
import type { Conversation } from "./model.ts";

const kept = 12;

/**
 * Conversations that were open lately, so that going back to one shows it at once and where it was left. None of them
 * holds what main has said to forget, open or not.
 */
export class ConversationPool {
  readonly #make: (id: ConversationId) => Conversation;
  readonly #pool = new Map<ConversationId, Conversation>();
  readonly #disposers: readonly (() => void)[];

  constructor(make: (id: ConversationId) => Conversation, replica: Pick<Replica, "onMessage" | "onReset">) {
    this.#make = make;
    this.#disposers = [
      replica.onMessage((op) => {
        if (op.op === "forget") this.#forget(op.id);
      }),
      // Nobody knows what was missed.
      replica.onReset(() => this.#forget("all")),
    ];
  }

  get(id: ConversationId): Conversation {
    const pool = this.#pool;
    const conversation = pool.get(id) ?? this.#make(id);
    pool.delete(id);
    pool.set(id, conversation);
    for (const [oldest] of pool) {
      if (pool.size <= kept) break;
      pool.delete(oldest);
    }
    return conversation;
  }

  dispose(): void {
    for (const dispose of this.#disposers) dispose();
  }

  #forget(of: ConversationId | "all"): void {
    for (const [id, conversation] of this.#pool) if (of === "all" || of === id) conversation.forget();
  }
}
