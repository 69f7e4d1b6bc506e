import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import { Listeners } from "../../../shared/listeners.ts";
import type { AccountId } from "../../../shared/model/account.ts";
import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { OutgoingItem, OutgoingSaying, SendStage } from "../outgoing.ts";

/**
 * Conditions for sending an item besides the network; undefined: none. Rejects with why it will not be sent, or with
 * `cancelled`.
 */
export type Clearance = (item: OutgoingSaying, signal: AbortSignal) => Promise<void> | undefined;

export interface QueueOptions {
  /** From the queue to the network. Rejects with `offline` or `connection-lost` where the item has to wait again. */
  readonly leave: (item: OutgoingItem) => Promise<unknown>;
  /** Throws where an item may not go out (any more). */
  readonly check: (item: OutgoingSaying) => void;
  readonly clearance: Clearance;
}

/** An item that will not be sent. */
export interface SendFailure {
  readonly accountId: AccountId;
  readonly item: OutgoingSaying;
  readonly error: unknown;
}

/**
 * Items that wait for the network. In each conversation one leaves after the other; conversations do not wait for each
 * other. An item is handed to the network once, and again only when the network said that it may not have arrived, and
 * then under the same id and after the server's archive was read, so that it arrives exactly once.
 */
export class Queue {
  readonly failures = new Listeners<SendFailure>();
  readonly #options: QueueOptions;
  readonly #accounts = new Map<AccountId, AccountQueue>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** The stage: an item waits here. Resolves at once. A signal does not wait: it leaves now or never. */
  readonly stage: SendStage = async (item) => {
    if (isSaying(item)) this.add(item);
    // Nobody misses what is told of a moment that has passed.
    else this.#options.leave(item).catch(() => undefined);
    return undefined;
  };

  /** An item that is stored as waiting. */
  add(item: OutgoingSaying): void {
    this.#of(item.place.accountId).add(item);
  }

  /** All that still waits, oldest first, after a catch-up has shown what the server already has. */
  release(accountId: AccountId, waiting: readonly OutgoingSaying[]): void {
    this.#of(accountId).release(waiting);
  }

  /** The connection was lost: nothing leaves until the next `release`. */
  hold(accountId: AccountId): void {
    this.#accounts.get(accountId)?.hold();
  }

  /** The network knows what became of it, or (`again`) that it may not have arrived. */
  settled(accountId: AccountId, id: string, again: boolean): void {
    this.#accounts.get(accountId)?.settled(id, again);
  }

  /** An item will not be sent after all. False: it may have been handed over, now or in an earlier run. */
  withdraw(accountId: AccountId, id: string): boolean {
    return this.#accounts.get(accountId)?.withdraw(id) ?? false;
  }

  /** The account is gone or is made anew: nothing is waited for any more. */
  close(accountId: AccountId): void {
    this.#accounts.get(accountId)?.close();
    this.#accounts.delete(accountId);
  }

  #of(accountId: AccountId): AccountQueue {
    const known = this.#accounts.get(accountId);
    if (known) return known;
    const made = new AccountQueue(this.#options, (item, error) => this.failures.emit({ accountId, item, error }));
    this.#accounts.set(accountId, made);
    return made;
  }
}

class AccountQueue {
  readonly #options: QueueOptions;
  readonly #failed: (item: OutgoingSaying, error: unknown) => void;
  /** Items by conversation and id, in order. */
  #lanes = new Map<ConversationId, Map<string, OutgoingSaying>>();
  /** Conversations of which an item is leaving. */
  readonly #leaving = new Set<ConversationId>();
  /** Said in this run and never handed over. */
  readonly #unsent = new Set<string>();
  readonly #handedOver = new Set<string>();
  /** Messages that need not wait any more, and those that wait: each with the text that it was asked for. */
  readonly #cleared = new Map<string, string>();
  readonly #asked = new Map<string, { readonly body: string; readonly controller: AbortController }>();
  #isOpen = false;

  constructor(options: QueueOptions, failed: (item: OutgoingSaying, error: unknown) => void) {
    this.#options = options;
    this.#failed = failed;
  }

