import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { AccountId } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";
import type { Client } from "../ipc/client.ts";
import type { MessageOp, Replica } from "../state/replica.ts";
import type { Place } from "../state/window-state.ts";
import { Editing } from "./editing.ts";
import { LoadedMessages } from "./loaded-messages.ts";
import { type LogItem, toItems } from "./messages.ts";
import { unstored } from "./stretch.ts";
import { UnreadDivider } from "./unread-divider.ts";

export interface ConversationOptions {
  readonly id: ConversationId;
  readonly client: Pick<Client, "request">;
  readonly replica: Pick<Replica, "onMessage" | "conversations" | "places">;
  /** Where it was left, kept over restarts. */
  readonly place: Place;
  /** Whether the window has the focus and is visible. */
  readonly attentive: () => boolean;
  readonly newId: () => string;
  readonly now: () => number;
  /** The time zone of the computer; another one moves the day lines. */
  readonly zone?: ReadonlySignal<string>;
}

/** One conversation as this window has it open. */
export class Conversation {
  readonly id: ConversationId;
  readonly items: ReadonlySignal<readonly LogItem[]>;
  readonly messages: ReadonlySignal<readonly MessageRecord[]>;
  readonly state: ReadonlySignal<"loading" | "ready" | "failed">;
  readonly error: ReadonlySignal<ErrorInfo | undefined>;
  /** Whether there are messages older (`before`) or newer (`after`) than those loaded. */
  readonly before: ReadonlySignal<boolean>;
  readonly after: ReadonlySignal<boolean>;
  /** Grows whenever the end was loaded in the place of another part: the view goes there. */
  readonly jumps: ReadonlySignal<number>;
  /** The message to bring into view and mark; set by a search hit or a notification. */
  readonly target = signal<MessageId | undefined>(undefined);
  /** Reading place: what the person saw last, kept while other conversations are shown. */
  readonly place: Place;
  readonly editing: Editing;
  /** Draft that main would not keep, as it was locked at that moment. */
  unkeptDraft: string | undefined;
  readonly #options: ConversationOptions;
  readonly #loaded: LoadedMessages;
  readonly #divider: UnreadDivider;
  #jumping: Promise<boolean> | undefined;
  #stopFollowing: (() => void) | undefined;

  constructor(options: ConversationOptions) {
    const { id, client, place, newId, now, zone } = options;
    const loaded = new LoadedMessages({ id, client, place });
    const divider = new UnreadDivider(loaded);
    this.#options = options;
    this.#loaded = loaded;
    this.#divider = divider;
    this.id = id;
    this.place = place;
    this.messages = loaded.messages;
    this.state = loaded.state;
    this.error = loaded.error;
    this.before = loaded.before;
    this.after = loaded.after;
    this.jumps = loaded.jumps;
    this.editing = new Editing({ id, client, loaded, newId, now });
    this.items = computed(() => {
      void zone?.value;
      const isStart = loaded.state.value === "ready" && !loaded.before.value;
      return toItems(loaded.messages.value, divider.first.value, isStart);
    });
  }

  /** Account that has it, followed by whoever draws it; empty until main has told of it. */
  get accountId(): AccountId {
    return this.#where?.accountId ?? "";
  }

  /** Address that it is with, followed by whoever draws it; empty until main has told of it. */
  get address(): Address {
    return this.#where?.address ?? "";
  }

