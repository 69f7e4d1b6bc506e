import type { ErrorInfo } from "../../shared/errors.ts";
import type { Page } from "../../shared/ipc/contract.ts";
import type { AccountId, Protocol } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { Author } from "../../shared/model/author.ts";
import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { MessageId, MessageRecord, MessageState, SearchHit } from "../../shared/model/message.ts";
import type { MessageNotice } from "../../shared/model/notice.ts";
import type { SearchFilter } from "../../shared/model/search-filter.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import type { Member, RecordedFile, RecordedMessage, RecordQuery } from "./recorded-message.ts";

/** Own messages that are `read` from now on, oldest first. */
export interface ReadThere {
  readonly records: readonly MessageRecord[];
  readonly more: boolean;
}

/**
 * The record of conversations, behind a worker thread. All methods are asynchronous, none blocks the main loop.
 * Errors: `storage-full`, `storage-corrupt`, `storage-failed`. When storing fails, the message is kept in memory and
 * the error is also reported once through `onTrouble`.
 */
export interface History {
  readonly mode: HistoryMode;
  /** False while the file cannot be written: what is appended then is in memory, and is lost with the program. */
  readonly keeps: boolean;
  /**
   * Live switch. From `encrypted` to the others the file is closed and left as it is; it is shown again when allowed
   * again.
   */
  setMode(mode: HistoryMode): Promise<void>;
  /**
   * Stores messages in one transaction; the same message (same wireId for conversation and author, same archiveId, or same
   * id) is stored once. Answers, in order, the record as stored and whether it is new; a duplicate may add an archiveId
   * or move a state forward (then `changed`).
   */
  append(messages: readonly NewMessage[]): Promise<readonly Stored[]>;
  /**
   * Moves an own message's state (only forward, except to and from `waiting`/`failed`). Undefined: no such message or
   * no change.
   */
  setState(update: StateUpdate): Promise<MessageRecord | undefined>;
  /**
   * An own message was read there, and with it every one before it in the conversation that has gone out. Only some are
   * moved at a time: call again while there are `more`. Nothing happens where it is no own message of this
   * conversation, or one that has failed.
   */
  readThere(conversationId: ConversationId, wireId: string): Promise<ReadThere>;
  /**
   * A correction (XEP-0308): the message says `body` from now on. Give it the wire id that the correction refers to,
   * and only after its author was verified; it reaches messages of this author in this conversation alone. It may come
   * again, late, or before what was said earlier: what was said last counts. Nothing corrects a retracted message.
   * `unknown`: the message is not here; append the correction as a message with `replaces`, and it becomes one with the
   * original if that comes.
   */
  correct(correction: Correction): Promise<Changed>;
  /** The same for a retraction (XEP-0424). One whose message is not here (`unknown`) takes effect if that comes. */
  retract(retraction: Retraction): Promise<Changed>;
  get(id: MessageId): Promise<MessageRecord | undefined>;
  page(query: PageQuery): Promise<Page>;
  /** Newest stored first. Nothing is found where nothing is looked for: neither words nor a filter. */
  search(query: SearchQuery): Promise<SearchAnswer>;
  /** Every conversation that has messages: what the list shows. */
  conversations(): Promise<readonly ConversationSummary[]>;
  /**
   * All up to and with this message has been read here. Answers the new summary (undefined: nothing is known of the
   * conversation) and the wire ids of those newly read messages whose sender wants to know (NewMessage.wantsRead),
   * newest last, at most 100.
   */
  markRead(
    conversationId: ConversationId,
    messageId: MessageId,
  ): Promise<{ readonly summary: ConversationSummary | undefined; readonly readWireIds: readonly string[] }>;
  /** Same, by the id that the network has for it (read on another device): the author's, or else an own one. */
  markReadByWireId(message: NamedMessage): Promise<ConversationSummary | undefined>;
  /** Own messages in state `waiting`, oldest first. */
  waiting(accountId: AccountId): Promise<readonly WaitingMessage[]>;
  /** In mode `off`: an open conversation was closed, forget its lines. */
  forgetOpen(conversationId: ConversationId): Promise<void>;
  /**
   * Reads the record in pieces of at most `limit`: begin with `after` undefined and continue with `next` until there is
   * none. A piece may have fewer messages, even none, while there is more. Orders: `seq` as stored; `conversation` one
   * conversation after the other, each by time. Both are stable while messages are stored. Messages in memory come
   * after those in the file.
   */
  record(query: RecordQuery, piece: RecordPiece): Promise<RecordPage>;
  /** The same of single messages, also deleted ones; those that are not known are left out. */
  recorded(ids: readonly MessageId[]): Promise<readonly RecordedMessage[]>;
  close(): Promise<void>;
}

/** Own message that waits for the network, with the place that it goes to. */
export type WaitingMessage = MessageRecord & { readonly place: ConversationPlace };

/** A place in the record; only `record` makes and reads it. It may be kept for as long as the database is open. */
export type RecordCursor = { readonly layer: "file" | "memory" } & RecordPlace;
export type RecordPlace =
  | { readonly order: "seq"; readonly seq: number }
  | { readonly order: "conversation"; readonly conversation: number; readonly at: number; readonly seq: number };
export type RecordOrder = RecordPlace["order"];

