import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import type { AccountId, Protocol } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import { type ContactId, contactId, parseContactId } from "../../shared/model/contact.ts";
import { type ConversationRecord, MessageIdSchema, type MessageRecord } from "../../shared/model/message.ts";
import type { MessageNotice } from "../../shared/model/notice.ts";
import { truncate } from "../../shared/text/truncate.ts";
import type { ConversationSummary, History, NewMessage, Stored } from "../history/history.ts";
import { type ArchiveRun, archivedAfter } from "../messaging/archive-run.ts";
import { createMessageTimes } from "../messaging/message-times.ts";
import { createTurns } from "../messaging/turns.ts";
import { detached } from "../networks/detached-text.ts";
import type { IncomingMessage } from "../networks/facets/messages.ts";
import type { Removed } from "../record/retention/removals.ts";
import type { Contacts } from "./contacts.ts";
import { createOpenChats, type Governance } from "./open-chats.ts";
import { messageRequest, type Requests } from "./requests.ts";
import type { TablesWriter } from "./tables.ts";

/** A message that just arrived for the person, from somebody on the list or in a conversation. */
export interface Arrival {
  readonly record: MessageRecord;
  readonly incoming: IncomingMessage;
}

/** A message off a network; `replaces`: it corrects the one with this id, which is not here. */
export interface IngestedMessage extends IncomingMessage {
  readonly replaces?: string;
}

