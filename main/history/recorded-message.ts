import type { ErrorInfo } from "../../shared/errors.ts";
import type { AccountId, Protocol } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { Author } from "../../shared/model/author.ts";
import type { ConversationId, ConversationKind } from "../../shared/model/conversation-id.ts";
import type { MessageId, MessageState } from "../../shared/model/message.ts";
import type { MessageNotice } from "../../shared/model/notice.ts";
import type { SearchAuthor } from "../../shared/model/search-author.ts";

/**
 * Everything that the record holds of one message: what exports, the archive feed and the history view are made from.
 * Times are milliseconds since the epoch.
 */
export interface RecordedMessage {
  /** Local id; the idempotent id of exports and of the archive feed. */
  readonly id: MessageId;
  /** Grows with every message stored on this device. */
  readonly seq: number;
  readonly conversationId: ConversationId;
  readonly accountId: AccountId;
  /** Network and own address of the account when the message was stored; they stay when the account is removed. */
  readonly network: Protocol | undefined;
  readonly own: Address | undefined;
  /** Kind of the conversation. */
  readonly kind: ConversationKind;
  /** Address that the conversation is with: a person, a service, a room. */
  readonly peer: Address;
  /** Which way it travelled. */
  readonly direction: "in" | "out";
  /** Author of the message. */
  readonly author: Author;
  /** Its place in the conversation: when it arrived, was typed, or reached the server that kept it. */
  readonly sentAt: number;
  /** The stamp that it came with, where that says another time. */
  readonly saidAt: number | undefined;
  /** When it reached this device, or was typed here. */
  readonly receivedAt: number;
  /** When it was written to the record. */
  readonly storedAt: number;
  /** As it stands now; empty when it was retracted. */
  readonly body: string;
  /** Notice of its kind, where it cannot be shown. */
  readonly notice: MessageNotice | undefined;
  /** Earlier versions of its text, oldest first; kept where policy demands a record. */
  readonly versions: readonly MessageVersion[];
  readonly correctedAt: number | undefined;
  readonly retractedAt: number | undefined;
  /** When the person deleted it from their sight, where a rule keeps it in the record. */
  readonly deletedAt: number | undefined;
  readonly state: MessageState;
  readonly error: ErrorInfo | undefined;
  /** How an own message got on, oldest first. */
  readonly states: readonly StateChange[];
  /** End-to-end encryption used, by its method (`omemo`, `openpgp`, `smime`); undefined: none. */
  readonly encryption: string | undefined;
  /** Security label shown with it (XEP-0258 display marking). */
  readonly label: string | undefined;
  /** Members of the conversation then, beside the account itself; one address in a conversation of two. */
  readonly members: readonly Member[];
  readonly files: readonly RecordedFile[];
  readonly wireId: string | undefined;
  readonly archiveId: string | undefined;
  readonly delayed: boolean;
  readonly otherDevice: boolean;
}

/** Text of a message until `until`, when a correction (XEP-0308) or a retraction (XEP-0424) replaced it. */
export interface MessageVersion {
  readonly body: string;
  /** From when to when it stood. */
  readonly since: number;
  readonly until: number;
}

export interface StateChange {
  readonly state: MessageState;
  readonly at: number;
  readonly error: ErrorInfo | undefined;
}

export interface Member {
  readonly address: Address;
  /** Nickname in a room. */
  readonly name: string | undefined;
}

export interface RecordedFile {
  readonly name: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string | undefined;
}

/** Which messages are meant; everything that is given must be met. Times include `from` and leave out `to`. */
export interface RecordQuery {
  readonly accountId?: AccountId;
  /** Said by or to one of these, or in a room of one of these addresses. */
  readonly peers?: readonly Address[];
  readonly conversationId?: ConversationId;
  readonly from?: number;
  readonly to?: number;
  readonly direction?: "in" | "out";
  /** Written by one of these. */
  readonly authors?: readonly SearchAuthor[];
  /** Words, as in the search; what a message said before counts too. */
  readonly text?: string;
  readonly hasFile?: boolean;
  /** Also what the person deleted and a rule keeps; only IT sees that. */
  readonly deleted?: boolean;
}