  get #where(): ConversationPlace | undefined {
    return this.#options.replica.places.of(this.id);
  }

  /** Loads from where it was left: around the target, the first unread, or the place kept. */
  async open(target?: MessageId): Promise<void> {
    const { replica } = this.#options;
    this.#stopFollowing ??= replica.onMessage((op) => this.#follow(op));
    const record = replica.conversations.peek(this.id);
    const unread = (record?.unread ?? 0) > 0 ? record?.firstUnread : undefined;
    batch(() => {
      this.#divider.first.value = unread;
      this.target.value = target;
      // With something new to lead to, what was loaded before would only flash by.
      if (unread !== undefined || (target !== undefined && !this.#loaded.has(target))) this.#loaded.letGo();
    });
    const { atEnd, anchor } = this.place;
    await this.#loaded.open(target ?? (unread === undefined && !atEnd ? anchor : undefined));
  }

  loadOlder(): Promise<void> {
    return this.#loaded.page("before");
  }

  loadNewer(): Promise<void> {
    return this.#loaded.page("after");
  }

  /** Loads the beginning of the conversation where it is not there. */
  async toStart(): Promise<void> {
    if (this.before.peek() && this.state.peek() === "ready") await this.#loaded.toStart();
  }

  /** Shows the end, loading it when it is not there. */
  async toEnd(): Promise<void> {
    const record = this.#options.replica.conversations.peek(this.id);
    this.place.move({ atEnd: true });
    this.target.value = undefined;
    // What came beyond the end of what was loaded begins there.
    if (this.after.peek() && (record?.unread ?? 0) > 0) this.#divider.first.value = record?.firstUnread;
    await this.#jumpToEnd();
  }

  /**
   * Sends at once, and shows the end, loading it when it is not there. Rejects when main did not take it; then nothing
   * of it is left here and the caller still has the text. `confirm`: the token of the `content-warning` for this text
   * that the person said yes to.
   */
  async send(body: string, confirm?: string): Promise<void> {
    const { client, newId } = this.#options;
    const messageId = newId();
    batch(() => {
      this.#divider.first.value = undefined;
      this.target.value = undefined;
      // Whoever writes looks at what they wrote.
      this.place.move({ atEnd: true });
      this.#loaded.addOwn(this.#ownMessage(messageId, body));
    });
    const jumped = this.#jumpToEnd();
    let record: MessageRecord;
    try {
      record = await client.request("messages.send", {
        conversationId: this.id,
        messageId,
        body,
        ...(confirm === undefined ? {} : { confirm }),
      });
    } catch (thrown) {
      this.#loaded.refused(messageId);
      throw new HallwayError(toErrorInfo(thrown).code, toErrorInfo(thrown).params);
    }
    this.#loaded.stored(record);
    // The rest comes by pages then.
    if (!(await jumped) && this.after.peek()) this.#loaded.beginWith(record);
  }

  async retry(messageId: MessageId): Promise<void> {
    await this.#options.client.request("messages.retry", { messageId });
  }

  /** They look at this message and everything before it. */
  seen(messageId: MessageId): void {
    this.#divider.seen(messageId);
    const { client, replica } = this.#options;
    const record = replica.conversations.peek(this.id);
    if (record === undefined || record.unread === 0) return;
    const order = this.messages.peek().map((message) => message.id);
    // What is older than the first unread message was read already. Where that is not loaded but the end is, it
    // stands before.
    const first = record.firstUnread === undefined ? 0 : order.indexOf(record.firstUnread);
    if (first === -1 ? this.after.peek() : order.indexOf(messageId) < first) return;
    client.request("conversations.markRead", { conversationId: this.id, messageId }).catch(() => undefined);
  }

  /** Lets go of messages that may not be visible now: shown, it asks again at once; else it forgets everything. */
  forget(): void {
    this.#loaded.cancel();
    if (this.#stopFollowing === undefined) this.#loaded.letGo();
    else void this.#reload();
  }

  close(): void {
    this.#loaded.cancel();
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
    this.#options.client.request("conversations.close", { conversationId: this.id }).catch(() => undefined);
  }

  #follow(op: MessageOp): void {
    const loaded = this.#loaded;
    const isNew =
      op.op === "put" &&
      op.record.direction === "in" &&
      op.record.conversationId === this.id &&
      !loaded.has(op.record.id);
    const wasAllSeen = isNew && this.#divider.isAllSeen();
    loaded.follow(op);
    // Where the end is not loaded, `toEnd` finds the first of them.
    if (!isNew || !loaded.has(op.record.id)) return;
    const isUnseen = !this.#options.attentive() || !this.place.atEnd;
    this.#divider.came(op.record.id, { isUnseen, wasAllSeen });
  }

  /**
   * Loads the end where it is not there, once for all who ask meanwhile. False: it cannot be loaded, and what is loaded
   * stays.
   */
  #jumpToEnd(): Promise<boolean> {
    if (!this.after.peek() && this.state.peek() === "ready") return Promise.resolve(true);
    this.#jumping ??= this.#loaded
      .toEnd()
      .then(
        () => true,
        async () => {
          if (this.state.peek() !== "ready") await this.#loaded.open(undefined);
          return false;
        },
      )
      .finally(() => {
        this.#jumping = undefined;
      });
    return this.#jumping;
  }

  /** As after updates were missed, and after a change of what is kept. */
  async #reload(): Promise<void> {
    await this.#loaded.open(this.place.atEnd ? undefined : this.place.anchor, true);
    // Main leads to the first unread message, which may be far from the end.
    if (this.place.atEnd && this.state.peek() === "ready") await this.#jumpToEnd();
  }

  #ownMessage(id: MessageId, body: string): MessageRecord {
    const { replica, now } = this.#options;
    return {
      id,
      conversationId: this.id,
      accountId: this.accountId,
      direction: "out",
      author: { isSelf: true },
      body,
      // As main does: a clock that was set back does not put it before what it answers.
      at: Math.max(now(), this.messages.peek().at(-1)?.at ?? 0, replica.conversations.peek(this.id)?.last?.at ?? 0),
      seq: unstored,
      state: "waiting",
    };
  }
}
