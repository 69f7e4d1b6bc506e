import type { AccountId, Protocol } from "../../shared/model/account.ts";
import { type ConversationId, type ConversationPlace, directConversation } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { ConversationSummary } from "../history/history.ts";
import type { NetworkEvent } from "../networks/events.ts";
import type { IncomingMessage, MessageChange } from "../networks/facets/messages.ts";
import type { ServerArchiveRun } from "./archive-run.ts";
import type { Stage } from "./stage.ts";

/** A message off a network; `replaces`: it corrects the one with this id, which is not here. */
export interface ReceivedMessage extends IncomingMessage {
  readonly replaces?: string;
}

/**
 * The kinds of items that are received: texts and notices (`message`), corrections and retractions (`change`), receipts
 * (`delivery`, `read-up-to`, `read-elsewhere`) and chat states.
 */
export type ReceivedEvent =
  | { readonly type: "message"; readonly message: ReceivedMessage }
  | Extract<NetworkEvent, { type: "change" | "delivery" | "read-up-to" | "read-elsewhere" | "typing" }>;

/** An item that was received, with what the stages have found out about it. */
export interface Received {
  readonly event: ReceivedEvent;
  /** Reports what the guard found; made once the item is known to be new. */
  readonly report?: () => void;
  /** Result of storing it; absent: it changed nothing. */
  readonly outcome?: Outcome;
  /** Later part of a work that gives way to others in between. */
  readonly isContinued?: true;
}

export type Outcome =
  | {
      readonly kind: "message";
      readonly message: ReceivedMessage;
      readonly record: MessageRecord;
      /** Place of its conversation. */
      readonly place: ConversationPlace;
      readonly isNew: boolean;
      /** A duplicate that moved the state of its record forward. */
      readonly isChanged: boolean;
      readonly isUnread: boolean;
      /** The peer is on the contact list or in a conversation; what others say waits in Requests. */
      readonly isKnown: boolean;
    }
  | {
      readonly kind: "change";
      readonly change: MessageChange;
      readonly record: MessageRecord | undefined;
      readonly summary: ConversationSummary | undefined;
    }
  | { readonly kind: "state"; readonly record: MessageRecord }
  | { readonly kind: "read-there"; readonly conversationId: ConversationId; readonly records: readonly MessageRecord[] }
  | { readonly kind: "read-here"; readonly summary: ConversationSummary };

/** The end of receiving towards the network and the mark in its archive; called once, later calls have no effect. */
export interface Acknowledgement {
  stored(): void;
  /** True for items that the disk did not take: they come again. Other failures would fail again. */
  failed(error: unknown): void;
}

/** Items of one account that pass the stages of receiving together, in the order in which they came. */
export interface Delivery {
  readonly accountId: AccountId;
  readonly protocol: Protocol;
  readonly items: readonly Received[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** The reading of the server's archive that they come from; absent: they came live. */
  readonly run?: ServerArchiveRun;
  /** The first reading of an archive: what it holds from before this device counts as read. */
  readonly isFirstSync?: boolean;
}

/** A stage of receiving. Resolves with what is left to do once others have had their turn. */
export type ReceiveStage = Stage<Delivery, Delivery | undefined>;

/** The conversation that an item belongs to. */
export function conversationOf(accountId: AccountId, event: ReceivedEvent): ConversationId {
  switch (event.type) {
    case "message":
      return directConversation(accountId, event.message.peer);
    case "change":
      return directConversation(accountId, event.change.peer);
    case "delivery":
    case "read-up-to":
    case "read-elsewhere":
    case "typing":
      return directConversation(accountId, event.peer);
  }
}
