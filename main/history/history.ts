import type { ErrorInfo } from "../../shared/errors.ts";
import type { Page } from "../../shared/ipc/contract.ts";
import type { AccountId } from "../../shared/model/account.ts";
import type { ContactId } from "../../shared/model/contact.ts";
import type { MessageId, MessageRecord, MessageState, SearchHit } from "../../shared/model/message.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";

/**
 * The record of conversations, behind a worker thread. All methods are asynchronous, none blocks the main loop.
 * Errors: `storage-full`, `storage-corrupt`, `storage-failed`. When storing fails, the message is kept in memory and
 * the error is also reported once through `onTrouble`.
 */
export interface History {
  readonly mode: HistoryMode;
  /** Live switch. From `encrypted` to the others the file is closed and left as it is; it is shown again when allowed again. */
  setMode(mode: HistoryMode): Promise<void>;
  /**
   * Stores messages in one transaction; the same message (same wireId for peer and direction, same archiveId, or same
   * id) is stored once. Answers, in order, the record as stored and whether it is new; a duplicate may add an archiveId
   * or move a state forward (then `changed`).
   */
  append(messages: readonly NewMessage[]): Promise<readonly Stored[]>;
  /** Moves an own message's state (only forward, except to and from `waiting`/`failed`). Undefined: no such message or no change. */
  setState(wireId: string, conversationId: ContactId, state: MessageState, error?: ErrorInfo): Promise<MessageRecord | undefined>;
  get(id: MessageId): Promise<MessageRecord | undefined>;
  page(query: PageQuery): Promise<Page>;
  search(query: SearchQuery): Promise<{ readonly hits: readonly SearchHit[]; readonly more: boolean }>;
  /** Every conversation that has messages: what the list shows. */
  conversations(): Promise<readonly ConversationSummary[]>;
  /**
   * All up to and with this message has been read here. Answers the new summary and the wire ids of those newly read
   * messages whose sender wants to know (NewMessage.wantsRead), newest last, at most 100.
   */
  markRead(conversationId: ContactId, messageId: MessageId): Promise<{ readonly summary: ConversationSummary; readonly readWireIds: readonly string[] }>;
  /** Same, by the sender's or our wire id (read on another device). */
  markReadByWireId(conversationId: ContactId, wireId: string): Promise<ConversationSummary | undefined>;
  /** Own messages in state `waiting`, oldest first. */
  waiting(accountId: AccountId): Promise<readonly MessageRecord[]>;
  /** Forgets an account's conversations (the account was removed). */
  forgetAccount(accountId: AccountId): Promise<void>;
  /** In mode `off`: an open conversation was closed, forget its lines. */
  forgetOpen(conversationId: ContactId): Promise<void>;
  close(): Promise<void>;
}

/** One of `before`, `after`, `around` and `oldest`, or none: the newest. A message that is not known: nothing, and with `around` the newest. */
export interface PageQuery {
  readonly conversationId: ContactId;
  readonly limit: number;
  readonly before?: MessageId;
  readonly after?: MessageId;
  readonly around?: MessageId;
  readonly oldest?: boolean;
}

export interface SearchQuery {
  readonly text: string;
  readonly conversationId?: ContactId;
  readonly limit: number;
  /** Only messages with a lower `seq`: the next page of hits. */
  readonly beforeSeq?: number;
}

export interface NewMessage {
  /** Local id; for own messages the wire id. */
  readonly id: MessageId;
  readonly conversationId: ContactId;
  readonly accountId: AccountId;
  readonly direction: "in" | "out";
  readonly wireId: string | undefined;
  readonly archiveId: string | undefined;
  readonly body: string;
  readonly at: number;
  /** When it reached this device. */
  readonly storedAt: number;
  readonly state: MessageState;
  readonly delayed: boolean;
  readonly otherDevice: boolean;
  /** Counts as unread. False for own messages and for what was already read elsewhere. */
  readonly unread: boolean;
  /** The sender wants to know that it was read. */
  readonly wantsRead: boolean;
}

export interface Stored {
  readonly record: MessageRecord;
  readonly isNew: boolean;
  readonly changed: boolean;
}

export interface ConversationSummary {
  readonly conversationId: ContactId;
  readonly accountId: AccountId;
  readonly unread: number;
  readonly firstUnread: MessageId | undefined;
  readonly last: { readonly text: string; readonly at: number; readonly direction: "in" | "out" } | undefined;
}