/** Piece of the record that is read: at most `limit` messages after a place, or from the beginning. */
export interface RecordPiece<P = RecordCursor> {
  readonly after?: P | undefined;
  readonly limit: number;
  /** `seq` when absent. */
  readonly order?: RecordOrder;
}

export interface RecordPage {
  readonly messages: readonly RecordedMessage[];
  readonly next: RecordCursor | undefined;
}

/**
 * One of `before`, `after`, `around` and `oldest`, or none: the newest. A message that is not known: nothing, and with
 * `around` the newest.
 */
export interface PageQuery {
  readonly conversationId: ConversationId;
  readonly limit: number;
  readonly before?: MessageId;
  readonly after?: MessageId;
  readonly around?: MessageId;
  readonly oldest?: boolean;
}

export interface SearchQuery {
  readonly text: string;
  readonly filter?: SearchFilter;
  readonly limit: number;
  /** Only messages with a lower `seq`: the next page of hits. */
  readonly beforeSeq?: number;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly more: boolean;
  /** Where `more`: the `beforeSeq` of the next page. A page may be short, even empty, while there is more. */
  readonly below?: number;
}

export interface NewMessage {
  /** Local id; for own messages the wire id. */
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly place: ConversationPlace;
  readonly direction: "in" | "out";
  /** Author of the message. */
  readonly author: Author;
  readonly wireId: string | undefined;
  /** A second wire id by which others may mean it. */
  readonly otherWireId?: string;
  readonly archiveId: string | undefined;
  readonly body: string;
  /** It cannot be shown: what it is. A correction with a text takes its place. */
  readonly notice?: MessageNotice;
  /** Its place in the conversation: when it arrived or was typed, or what the server that kept it says. */
  readonly at: number;
  /** The stamp that it came with, where that is another time. */
  readonly saidAt?: number;
  /** It comes from the server's archive: what it stands after. */
  readonly archived?: ArchivedPlace;
  /** Network and own address of the account now; undefined: not known. */
  readonly network: Protocol | undefined;
  readonly own: Address | undefined;
  /** When it reached this device, or was typed here. */
  readonly receivedAt: number;
  readonly state: MessageState;
  readonly delayed: boolean;
  readonly otherDevice: boolean;
  /** Counts as unread. False for own messages and for what was already read elsewhere. */
  readonly unread: boolean;
  /** The sender wants to know that it was read. */
  readonly wantsRead: boolean;
  /** End-to-end encryption that it came under, by its method (`omemo`, `openpgp`, `smime`). */
  readonly encryption?: string;
  /** Security label (XEP-0258 display marking). */
  readonly label?: string;
  /** Members of the room now, beside the account itself; absent in a conversation of two. */
  readonly members?: readonly Member[];
  readonly files?: readonly RecordedFile[];
  /**
   * It is a correction of the message with this wire id, which `correct` did not find: it stands for itself until the
   * message that it replaces is stored, and becomes one with it then.
   */
  readonly replaces?: string;
}

/**
 * The order of a server's archive. A message out of it stands after the one before it of its conversation, and after
 * what was heard before the reading began, whatever clocks say that stamped them.
 */
export interface ArchivedPlace {
  /** When this device had heard all that stands in the archive before the reading; undefined: not known. */
  readonly heardUntil: number | undefined;
  /** The reading began right after that, so that everything in it was archived later. */
  readonly exact: boolean;
  /** Where the last message of the conversation in this reading stands. */
  readonly after: number | undefined;
}

/** State that an own message is in from now on. `wireId`: the id that the network has for it. */
export interface StateUpdate {
  readonly conversationId: ConversationId;
  readonly wireId: string;
  readonly state: MessageState;
  readonly error?: ErrorInfo | undefined;
}

/** Message as its network names it. Two occupants of a room may use the same id, so the author is part of it. */
export interface NamedMessage {
  readonly conversationId: ConversationId;
  readonly author: Author;
  readonly wireId: string;
}

/** Retraction of a message: only one of the same author is meant. `wireId`: of the message to change. */
export interface Retraction extends NamedMessage {
  readonly place: ConversationPlace;
  readonly direction: "in" | "out";
  readonly at: number;
}

export interface Correction extends Retraction {
  /** Text that the message has instead. */
  readonly body: string;
  /**
   * The correction's own wire id: receipts, copies and further corrections that name it mean the message from then on.
   */
  readonly newWireId?: string;
}

export interface Changed {
  /** `unchanged`: it was known, or is of no effect. */
  readonly outcome: "changed" | "unchanged" | "unknown";
  /** The message as it is now; undefined where it is unknown or the person has deleted it. */
  readonly record: MessageRecord | undefined;
  /** Where it changed: its conversation, whose last line and unread may be others now. */
  readonly summary: ConversationSummary | undefined;
}

export interface Stored {
  readonly record: MessageRecord;
  readonly isNew: boolean;
  readonly changed: boolean;
}

export interface ConversationSummary {
  readonly conversationId: ConversationId;
  readonly accountId: AccountId;
  /** Address that it is with. */
  readonly address: Address;
  readonly unread: number;
  readonly firstUnread: MessageId | undefined;
  /** `retracted`: what it said was taken back, and `text` is empty. */
  readonly last:
    | {
        readonly text: string;
        readonly at: number;
        readonly direction: "in" | "out";
        readonly author: Author;
        readonly retracted?: boolean;
        readonly notice?: MessageNotice;
      }
    | undefined;
}
