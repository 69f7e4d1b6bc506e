import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { ContactId } from "../../shared/model/contact.ts";
import { parseContactId } from "../../shared/model/contact.ts";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";
import { isChangeable } from "../../shared/model/message-change.ts";
import type { Client } from "../ipc/client.ts";
import type { MessageOp, Replica } from "../state/replica.ts";
import type { Place } from "../state/window-state.ts";
import { type LogItem, merge, toItems } from "./messages.ts";

/** How many messages a page holds. */
const pageSize = 60;
/** Most messages kept loaded; those furthest from where the person reads are let go. */
const maxLoaded = 600;

/** One conversation as this window has it open. */
export interface Conversation {
  readonly id: ContactId;
  readonly items: ReadonlySignal<readonly LogItem[]>;
  readonly messages: ReadonlySignal<readonly MessageRecord[]>;
  readonly state: ReadonlySignal<"loading" | "ready" | "failed">;
  readonly error: ReadonlySignal<ErrorInfo | undefined>;
  /** Whether there are messages older (`before`) or newer (`after`) than those loaded. */
  readonly before: ReadonlySignal<boolean>;
  readonly after: ReadonlySignal<boolean>;
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
   * Rejects when main did not take it; then nothing of it is left here and the caller still has the text. `confirm`: the token of
   * the `content-warning` for this text that the person said yes to.
   */
  send(body: string, confirm?: string): Promise<void>;
  retry(messageId: MessageId): Promise<void>;
  /** The own message that is being edited; undefined: a new one is written. */
  readonly editing: ReadonlySignal<MessageRecord | undefined>;
  /** What was typed of it so far, kept while other conversations are shown; undefined: nothing yet. */
  readonly editText: Signal<string | undefined>;
  /** Begins to edit an own message; undefined leaves. */
  edit(messageId: MessageId | undefined): void;
  /** Begins to edit the last own message that may be; false: there is none among those that are loaded. */
  editLast(): boolean;
  /** As `send`, for a message that is there; resolves also when it says the same as before. */
  correct(messageId: MessageId, body: string, confirm?: string): Promise<void>;
  /** What the person saw last: the reading place, kept while other conversations are shown. */
  readonly place: Place;
  /** What was typed and main would not keep, as it was locked at that moment. */
  unkeptDraft: string | undefined;
  /** They look at this message and everything before it. */
  seen(messageId: MessageId): void;
  /** What it holds may be out of sight now: shown, it asks again at once; else it lets go of everything. */
  forget(): void;
  close(): void;
}

export interface ConversationOptions {
  readonly id: ContactId;
  readonly client: Pick<Client, "request">;
  readonly replica: Pick<Replica, "onMessage" | "conversations">;
  /** Where it was left, kept over restarts. */
  readonly place: Place;
  /** Whether the window has the focus and is visible. */
  readonly attentive: () => boolean;
  readonly newId: () => string;
  readonly now: () => number;
}

