import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import { type ConversationId, placeOf } from "../../shared/model/conversation-id.ts";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";
import type { Client } from "../ipc/client.ts";
import type { MessageOp, Replica } from "../state/replica.ts";
import type { Place } from "../state/window-state.ts";
import { createEditing, type Editing } from "./editing.ts";
import { LoadedMessages } from "./loaded-messages.ts";
import { type LogItem, toItems } from "./messages.ts";
import { unstored } from "./stretch.ts";

/** One conversation as this window has it open. */
export interface Conversation extends Editing {
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
  readonly target: Signal<MessageId | undefined>;
  /** Loads from where it was left: around the target, the first unread, or the place kept. */
  open(target?: MessageId): Promise<void>;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Loads the beginning of the conversation where it is not there. */
  toStart(): Promise<void>;
  /** Shows the end, loading it when it is not there. */
  toEnd(): Promise<void>;
  /**
   * Sends at once, and shows the end, loading it when it is not there. Rejects when main did not take it; then nothing
   * of it is left here and the caller still has the text. `confirm`: the token of the `content-warning` for this text
   * that the person said yes to.
   */
  send(body: string, confirm?: string): Promise<void>;
  retry(messageId: MessageId): Promise<void>;
  /** Reading place: what the person saw last, kept while other conversations are shown. */
  readonly place: Place;
  /** Draft that main would not keep, as it was locked at that moment. */
  unkeptDraft: string | undefined;
  /** They look at this message and everything before it. */
  seen(messageId: MessageId): void;
  /** Lets go of messages that may not be visible now: shown, it asks again at once; else it forgets everything. */
  forget(): void;
  close(): void;
}

export interface ConversationOptions {
  readonly id: ConversationId;
  readonly client: Pick<Client, "request">;
  readonly replica: Pick<Replica, "onMessage" | "conversations">;
  /** Where it was left, kept over restarts. */
  readonly place: Place;
  /** Whether the window has the focus and is visible. */
  readonly attentive: () => boolean;
  readonly newId: () => string;
  readonly now: () => number;
  /** The time zone of the computer; another one moves the day lines. */
  readonly zone?: ReadonlySignal<string>;
}

