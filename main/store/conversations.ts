import type { AccountId } from "../../shared/model/account.ts";
import { type ContactId, parseContactId } from "../../shared/model/contact.ts";
import type { ConversationRecord, MessageRecord } from "../../shared/model/message.ts";
import { truncate } from "../../shared/text/truncate.ts";
import type { ConversationSummary, History } from "../history/history.ts";
import { detached } from "../networks/detached-text.ts";
import type { Removed } from "../record/retention/removals.ts";
import { createOpenChats, type Governance } from "./open-chats.ts";
import type { Requests } from "./requests.ts";
import type { TablesWriter } from "./tables.ts";

/** A newly stored message, as the conversation list counts it. */
export interface Counted {
  readonly record: MessageRecord;
  readonly isUnread: boolean;
}

export interface Conversations {
  /** All conversations as the history has them now (at start, and when its mode changed). */
  restore(drafts: ReadonlyMap<string, string>): Promise<void>;
  /** Counts newly stored messages of one conversation into its record. */
  count(id: ContactId, accountId: AccountId, stored: readonly Counted[]): void;
  /** Which conversations are archived has changed. */
  governed(): void;
  /**
   * What is kept has changed (HistoryMode, HistoryScope), and `restore` has followed: so does the window with the lines
   * that it holds.
   */
  reread(): void;
  /** Messages of a conversation that changed; very many are read again by the window as far as it holds them. */
  changedAll(id: ContactId, records: readonly MessageRecord[]): void;
  /** A stored message changed (its state, usually). */
  changed(record: MessageRecord): void;
  summary(summary: ConversationSummary): void;
  /** Messages were deleted: they leave the window, and a conversation of which nothing is left leaves the list. */
  removed(removed: Removed): void;
  typing(conversationId: ContactId, active: boolean): void;
  draft(conversationId: ContactId, text: string): void;
  /** Puts an empty conversation on the list. */
  show(conversationId: ContactId): void;
  open(conversationId: ContactId): void;
  close(conversationId: ContactId): void;
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
  const { tables, history, requests, marked, governance } = parts;
  const opened = createOpenChats(tables, governance);
  const typingTimers = new Map<ContactId, NodeJS.Timeout>();

  function put(id: ContactId, accountId: AccountId, fields: Partial<ConversationRecord>): void {
    if (tables.get("conversations", id)) tables.patch("conversations", id, fields);
    else tables.put("conversations", { id, accountId, unread: 0, typing: false, ...fields });
  }

  function applySummary(summary: ConversationSummary): void {
    const fields = { unread: summary.unread, firstUnread: summary.firstUnread ?? null, last: summary.last ?? null };
    if (tables.get("conversations", summary.conversationId))
      tables.patch("conversations", summary.conversationId, fields);
    else if (tables.get("contacts", summary.conversationId)) {
      put(summary.conversationId, summary.accountId, {
        unread: summary.unread,
        ...(summary.firstUnread === undefined ? {} : { firstUnread: summary.firstUnread }),
        ...(summary.last === undefined ? {} : { last: summary.last }),
      });
    }
  }

  function count(id: ContactId, accountId: AccountId, stored: readonly Counted[]): void {
    const old = tables.get("conversations", id);
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
          ...(record.notice === undefined ? {} : { notice: record.notice }),
        };
    }
    put(id, accountId, {
      unread,
      ...(firstUnread === undefined ? {} : { firstUnread }),
      ...(last === undefined ? {} : { last }),
    });
  }

  function publish(record: MessageRecord): void {
    tables.publishMessage(marked(record));
  }

  function stopTyping(id: ContactId): void {
    clearTimeout(typingTimers.get(id));
    typingTimers.delete(id);
    if (tables.get("conversations", id)?.typing) tables.patch("conversations", id, { typing: false });
  }

  return {
    async restore(drafts) {
      const summaries = await history.conversations();
      const found = new Set(summaries.map((summary) => summary.conversationId));
      for (const { id } of [...tables.all("conversations")]) {
        if (found.has(id)) continue;
        // A chat stays on the list while it is open, whatever is left of it.
        if (opened.has(id)) tables.patch("conversations", id, { unread: 0, firstUnread: null, last: null });
        else tables.remove("conversations", id);
      }
      for (const summary of summaries) applySummary(summary);
      for (const [id, text] of drafts)
        if (tables.get("contacts", id)) put(id, id.slice(0, id.indexOf("|")), { draft: text });
    },

    count,
    governed: opened.govern,
    reread() {
      opened.govern();
      tables.forgetMessages("all");
    },
    changedAll(id, records) {
      if (!opened.has(id)) return;
      if (records.length > maxPublished) tables.forgetMessages(id);
      else for (const record of records) publish(record);
    },
    changed(record) {
      if (opened.has(record.conversationId)) publish(record);
    },
    summary: applySummary,
    removed({ ids, summaries }) {
      for (const [id, messages] of ids) {
        if (opened.has(id)) for (const message of messages) tables.unpublishMessage(message);
        // The window may still hold some, of a chat that was open or as hits of a search.
        else tables.forgetMessages(id);
      }
      for (const summary of summaries) {
        const id = summary.conversationId;
        const wanted = opened.has(id) || tables.get("conversations", id)?.draft !== undefined;
        if (summary.last === undefined && !wanted) tables.remove("conversations", id);
        else applySummary(summary);
        // What a stranger said is deleted: so is what Requests shows of it.
        if (summary.last === undefined) requests.written(summary.accountId, parseContactId(id).address);
      }
    },
    typing(id, active) {
      stopTyping(id);
      if (!active || !tables.get("contacts", id)) return;
      put(id, id.slice(0, id.indexOf("|")), { typing: true });
      typingTimers.set(id, setTimeout(() => stopTyping(id), typingEnds).unref());
    },
    draft(id, text) {
      if (text === "" && !tables.get("conversations", id)) return;
      if (text === "") tables.patch("conversations", id, { draft: null });
      else put(id, id.slice(0, id.indexOf("|")), { draft: text });
    },
    show(id) {
      put(id, id.slice(0, id.indexOf("|")), {});
    },
    open: opened.open,
    close(id) {
      opened.close(id);
      history.forgetOpen(id).catch(() => undefined); // Where the history is gone, so are its lines.
    },
    forgetAccount(accountId) {
      for (const record of [...tables.all("conversations")]) {
        if (record.accountId !== accountId) continue;
        stopTyping(record.id);
        tables.remove("conversations", record.id);
      }
    },
  };
}
