import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { Page } from "../../shared/ipc/contract.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";
import type { Client } from "../ipc/client.ts";
import type { MessageOp } from "../state/replica.ts";
import type { Place } from "../state/window-state.ts";
import { merge } from "./messages.ts";
import { emptyStretch, type Stretch, shortened, unstored, withMessage, withOp, withPage } from "./stretch.ts";

/** How many messages a page holds. */
const pageSize = 60;
/** Most messages kept loaded; those furthest from where the person reads are let go. */
const maxLoaded = 600;

export interface LoadedMessagesOptions {
  readonly id: ConversationId;
  readonly client: Pick<Client, "request">;
  readonly place: Place;
}

/**
 * The part of one conversation that this window holds (stretch.ts), and the ways to get another part of it.
 *
 *   loading --page--> ready <--> ready (another page)
 *      \--error--> failed --load--> loading
 *
 * What main publishes while a page is asked for is applied to it again when it comes: the page may have been read
 * before.
 */
export class LoadedMessages {
  readonly state = signal<"loading" | "ready" | "failed">("loading");
  readonly error = signal<ErrorInfo | undefined>(undefined);
  /** How often the end was loaded in the place of another part. */
  readonly jumps = signal(0);
  readonly messages: ReadonlySignal<readonly MessageRecord[]>;
  readonly before: ReadonlySignal<boolean>;
  readonly after: ReadonlySignal<boolean>;
  readonly #id: ConversationId;
  readonly #client: Pick<Client, "request">;
  readonly #place: Place;
  readonly #stretch = signal<Stretch>(emptyStretch);
  /** Own messages that main has not taken yet. */
  readonly #own = new Map<MessageId, MessageRecord>();
  /** Messages published since each request that is under way. */
  readonly #missed = new Set<MessageOp[]>();
  #paging: Promise<void> | undefined;
  /** Grows with everything that makes an answer under way worthless. */
  #generation = 0;

  constructor({ id, client, place }: LoadedMessagesOptions) {
    this.#id = id;
    this.#client = client;
    this.#place = place;
    this.messages = computed(() => this.#stretch.value.messages);
    this.before = computed(() => this.#stretch.value.before);
    this.after = computed(() => this.#stretch.value.after);
  }

  has(id: MessageId): boolean {
    return this.#stretch.peek().messages.some((message) => message.id === id);
  }

  /** Follows what main publishes. */
  follow(op: MessageOp): void {
    if (op.op === "put" && op.record.conversationId !== this.#id) return;
    for (const missed of this.#missed) missed.push(op);
    this.#stretch.value = this.#trimmed(withOp(this.#stretch.peek(), op));
  }

  /** Shows an own message before main has it: at once at the end, elsewhere when the end is loaded. */
  addOwn(record: MessageRecord): void {
    this.#own.set(record.id, record);
    this.#stretch.value = withMessage(this.#stretch.peek(), record);
  }

  /** Main has taken it. An update may have come before this answer, and may know more. */
  stored(record: MessageRecord): void {
    this.#own.delete(record.id);
    const known = this.#stretch.peek().messages.find(({ id }) => id === record.id);
    if (known === undefined || known.seq === unstored)
      this.follow({ op: "put", table: "messages", id: record.id, record });
  }

  /** Main has refused it. */
  refused(id: MessageId): void {
    this.#own.delete(id);
    this.#stretch.value = withOp(this.#stretch.peek(), { op: "remove", table: "messages", id });
  }

  /** Holds this last message alone: the rest comes by pages. For when the end cannot be loaded. */
  beginWith(record: MessageRecord): void {
    this.cancel();
    this.#stretch.value = { messages: [record], before: true, after: false };
  }

  /** Puts another version of a message in its place, where it is loaded. */
  replace(record: MessageRecord): void {
    if (this.has(record.id)) this.follow({ op: "put", table: "messages", id: record.id, record });
  }

  /**
   * Opens the conversation with main, around a message or where main leads. `stale`: what is shown must not stay when
   * it cannot be asked for again.
   */
  async open(around: MessageId | undefined, stale = false): Promise<void> {
    try {
      await this.#load(() =>
        this.#client.request("conversations.open", {
          conversationId: this.#id,
          limit: pageSize,
          ...(around === undefined ? {} : { around }),
        }),
      );
    } catch (thrown) {
      batch(() => {
        this.error.value = toErrorInfo(thrown);
        if (stale) this.#stretch.value = emptyStretch;
        if (this.messages.peek().length === 0) this.state.value = "failed";
      });
    }
  }

  /** Loads the beginning in the place of what is loaded. Rejects where it cannot. */
  toStart(): Promise<void> {
    return this.#load(() =>
      this.#client.request("conversations.page", { conversationId: this.#id, limit: pageSize, oldest: true }),
    );
  }

  /** Loads the end in the place of what is loaded. Rejects where it cannot. */
  async toEnd(): Promise<void> {
    await this.#load(
      () => this.#client.request("conversations.page", { conversationId: this.#id, limit: pageSize }),
      true,
    );
  }

