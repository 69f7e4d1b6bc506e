import type { AccountId } from "../../shared/model/account.ts";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { contactOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { ConversationRecord, MessageRecord } from "../../shared/model/message.ts";
import { truncate } from "../../shared/text/truncate.ts";
import type { ConversationSummary, History } from "../history/history.ts";
import { detached } from "../networks/detached-text.ts";
import type { Removed } from "../record/retention/removals.ts";
import type { Requests } from "./requests.ts";
import { placeIn, type TablesWriter } from "./tables.ts";

/** A newly stored message, as the conversation list counts it. */
export interface Counted {
  readonly record: MessageRecord;
  /** Place of its conversation. */
  readonly place: ConversationPlace;
  readonly isUnread: boolean;
}

export interface Conversations {
  /** All conversations as the history has them now (at start, and when its mode changed). */
  restore(drafts: ReadonlyMap<string, string>): Promise<void>;
  /** Counts newly stored messages of one conversation into its record. */
  count(id: ConversationId, stored: readonly Counted[]): void;
  /** Which conversations are archived has changed. */
  governed(): void;
  /**
   * Follows a change of HistoryMode or HistoryScope after `restore`: so does the window with the lines that it holds.
   */
  reread(): void;
  /** Messages of a conversation that changed; very many are read again by the window as far as it holds them. */
  changedAll(id: ConversationId, records: readonly MessageRecord[]): void;
  /** A stored message changed (its state, usually). */
  changed(record: MessageRecord): void;
  summary(summary: ConversationSummary): void;
  /** Messages were deleted: they leave the window, and a conversation of which nothing is left leaves the list. */
  removed(removed: Removed): void;
  typing(conversationId: ConversationId, active: boolean): void;
  draft(conversationId: ConversationId, text: string): void;
  /** Puts an empty conversation on the list. */
  show(conversationId: ConversationId): void;
  open(conversationId: ConversationId): void;
  close(conversationId: ConversationId): void;
  forgetAccount(accountId: AccountId): void;
}

/** A typing notice that is not renewed ends after this, in milliseconds (RFC 3994 section 3.3 refresh). */
const typingEnds = 120_000;
const maxPreview = 200;
/** Messages that are published one by one when they change together. */
const maxPublished = 100;
export interface ConversationsParts {
  readonly tables: TablesWriter;
  readonly history: Pick<History, "conversations" | "forgetOpen">;
  readonly requests: Pick<Requests, "written">;
  /** An own message with the state of its latest change. */
  readonly marked: (record: MessageRecord) => MessageRecord;
  readonly governance: Governance;
}

export function createConversations(parts: ConversationsParts): Conversations {
  return new LiveConversations(parts);
}

class LiveConversations implements Conversations {
  readonly #parts: ConversationsParts;
  readonly #opened: OpenChats;
  readonly #typingTimers = new Map<ConversationId, NodeJS.Timeout>();

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
    this.#opened = new OpenChats(this.#parts.tables, this.#parts.governance);
  }

  async restore(drafts: ReadonlyMap<string, string>): Promise<void> {
    const summaries = await this.#parts.history.conversations();
    const found = new Set(summaries.map((summary) => summary.conversationId));
    for (const { id } of [...this.#parts.tables.all("conversations")]) {
      if (found.has(id)) continue;
      // A chat stays on the list while it is open, whatever is left of it.
      if (this.#opened.has(id))
        this.#parts.tables.patch("conversations", id, { unread: 0, firstUnread: null, last: null });
      else this.#parts.tables.remove("conversations", id);
    }
    for (const summary of summaries) this.summary(summary);
    for (const [id, text] of drafts) if (this.#contactOf(id)) this.#put(id, { draft: text });
  }

  governed(): void {
    this.#opened.govern();
  }

  reread(): void {
    this.#opened.govern();
    this.#parts.tables.forgetMessages("all");
  }

  changedAll(id: ConversationId, records: readonly MessageRecord[]): void {
    if (!this.#opened.has(id)) return;
    if (records.length > maxPublished) this.#parts.tables.forgetMessages(id);
    else for (const record of records) this.#publish(record);
  }

  changed(record: MessageRecord): void {
    if (this.#opened.has(record.conversationId)) this.#publish(record);
  }

  removed({ ids, summaries }: Removed): void {
    for (const [id, messages] of ids) {
      if (this.#opened.has(id)) for (const message of messages) this.#parts.tables.unpublishMessage(message);
      // The window may still hold some, of a chat that was open or as hits of a search.
      else this.#parts.tables.forgetMessages(id);
    }
    for (const summary of summaries) {
      const id = summary.conversationId;
      const wanted = this.#opened.has(id) || this.#parts.tables.get("conversations", id)?.draft !== undefined;
      if (summary.last === undefined && !wanted) this.#parts.tables.remove("conversations", id);
      else this.summary(summary);
      // What a stranger said is deleted: so is what Requests shows of it.
      if (summary.last === undefined) this.#parts.requests.written(summary.accountId, summary.address);
    }
  }

  typing(id: ConversationId, active: boolean): void {
    this.#stopTyping(id);
    if (!active || !this.#contactOf(id)) return;
    this.#put(id, { typing: true });
    this.#typingTimers.set(id, setTimeout(() => this.#stopTyping(id), typingEnds).unref());
  }

  draft(id: ConversationId, text: string): void {
    if (text === "" && !this.#parts.tables.get("conversations", id)) return;
    if (text === "") this.#parts.tables.patch("conversations", id, { draft: null });
    else this.#put(id, { draft: text });
  }

  show(id: ConversationId): void {
    this.#put(id, {});
  }

  open(conversationId: ConversationId): void {
    const place = placeIn(this.#parts.tables, conversationId);
    if (place) this.#opened.open(conversationId, place);
  }

  close(id: ConversationId): void {
    this.#opened.close(id);
    this.#parts.history.forgetOpen(id).catch(() => undefined); // Where the history is gone, so are its lines.
  }

  forgetAccount(accountId: AccountId): void {
    for (const record of [...this.#parts.tables.all("conversations")]) {
      if (record.accountId !== accountId) continue;
      this.#stopTyping(record.id);
      this.#parts.tables.remove("conversations", record.id);
    }
  }

  #contactOf(id: ConversationId): ContactRecord | undefined {
    return contactOf(id, (contact) => this.#parts.tables.get("contacts", contact));
  }

  /** Puts fields of a conversation on the list; nothing where it is not known whom it is with. */
  #put(
    id: ConversationId,
    fields: Partial<ConversationRecord>,
    place: ConversationPlace | undefined = placeIn(this.#parts.tables, id),
  ): void {
    if (this.#parts.tables.get("conversations", id)) this.#parts.tables.patch("conversations", id, fields);
    else if (place) this.#parts.tables.put("conversations", { id, ...place, unread: 0, typing: false, ...fields });
  }

  summary(summary: ConversationSummary): void {
    const fields = { unread: summary.unread, firstUnread: summary.firstUnread ?? null, last: summary.last ?? null };
    if (this.#parts.tables.get("conversations", summary.conversationId))
      this.#parts.tables.patch("conversations", summary.conversationId, fields);
    else if (this.#contactOf(summary.conversationId)) {
      this.#put(summary.conversationId, {
        unread: summary.unread,
        ...(summary.firstUnread === undefined ? {} : { firstUnread: summary.firstUnread }),
        ...(summary.last === undefined ? {} : { last: summary.last }),
      });
    }
  }

  count(id: ConversationId, stored: readonly Counted[]): void {
    const old = this.#parts.tables.get("conversations", id);
    let { unread, firstUnread, last } = { unread: old?.unread ?? 0, firstUnread: old?.firstUnread, last: old?.last };
    for (const { record, isUnread } of stored) {
      if (isUnread) {
        unread += 1;
        firstUnread ??= record.id;
      }
      if (!last || record.at >= last.at)
        last = {
          text: detached(truncate(record.body, maxPreview)),
          at: record.at,
          direction: record.direction,
          author: record.author,
          ...(record.notice === undefined ? {} : { notice: record.notice }),
        };
    }
    const fields = {
      unread,
      ...(firstUnread === undefined ? {} : { firstUnread }),
      ...(last === undefined ? {} : { last }),
    };
    this.#put(id, fields, stored[0]?.place);
  }

  #publish(record: MessageRecord): void {
    this.#parts.tables.publishMessage(this.#parts.marked(record));
  }

  #stopTyping(id: ConversationId): void {
    clearTimeout(this.#typingTimers.get(id));
    this.#typingTimers.delete(id);
    if (this.#parts.tables.get("conversations", id)?.typing)
      this.#parts.tables.patch("conversations", id, { typing: false });
  }
}

/** Rules of policy for a conversation. */
export interface Governance {
  /** The organization keeps a copy of it (ArchiveScope). */
  readonly archived: (place: ConversationPlace) => boolean;
  /** It is kept as HistoryMode says (HistoryScope). */
  readonly kept: (place: ConversationPlace) => boolean;
}

/** The conversations that the window has open. What holds for them it is to know before the first word is said. */
export class OpenChats {
  readonly #tables: TablesWriter;
  readonly #governance: Governance;
  readonly #opened = new Map<ConversationId, ConversationPlace>();

  constructor(tables: TablesWriter, governance: Governance) {
    this.#tables = tables;
    this.#governance = governance;
  }

  has(id: ConversationId): boolean {
    return this.#opened.has(id);
  }

  open(id: ConversationId, place: ConversationPlace): void {
    this.#opened.set(id, place);
    this.govern();
  }

  close(id: ConversationId): void {
    this.#opened.delete(id);
    this.govern();
  }

  /** Applies a change of policy about conversations. */
  govern(): void {
    const { archived, kept } = this.#governance;
    this.#tell("archived", archived);
    this.#tell("unkept", (place) => !kept(place));
  }

  #tell(field: "archived" | "unkept", holds: (place: ConversationPlace) => boolean): void {
    const ids = [...this.#opened].filter(([, place]) => holds(place)).map(([id]) => id);
    this.#tables.patch("app", "app", { [field]: ids.length === 0 ? null : ids });
  }
}