  add(item: OutgoingSaying): void {
    // A text that still waits goes out as it reads now. That it was corrected follows, for it may have gone out in an
    // earlier run.
    const corrected = item.kind === "correction" ? this.#lanes.get(item.conversationId)?.get(item.targetId) : undefined;
    if (corrected) this.#put({ ...corrected, body: item.body });
    if (this.#handedOver.has(item.id)) return;
    if (!this.#lanes.get(item.conversationId)?.has(item.id)) this.#unsent.add(item.id);
    this.#put(item);
    this.#run(item.conversationId);
  }

  release(waiting: readonly OutgoingSaying[]): void {
    this.#isOpen = true;
    // The history has them in the order in which they were said; what it does not know (yet) was said last.
    const said = [...this.#lanes.values()].flatMap((lane) => [...lane.values()]);
    this.#lanes = new Map();
    for (const item of waiting) if (!this.#handedOver.has(item.id)) this.#put(item);
    for (const item of said) if (!this.#lanes.get(item.conversationId)?.has(item.id)) this.#put(item);
    for (const conversationId of [...this.#lanes.keys()]) this.#run(conversationId);
  }

  hold(): void {
    this.#isOpen = false;
  }

  settled(id: string, again: boolean): void {
    this.#handedOver.delete(id);
    if (again) return;
    this.#unsent.delete(id);
    this.#remove(id);
    this.#forget(id);
  }

  withdraw(id: string): boolean {
    this.#remove(id);
    this.#forget(id);
    return this.#unsent.delete(id);
  }

  close(): void {
    this.#isOpen = false;
    for (const id of [...this.#asked.keys()]) this.#forget(id);
  }

  #put(item: OutgoingSaying): void {
    const lane = this.#lanes.get(item.conversationId);
    if (lane) lane.set(item.id, item);
    else this.#lanes.set(item.conversationId, new Map([[item.id, item]]));
  }

  #remove(id: string): void {
    for (const [conversationId, lane] of this.#lanes)
      if (lane.delete(id) && lane.size === 0) this.#lanes.delete(conversationId);
  }

  #forget(id: string): void {
    this.#cleared.delete(id);
    this.#asked.get(id)?.controller.abort();
    this.#asked.delete(id);
  }

  /** Lets the first item of a conversation leave, if it may go now and none is leaving. */
  #run(conversationId: ConversationId): void {
    if (!this.#isOpen || this.#leaving.has(conversationId)) return;
    const [first] = this.#lanes.get(conversationId)?.values() ?? [];
    if (first && this.#isClear(first)) void this.#leave(first);
  }

  #isClear(item: OutgoingSaying): boolean {
    const { id, body, conversationId } = item;
    if (this.#cleared.get(id) === body) return true;
    if (this.#asked.get(id)?.body === body) return false;
    // It says something else now, which is another thing to wait for.
    this.#forget(id);
    const controller = new AbortController();
    const clear = this.#options.clearance(item, controller.signal);
    if (!clear) return true;
    this.#asked.set(id, { body, controller });
    const isOver = (): boolean => this.#asked.get(id)?.controller !== controller;
    void clear.then(
      () => {
        if (isOver()) return;
        this.#asked.delete(id);
        this.#cleared.set(id, body);
        this.#run(conversationId);
      },
      (error: unknown) => {
        // Nobody waits for it any more.
        if (isOver() || toErrorInfo(error).code === "cancelled") return;
        this.#asked.delete(id);
        this.#remove(id);
        this.#failed(item, error);
        this.#run(conversationId);
      },
    );
    return false;
  }

  async #leave(item: OutgoingSaying): Promise<void> {
    const { id, conversationId } = item;
    this.#leaving.add(conversationId);
    this.#remove(id);
    this.#handedOver.add(id);
    this.#unsent.delete(id);
    try {
      // A retraction says nothing that a rule could forbid.
      if (item.kind !== "retraction") this.#options.check(item);
      await this.#options.leave(item);
    } catch (error) {
      this.#handedOver.delete(id);
      const { code } = toErrorInfo(error);
      if (error instanceof HallwayError && (code === "offline" || code === "connection-lost")) {
        // It stays `waiting`, first in its conversation after the next sign-in.
        this.#isOpen = false;
        const after = this.#lanes.get(conversationId) ?? [];
        this.#lanes.set(conversationId, new Map([[id, item], ...after]));
      } else this.#failed(item, error);
    } finally {
      this.#leaving.delete(conversationId);
    }
    this.#run(conversationId);
  }
}

/** Whether an item is stored. */
function isSaying(item: OutgoingItem): item is OutgoingSaying {
  return item.kind !== "receipt" && item.kind !== "typing";
}