  /** Loads the next page in that direction; one at a time. */
  page(direction: "before" | "after"): Promise<void> {
    const edge = this.#edge(direction);
    if (this.state.peek() !== "ready" || !this.#stretch.peek()[direction] || edge === undefined)
      return Promise.resolve();
    if (this.#paging !== undefined) return this.#paging;
    const paging = this.#nextPage(direction, edge).finally(() => {
      if (this.#paging === paging) this.#paging = undefined;
    });
    this.#paging = paging;
    return paging;
  }

  /** Holds nothing any more, until it is opened again. */
  letGo(): void {
    batch(() => {
      this.#stretch.value = emptyStretch;
      this.state.value = "loading";
    });
  }

  /** Answers that are under way do not count any more. */
  cancel(): void {
    this.#generation++;
    this.#paging = undefined;
  }

  /** The outermost message that main knows. */
  #edge(direction: "before" | "after"): MessageId | undefined {
    const stored = this.#stretch.peek().messages.filter(({ seq }) => seq !== unstored);
    return (direction === "before" ? stored[0] : stored.at(-1))?.id;
  }

  async #nextPage(direction: "before" | "after", edge: MessageId): Promise<void> {
    const mine = this.#generation;
    try {
      const [page, missed] = await this.#ask(() =>
        this.#client.request("conversations.page", { conversationId: this.#id, limit: pageSize, [direction]: edge }),
      );
      // It is no longer next to what is loaded, where that was shortened or its last message deleted meanwhile.
      if (mine !== this.#generation || edge !== this.#edge(direction)) return;
      // Whoever draws this page may ask for the next one at once.
      this.#paging = undefined;
      this.#stretch.value = this.#trimmed(
        missed.reduce(withOp, withPage(this.#stretch.peek(), page, { direction, most: maxLoaded })),
      );
    } catch {
      // The edge stays; the next scroll asks again.
    }
  }

  /** Puts the page in the place of what is loaded; nothing where something else was asked for meanwhile. */
  async #load(request: () => Promise<Page>, end = false): Promise<void> {
    this.cancel();
    const mine = this.#generation;
    let answer: readonly [Page, readonly MessageOp[]];
    try {
      answer = await this.#ask(request);
    } catch (thrown) {
      if (mine !== this.#generation) return;
      throw thrown;
    }
    if (mine !== this.#generation) return;
    const [page, missed] = answer;
    const known = new Set(page.messages.map(({ id }) => id));
    // What was sent meanwhile and is not in the page yet stays, where it is the end.
    const own = page.after ? [] : [...this.#own.values()].filter(({ id }) => !known.has(id));
    batch(() => {
      this.#stretch.value = missed.reduce(withOp, { ...page, messages: merge(page.messages, own) });
      this.error.value = undefined;
      this.state.value = "ready";
      if (end) this.#place.move({ atEnd: true });
      if (end) this.jumps.value++;
    });
  }

  async #ask(request: () => Promise<Page>): Promise<readonly [Page, readonly MessageOp[]]> {
    const missed: MessageOp[] = [];
    this.#missed.add(missed);
    try {
      return [await request(), missed];
    } finally {
      this.#missed.delete(missed);
    }
  }

  /** A long sitting keeps the list as short as paging does: what is let go is the end that is not read. */
  #trimmed(stretch: Stretch): Stretch {
    const { messages } = stretch;
    if (messages.length <= maxLoaded + pageSize) return stretch;
    const { atEnd, anchor } = this.#place;
    const reading = atEnd ? messages.length : messages.findIndex(({ id }) => id === anchor);
    return shortened(stretch, maxLoaded, reading >= messages.length / 2 ? "start" : "end");
  }
}