export function createConversation({
  id,
  client,
  replica,
  place,
  attentive,
  newId,
  now,
  zone,
}: ConversationOptions): Conversation {
  const loaded = new LoadedMessages({ id, client, place });
  const { messages, state, before, after } = loaded;
  const divider = signal<MessageId | undefined>(undefined);
  const target = signal<MessageId | undefined>(undefined);
  let jumping: Promise<boolean> | undefined;
  let disposers: (() => void)[] = [];

  /** The lowest message that was in view while somebody looked. */
  let lastSeen: MessageId | undefined;

  /** Whether everything of theirs that is loaded has been seen. */
  const isAllSeen = (): boolean => {
    const all = messages.peek();
    return (
      all.findIndex((message) => message.id === lastSeen) >= all.findLastIndex(({ direction }) => direction === "in")
    );
  };

  /**
   * Adds a live message. One that comes while nobody looks, or while the end is out of view, is new from its first on.
   */
  const follow = (op: MessageOp): void => {
    const isNew =
      op.op === "put" && op.record.direction === "in" && op.record.conversationId === id && !loaded.has(op.record.id);
    const wasAllSeen = isNew && isAllSeen();
    loaded.follow(op);
    // Where the end is not loaded, `toEnd` finds the first of them.
    if (!isNew || !loaded.has(op.record.id)) return;
    const isUnseen = !attentive() || !place.atEnd;
    // A divider under which everything has been seen has done its work.
    if (isUnseen && (divider.peek() === undefined || wasAllSeen)) divider.value = op.record.id;
    else if (!isUnseen && wasAllSeen) divider.value = undefined;
  };

  /**
   * Loads the end where it is not there, once for all who ask meanwhile. False: it cannot be loaded, and what is loaded
   * stays.
   */
  const jumpToEnd = (): Promise<boolean> => {
    if (!after.peek() && state.peek() === "ready") return Promise.resolve(true);
    jumping ??= loaded
      .toEnd()
      .then(
        () => true,
        async () => {
          if (state.peek() !== "ready") await loaded.open(undefined);
          return false;
        },
      )
      .finally(() => {
        jumping = undefined;
      });
    return jumping;
  };

  /** As after updates were missed, and after a change of what is kept. */
  const reload = async (): Promise<void> => {
    await loaded.open(place.atEnd ? undefined : place.anchor, true);
    // Main leads to the first unread message, which may be far from the end.
    if (place.atEnd && state.peek() === "ready") await jumpToEnd();
  };

  const ownMessage = (messageId: MessageId, body: string): MessageRecord => ({
    id: messageId,
    conversationId: id,
    accountId: placeOf(id).accountId,
    direction: "out",
    author: { isSelf: true },
    body,
    // As main does: a clock that was set back does not put it before what it answers.
    at: Math.max(now(), messages.peek().at(-1)?.at ?? 0, replica.conversations.peek(id)?.last?.at ?? 0),
    seq: unstored,
    state: "waiting",
  });

  return {
    ...createEditing({ id, client, loaded, newId, now }),
    id,
    messages,
    state,
    error: loaded.error,
    before,
    after,
    jumps: loaded.jumps,
    target,
    place,
    unkeptDraft: undefined,
    items: computed(() => {
      void zone?.value;
      return toItems(messages.value, divider.value, state.value === "ready" && !before.value);
    }),
    async open(wanted) {
      if (disposers.length === 0) disposers = [replica.onMessage(follow)];
      const record = replica.conversations.peek(id);
      const unread = (record?.unread ?? 0) > 0 ? record?.firstUnread : undefined;
      batch(() => {
        divider.value = unread;
        target.value = wanted;
        // With something new to lead to, what was loaded before would only flash by.
        if (unread !== undefined || (wanted !== undefined && !loaded.has(wanted))) loaded.letGo();
      });
      await loaded.open(wanted ?? (unread === undefined && !place.atEnd ? place.anchor : undefined));
    },
    loadOlder: () => loaded.page("before"),
    loadNewer: () => loaded.page("after"),
    async toStart() {
      if (before.peek() && state.peek() === "ready") await loaded.toStart();
    },
    async toEnd() {
      const record = replica.conversations.peek(id);
      place.move({ atEnd: true });
      target.value = undefined;
      // What came beyond the end of what was loaded begins there.
      if (after.peek() && (record?.unread ?? 0) > 0) divider.value = record?.firstUnread;
      await jumpToEnd();
    },
    async send(body, confirm) {
      const messageId = newId();
      batch(() => {
        divider.value = undefined;
        target.value = undefined;
        // Whoever writes looks at what they wrote.
        place.move({ atEnd: true });
        loaded.addOwn(ownMessage(messageId, body));
      });
      const jumped = jumpToEnd();
      let record: MessageRecord;
      try {
        record = await client.request("messages.send", {
          conversationId: id,
          messageId,
          body,
          ...(confirm === undefined ? {} : { confirm }),
        });
      } catch (thrown) {
        loaded.refused(messageId);
        throw new HallwayError(toErrorInfo(thrown).code, toErrorInfo(thrown).params);
      }
      loaded.stored(record);
      // The rest comes by pages then.
      if (!(await jumped) && after.peek()) loaded.beginWith(record);
    },
    async retry(messageId) {
      await client.request("messages.retry", { messageId });
    },
    seen(messageId) {
      const order = messages.peek().map((message) => message.id);
      // Only forward: whoever scrolls up has seen what is below.
      if (order.indexOf(messageId) >= order.indexOf(lastSeen ?? "")) lastSeen = messageId;
      const record = replica.conversations.peek(id);
      if (record === undefined || record.unread === 0) return;
      // What is older than the first unread message was read already. Where that is not loaded but the end is, it
      // stands before.
      const first = record.firstUnread === undefined ? 0 : order.indexOf(record.firstUnread);
      if (first === -1 ? after.peek() : order.indexOf(messageId) < first) return;
      client.request("conversations.markRead", { conversationId: id, messageId }).catch(() => undefined);
    },
    forget() {
      loaded.cancel();
      if (disposers.length === 0) loaded.letGo();
      else void reload();
    },
    close() {
      loaded.cancel();
      for (const dispose of disposers) dispose();
      disposers = [];
      client.request("conversations.close", { conversationId: id }).catch(() => undefined);
    },
  };
}