export function createConversation({ id, client, replica, place, attentive, newId, now }: ConversationOptions): Conversation {
  const messages = signal<readonly MessageRecord[]>([]);
  const state = signal<"loading" | "ready" | "failed">("loading");
  const error = signal<ErrorInfo | undefined>(undefined);
  const before = signal(false);
  const after = signal(false);
  const divider = signal<MessageId | undefined>(undefined);
  const target = signal<MessageId | undefined>(undefined);
  const edited = signal<MessageId | undefined>(undefined);
  const editText = signal<string | undefined>(undefined);
  /** One correction that is tried again, because a rule asks first, is still the same one. */
  let correctionId: string | undefined;
  let paging: Promise<void> | undefined;
  let generation = 0;
  let disposers: (() => void)[] = [];

  const follow = (op: MessageOp): void => {
    if (op.op === "put") {
      if (op.record.conversationId !== id) return;
      const known = messages.peek().some((message) => message.id === op.record.id);
      // With newer pages missing, what comes at the end is not next to what is shown: it is loaded when it is reached.
      if (!known && after.peek() && !precedesEnd(op.record)) return;
      if (!known && op.record.direction === "in" && divider.peek() === undefined && !attentive()) divider.value = op.record.id;
      trimmed(merge(messages.peek(), [op.record]));
    } else if (op.op === "patch") {
      messages.value = messages.peek().map((message) => (message.id === op.id ? patched(message, op.fields) : message));
    } else if (op.op === "remove") {
      messages.value = messages.peek().filter((message) => message.id !== op.id);
    }
  };
  /** A long sitting keeps the list as short as paging does: what is let go is the end that is not read. */
  const trimmed = (all: readonly MessageRecord[]): void => {
    if (all.length <= maxLoaded + pageSize) {
      messages.value = all;
      return;
    }
    const reading = place.atEnd ? all.length : all.findIndex((message) => message.id === place.anchor);
    const fromStart = reading >= all.length / 2;
    batch(() => {
      if (fromStart) before.value = true;
      else after.value = true;
      messages.value = fromStart ? all.slice(-maxLoaded) : all.slice(0, maxLoaded);
    });
  };
  const precedesEnd = (record: MessageRecord): boolean => record.at < (messages.peek().at(-1)?.at ?? Number.POSITIVE_INFINITY);

  const page = (direction: "before" | "after"): Promise<void> => {
    const edge = direction === "before" ? messages.peek()[0] : messages.peek().at(-1);
    const more = direction === "before" ? before : after;
    if (state.peek() !== "ready" || !more.peek() || edge === undefined) return Promise.resolve();
    const mine = generation;
    paging ??= client
      .request("conversations.page", { conversationId: id, limit: pageSize, [direction]: edge.id })
      .then(
        (result) => {
          if (mine !== generation) return;
          batch(() => {
            const all = merge(messages.peek(), result.messages);
            const spare = all.length - maxLoaded;
            more.value = result[direction];
            if (spare > 0 && direction === "before") after.value = true;
            if (spare > 0 && direction === "after") before.value = true;
            messages.value = spare <= 0 ? all : direction === "before" ? all.slice(0, maxLoaded) : all.slice(spare);
          });
        },
        () => undefined, // The edge stays; the next scroll asks again.
      )
      .finally(() => {
        paging = undefined;
      });
    return paging;
  };

  const letGo = (): void => {
    batch(() => {
      messages.value = [];
      state.value = "loading";
    });
  };

  /** As after updates were missed, and after a change of what is kept. */
  const reload = (): void => void load(place.atEnd ? undefined : place.anchor, true);

  /** `stale`: what is shown must not stay when it cannot be asked for again. */
  const load = async (around: MessageId | undefined, stale = false): Promise<void> => {
    const mine = ++generation;
    paging = undefined;
    try {
      const result = await client.request("conversations.open", { conversationId: id, limit: pageSize, ...(around === undefined ? {} : { around }) });
      if (mine !== generation) return;
      batch(() => {
        // What was sent meanwhile and is not in the page yet stays.
        const waiting = messages.peek().filter((message) => message.seq === Number.MAX_SAFE_INTEGER);
        messages.value = merge(
          result.messages,
          result.after ? [] : waiting.filter((message) => !result.messages.some(({ id: known }) => known === message.id)),
        );
        before.value = result.before;
        after.value = result.after;
        error.value = undefined;
        state.value = "ready";
      });
    } catch (thrown) {
      if (mine !== generation) return;
      batch(() => {
        error.value = toErrorInfo(thrown);
        if (stale) messages.value = [];
        if (messages.peek().length === 0) state.value = "failed";
      });
    }
  };

  const edit = (messageId: MessageId | undefined): void => {
    batch(() => {
      edited.value = messageId;
      editText.value = undefined;
    });
    correctionId = undefined;
  };

  return {
    id,
    messages,
    state,
    error,
    before,
    after,
    target,
    place,
    unkeptDraft: undefined,
    items: computed(() => toItems(messages.value, divider.value, state.value === "ready" && !before.value)),
    async open(wanted) {
      if (disposers.length === 0) disposers = [replica.onMessage(follow)];
      const record = replica.conversations.peek(id);
      const unread = (record?.unread ?? 0) > 0 ? record?.firstUnread : undefined;
      batch(() => {
        divider.value = unread;
        target.value = wanted;
        // With something new to lead to, what was loaded before would only flash by.
        if (unread !== undefined || (wanted !== undefined && !messages.peek().some((message) => message.id === wanted))) letGo();
      });
      await load(wanted ?? (unread === undefined && !place.atEnd ? place.anchor : undefined));
    },
    loadOlder: () => page("before"),
    loadNewer: () => page("after"),
    async toStart() {
      if (!before.peek() || state.peek() !== "ready") return;
      const mine = ++generation;
      paging = undefined;
      const result = await client.request("conversations.page", { conversationId: id, limit: pageSize, oldest: true });
      if (mine !== generation) return;
      batch(() => {
        messages.value = result.messages;
        before.value = result.before;
        after.value = result.after;
      });
    },
    async toEnd() {
      place.move({ atEnd: true });
      target.value = undefined;
      const newest = replica.conversations.peek(id);
      if (!after.peek()) return;
      // Opening without a place leads to the first unread message, so those are marked as seen by going past them.
      if ((newest?.unread ?? 0) > 0) while (after.peek() && state.peek() === "ready") await page("after");
      else await load(undefined);
    },
    async send(body, confirm) {
      if (after.peek()) await load(undefined);
      const messageId = newId();
      const mine: MessageRecord = {
        id: messageId,
        conversationId: id,
        accountId: parseContactId(id).accountId,
        direction: "out",
        body,
        at: now(),
        seq: Number.MAX_SAFE_INTEGER,
        state: "waiting",
      };
      batch(() => {
        divider.value = undefined;
        // Whoever writes looks at what they wrote.
        place.move({ atEnd: true });
        messages.value = merge(messages.peek(), [mine]);
      });
      try {
        const record = await client.request("messages.send", {
          conversationId: id,
          messageId,
          body,
          ...(confirm === undefined ? {} : { confirm }),
        });
        // An update may have come before the answer, and may know more: a state only moves forward.
        if (messages.peek().find((message) => message.id === messageId)?.seq === Number.MAX_SAFE_INTEGER) messages.value = merge(messages.peek(), [record]);
      } catch (thrown) {
        messages.value = messages.peek().filter((message) => message.id !== messageId);
        throw new HallwayError(toErrorInfo(thrown).code, toErrorInfo(thrown).params);
      }
    },
    editing: computed(() => {
      const message = edited.value === undefined ? undefined : messages.value.find(({ id: known }) => known === edited.value);
      // It was taken back meanwhile, here or on another device.
      return message?.retracted === true ? undefined : message;
    }),
    editText,
    edit,
    editLast() {
      const last = after.peek() ? undefined : messages.peek().findLast((message) => isChangeable(message, now()));
      if (last !== undefined) edit(last.id);
      return last !== undefined;
    },
    async correct(messageId, body, confirm) {
      const before = messages.peek().find((message) => message.id === messageId);
      if (before?.body === body) return;
      correctionId ??= newId();
      try {
        const record = await client.request("messages.correct", {
          conversationId: id,
          messageId,
          correctionId,
          body,
          ...(confirm === undefined ? {} : { confirm }),
        });
        if (messages.peek().some((message) => message.id === messageId)) messages.value = merge(messages.peek(), [record]);
      } catch (thrown) {
        throw new HallwayError(toErrorInfo(thrown).code, toErrorInfo(thrown).params);
      }
    },
    async retry(messageId) {
      await client.request("messages.retry", { messageId });
    },
    seen(messageId) {
      const record = replica.conversations.peek(id);
      if (record === undefined || record.unread === 0) return;
      // Only forward: what is older than the first unread message was read already.
      const order = messages.peek().map((message) => message.id);
      const first = record.firstUnread === undefined ? 0 : order.indexOf(record.firstUnread);
      if (first === -1 || order.indexOf(messageId) < first) return;
      client.request("conversations.markRead", { conversationId: id, messageId }).catch(() => undefined);
    },
    forget() {
      generation++;
      if (disposers.length === 0) letGo();
      else reload();
    },
    close() {
      generation++;
      for (const dispose of disposers) dispose();
      disposers = [];
      client.request("conversations.close", { conversationId: id }).catch(() => undefined);
    },
  };
}

function patched(message: MessageRecord, fields: Readonly<Record<string, unknown>>): MessageRecord {
  const next: Record<string, unknown> = { ...message };
  for (const [field, value] of Object.entries(fields)) {
    if (value === null) delete next[field];
    else next[field] = value;
  }
  // Main publishes only what fits the schema of a message.
  return next as unknown as MessageRecord;
}
