import { randomUUID } from "node:crypto";
import { HallwayError } from "../../shared/errors.ts";
import { KeyedQueue } from "../../shared/keyed-queue.ts";
import type { Listeners } from "../../shared/listeners.ts";
import type { AccountId } from "../../shared/model/account.ts";
import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { FirstMessages } from "../enforcement/first-messages.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { History } from "../history/history.ts";
import type { Connections } from "../networks/connections.ts";
import { placeIn } from "../store/tables.ts";
import type { OutgoingItem, OutgoingSaying, OutgoingSignal, SendStage, Unplaced } from "./outgoing.ts";
import type { ProtectionMethod } from "./protection-method.ts";
import { type AdmitParts, admit } from "./send/admit.ts";
import { inspect } from "./send/inspect.ts";
import { limit } from "./send/limit.ts";
import { protect } from "./send/protect.ts";
import { type Clearance, Queue, type SendFailure } from "./send/queue.ts";
import { type StoreParts, store } from "./send/store.ts";
import { type WireParts, wire } from "./send/wire.ts";
import { compose, type StageHook } from "./stage.ts";

export interface SendingParts extends AdmitParts, Omit<StoreParts, "queue">, WireParts {
  readonly history: History;
  readonly connections: Connections;
  readonly guard: Pick<ContentGuard, "outgoing" | "stillAllowed">;
  readonly firstMessages: Pick<FirstMessages, "admit">;
  readonly clearance: Clearance;
  readonly methods: readonly ProtectionMethod[];
  readonly hook?: StageHook | undefined;
}

/** Messages and changes that may wait for the storing of earlier ones, of all conversations. */
const maxUnderway = 10_000;

/** Stages of a message on its way from the person to the queue, from top to bottom. */
function toQueue(parts: SendingParts & { readonly queue: Queue }): readonly SendStage[] {
  const address = (accountId: AccountId) => parts.connections.address(accountId);
  return [admit(parts), inspect({ ...parts, address }), limit(parts), store(parts), parts.queue.stage];
}

/** From the queue to the network; what waits from an earlier run begins here. */
function toNetwork(parts: SendingParts): readonly SendStage[] {
  return [protect(parts), wire(parts)];
}

/** Sends texts, changes of texts, receipts and chat states. */
export class Sending {
  readonly #parts: SendingParts;
  readonly #queue: Queue;
  readonly #enter: (item: OutgoingItem) => Promise<MessageRecord | undefined>;
  /**
   * Order in which the person's messages and changes in a conversation take effect: the order in which they make them.
   */
  readonly #inTurn = new KeyedQueue<ConversationId>({ maxLength: maxUnderway });

  constructor(parts: SendingParts) {
    this.#parts = parts;
    const end = async (): Promise<undefined> => undefined;
    const { hook = (_list, given) => given } = parts;
    const leave = compose(hook("to-network", toNetwork(parts)));
    this.#queue = new Queue({
      leave: (item) => leave(item, end),
      check({ place: { accountId, address: peer }, body }) {
        parts.guard.stillAllowed({ own: parts.connections.address(accountId), peer, body });
      },
      clearance: parts.clearance,
    });
    const enter = compose(hook("to-queue", toQueue({ ...parts, queue: this.#queue })));
    this.#enter = (item) => enter(item, end);
  }

  /** Items that will not be sent. */
  get failures(): Listeners<SendFailure> {
    return this.#queue.failures;
  }

  /**
   * Says something, in the order in which it is asked for. Resolves with the message as it is shown, once it is stored;
   * it leaves when the network is there. Errors: those of the stages up to `store`, `rate-limited`.
   */
  async say(item: WithoutTime<OutgoingSaying>): Promise<MessageRecord> {
    return this.#inTurn.run(item.conversationId, async () => {
      const record = await this.#enter({ ...item, place: this.#placeOf(item.conversationId), at: this.#parts.now() });
      if (!record) throw new HallwayError("not-found");
      return record;
    });
  }

  /** Takes an own message back, with the errors of `say`. */
  retract(conversationId: ConversationId, targetId: string): Promise<MessageRecord> {
    return this.say({ kind: "retraction", conversationId, id: randomUUID(), targetId, body: "" });
  }

  /** Tells them something of the moment, if it may be told and the account is online. */
  async signal(item: Unplaced<OutgoingSignal>): Promise<void> {
    const place = placeIn(this.#parts.tables, item.conversationId);
    if (place) await this.#enter({ ...item, place });
  }

  /** A message or its latest change that has failed waits again. Errors: `not-found`, and those of `mayWrite`. */
  async retry(messageId: string): Promise<void> {
    const { history, conversations, ownChanges, mayWrite } = this.#parts;
    const found = await history.get(messageId);
    if (found?.direction !== "out") throw new HallwayError("not-found");
    const { conversationId } = found;
    await this.#inTurn.run(conversationId, async () => {
      const change = ownChanges.again(messageId);
      if (change) this.#queue.add(change);
      const old = await history.get(messageId);
      if (old?.retracted === true || old?.state !== "failed") return;
      const place = this.#placeOf(conversationId);
      mayWrite(place);
      const record = await history.setState({ conversationId, wireId: messageId, state: "waiting" });
      if (!record) throw new HallwayError("not-found");
      conversations.changed(record);
      this.#queue.add({ kind: "text", ...record, place });
    });
  }

  /** The archive has been read, and the account is online: what waits goes out. */
  async release(accountId: AccountId, signal: AbortSignal): Promise<void> {
    const { history, ownChanges } = this.#parts;
    // What was taken back before it was sent is not sent.
    const texts = (await history.waiting(accountId)).filter((record) => record.retracted !== true);
    if (signal.aborted) return;
    this.#queue.release(accountId, [
      ...texts.map((message) => ({ kind: "text" as const, ...message })),
      ...ownChanges.waiting(accountId),
    ]);
  }

  /** The connection was lost: nothing leaves until the next `release`. */
  hold(accountId: AccountId): void {
    this.#queue.hold(accountId);
  }

  settled(accountId: AccountId, id: string, again: boolean): void {
    this.#queue.settled(accountId, id, again);
  }

  /** The account is gone or is made anew. */
  close(accountId: AccountId): void {
    this.#queue.close(accountId);
  }

  /** Error: `not-found`, where the conversation is with nobody who is known. */
  #placeOf(id: ConversationId): ConversationPlace {
    const place = placeIn(this.#parts.tables, id);
    if (!place) throw new HallwayError("not-found");
    return place;
  }
}

/** The item as it is asked for: its time is that of the asking. */
type WithoutTime<Item> = Item extends unknown ? Omit<Item, "at" | "target" | "place"> : never;