export interface Conversations {
  /** All conversations as the history has them now (at start, and when its mode changed). */
  restore(drafts: ReadonlyMap<string, string>): Promise<void>;
  /**
   * Stores what a network brought, in order, and brings list and open conversations up to date. Resolves when it is
   * stored. `firstSync`: what the archive holds from before this device counts as read. `run`: the reading of the
   * archive that they come from.
   */
  ingest(
    accountId: AccountId,
    protocol: Protocol,
    messages: readonly IngestedMessage[],
    firstSync: boolean,
    run?: ArchiveRun,
  ): Promise<{ readonly arrivals: readonly Arrival[]; readonly ownSeen: readonly string[] }>;
  /** An own message typed here, stored as `waiting`. */
  addOwn(id: string, conversationId: ContactId, accountId: AccountId, body: string): Promise<MessageRecord>;
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
/** Looking through messages may take this long at a time, in milliseconds. */
const longestTurn = 15;

/**
 * What may be kept and shown of the text of a message (main/guard/pipeline.ts). `found` is handed the report of rules
 * that found something, for messages that may have been reported before; without it the report is made at once.
 */
export type Received = (
  accountId: AccountId,
  message: Pick<IncomingMessage, "peer" | "direction" | "body">,
  found?: (report: () => void) => void,
) => string;

/** Messages as they may be stored, with the reports of those that rules found something in, by index. */
interface Checked {
  readonly checked: readonly IngestedMessage[];
  readonly reports: readonly (() => void)[];
}

export function createConversations(
  tables: TablesWriter,
  history: History,
  contacts: Contacts,
  requests: Requests,
  now: () => number,
  received: Received,
  /** An own message with what is the matter with its last change. */
  marked: (record: MessageRecord) => MessageRecord = (record) => record,
  governance: Governance = { archived: () => false, kept: () => true },
  /** The first moment that the server of an account can have kept a message from. */
  earliest: (accountId: AccountId) => number = () => Number.NEGATIVE_INFINITY,
): Conversations {
  const times = createMessageTimes({ tables, now, earliest });
  const inTurn = createTurns<ContactId>();
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

  /** Counts newly stored messages of one conversation into its record. */
  function count(
    id: ContactId,
    accountId: AccountId,
    stored: readonly { readonly record: MessageRecord; readonly unread: boolean }[],
  ): void {
    const old = tables.get("conversations", id);
    let { unread, firstUnread, last } = { unread: old?.unread ?? 0, firstUnread: old?.firstUnread, last: old?.last };
    for (const { record, unread: isUnread } of stored) {
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

  function toNew(
    accountId: AccountId,
    network: Protocol,
    message: IngestedMessage,
    unread: boolean,
    run: ArchiveRun | undefined,
  ): NewMessage {
    const { at, saidAt, late } = times.of(accountId, message);
    return {
      // Other programs give ids of any length; one that is no id here stays the message's name on the wire.
      id: message.direction === "out" && v.is(MessageIdSchema, message.id) ? message.id : randomUUID(),
      conversationId: contactId(accountId, message.peer),
      accountId,
      direction: message.direction,
      wireId: message.id,
      ...(message.otherId === undefined ? {} : { otherWireId: message.otherId }),
      archiveId: message.archiveId,
      body: message.body,
      ...(message.notice === undefined ? {} : { notice: message.notice }),
      at,
      network,
      own: tables.get("accounts", accountId)?.address,
      receivedAt: now(),
      state: message.direction === "out" ? "sent" : "received",
      // What the archive brings stands in its place anyway; only what reached us late while we were here is marked.
      delayed: late,
      ...(saidAt === undefined ? {} : { saidAt }),
      ...(message.via === "archive" ? { archived: archivedAfter(run, contactId(accountId, message.peer)) } : {}),
      otherDevice: message.direction === "out" && message.via === "carbon",
      unread,
      // Nobody has read what cannot be shown.
      wantsRead: message.wantsRead && message.notice === undefined,
      ...(message.replaces === undefined ? {} : { replaces: message.replaces }),
    };
  }

  /**
   * The messages with what may be kept of their texts, and what there is to report of each once it is known to be new.
   * Looking through many takes a while, in which others have their turn.
   */
  async function allChecked(accountId: AccountId, messages: readonly IngestedMessage[]): Promise<Checked> {
    const checked: IngestedMessage[] = [];
    const reports: (() => void)[] = [];
    let since = performance.now();
    for (const message of messages) {
      const body = received(accountId, message, (report) => {
        reports[checked.length] = report;
      });
      checked.push({
        ...message,
        body,
        ...(message.notice === undefined ? {} : { notice: checkedNotice(accountId, message, message.notice) }),
      });
      if (performance.now() - since < longestTurn) continue;
      await setImmediate();
      since = performance.now();
    }
    return { checked, reports };
  }

  /** What stands in a notice is said as well: where rules would have any of it left out, only its kind is left. */
  function checkedNotice(accountId: AccountId, message: IngestedMessage, notice: MessageNotice): MessageNotice {
    const said = [notice.what, notice.who].filter((text) => text !== undefined).join("\n");
    return said === "" || received(accountId, { ...message, body: said }) === said ? notice : { kind: notice.kind };
  }

  function publish(record: MessageRecord): void {
    tables.publishMessage(marked(record));
  }

  function stopTyping(id: ContactId): void {
    clearTimeout(typingTimers.get(id));
    typingTimers.delete(id);
    if (tables.get("conversations", id)?.typing) tables.patch("conversations", id, { typing: false });
  }

  /** What the person wrote elsewhere also says that all before it was read. */
  async function readUpTo(id: ContactId, record: MessageRecord): Promise<void> {
    applySummary((await history.markRead(id, record.id)).summary);
  }

  async function addOwn(
    id: string,
    conversationId: ContactId,
    accountId: AccountId,
    body: string,
  ): Promise<MessageRecord> {
    const at = times.own(conversationId);
    // Who is written to is on disk before the message is, or a power cut would leave a message to nobody. Where the
    // disk takes nothing, the message goes on all the same: the history keeps it in memory and says so.
    await contacts.save().catch(() => undefined);
    const account = tables.get("accounts", accountId);
    const message: NewMessage = {
      id,
      conversationId,
      accountId,
      direction: "out",
      wireId: id,
      archiveId: undefined,
      body,
      at,
      network: account?.protocol,
      own: account?.address,
      receivedAt: now(),
      state: "waiting",
      delayed: false,
      otherDevice: false,
      unread: false,
      wantsRead: false,
    };
    const [stored]: readonly (Stored | undefined)[] = await history.append([message]);
    if (!stored) throw new Error("append answered nothing");
    if (stored.isNew) {
      count(conversationId, accountId, [{ record: stored.record, unread: false }]);
      if (opened.has(conversationId)) publish(stored.record);
    }
    return stored.record;
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

    async ingest(accountId, protocol, messages, firstSync, run) {
      const { checked: wanted, reports } = await allChecked(
        accountId,
        messages.filter(({ direction, peer, through, body, notice }) => {
          // Nor does anybody else pass on what the blocked have to say.
          const voices = direction === "in" && notice ? [peer, through, notice.who, notice.what] : [peer, through];
          if (voices.some((voice) => voice !== undefined && requests.isBlocked(accountId, voice))) return false;
          const reception = requests.reception(accountId, peer);
          // Whoever we wrote to from another device is no stranger, for the messages behind it neither.
          if (direction === "out" || reception === "open") contacts.ensure(accountId, protocol, peer);
          if (direction === "in" && reception === "fold") requests.fold(accountId, protocol, peer);
          if (direction === "out" || reception === "open") return true;
          return reception === "ask" && requests.admits(accountId, peer, body.length);
        }),
      );
      for (const { direction, peer } of wanted) if (direction === "out") requests.written(accountId, peer);
      const isKnown = (peer: Address): boolean => tables.get("contacts", contactId(accountId, peer)) !== undefined;
      const news = wanted.map((message) =>
        toNew(accountId, protocol, message, message.direction === "in" && !firstSync, run),
      );
      const stored = await history.append(news);

      const perConversation = new Map<ContactId, { record: MessageRecord; unread: boolean }[]>();
      const arrivals: Arrival[] = [];
      const ownSeen: string[] = [];
      const lastOwn = new Map<ContactId, MessageRecord>();
      for (const [index, { record, isNew, changed }] of stored.entries()) {
        const incoming = wanted[index];
        const added = news[index];
        if (!incoming || !added) continue;
        // A message is written down once, however often it is brought.
        if (isNew) reports[index]?.();
        if (incoming.via === "archive") run?.places.set(record.conversationId, record.at);
        if (incoming.direction === "out") {
          ownSeen.push(record.id);
          if (isNew) lastOwn.set(record.conversationId, record);
        }
        if (!isNew) {
          if (incoming.direction === "in" && !isKnown(incoming.peer))
            requests.unkept(accountId, incoming.peer, incoming.body.length);
          if (changed && opened.has(record.conversationId)) publish(record);
          continue;
        }
        if (incoming.direction === "in" && !isKnown(incoming.peer)) {
          requests.file(messageRequest(accountId, protocol, incoming, record));
          continue;
        }
        const list = perConversation.get(record.conversationId) ?? [];
        list.push({ record, unread: added.unread });
        perConversation.set(record.conversationId, list);
        if (opened.has(record.conversationId)) publish(record);
        if (incoming.direction === "in") {
          stopTyping(record.conversationId);
          arrivals.push({ record, incoming });
        }
      }
      for (const [id, list] of perConversation) count(id, accountId, list);
      for (const [id, record] of lastOwn) await readUpTo(id, record);
      return { arrivals, ownSeen };
    },

    addOwn: (id, conversationId, accountId, body) =>
      inTurn(conversationId, () => addOwn(id, conversationId, accountId, body)),

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
