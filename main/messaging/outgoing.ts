import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { Stage } from "./stage.ts";

/** Conversation that an item goes to; the stages read its place, never its id. */
interface Addressed {
  readonly conversationId: ConversationId;
  readonly place: ConversationPlace;
}

interface Said extends Addressed {
  /** Id of the item itself, also on the wire. */
  readonly id: string;
  /** The text, or the new text; empty for a retraction. */
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The token of the `content-warning` that the person said yes to. */
  readonly confirm?: string | undefined;
  /** The own message that a change is about, from `admit` to `store`. */
  readonly target?: MessageRecord;
}

/** Item that is stored and waits for the network: a text, or a change of an earlier text. */
export type OutgoingSaying =
  | (Said & { readonly kind: "text" })
  | (Said & {
      readonly kind: "correction" | "retraction";
      /** The message that is meant, by the id that it was sent with. */
      readonly targetId: string;
    });

/** Signal that is sent only while the account is online, and is not stored. */
export type OutgoingSignal =
  | (Addressed & {
      readonly kind: "receipt";
      /** Wire id of their message. */
      readonly messageId: string;
      readonly state: "delivered" | "read";
    })
  | (Addressed & { readonly kind: "typing"; readonly active: boolean });

/** Item before its place is known. */
export type Unplaced<Item> = Item extends unknown ? Omit<Item, "place"> : never;

/** An item on its way from the person to the network. */
export type OutgoingItem = OutgoingSaying | OutgoingSignal;

/** A stage of sending. Resolves with the message as it is shown then; undefined for a signal. */
export type SendStage = Stage<OutgoingItem, MessageRecord | undefined>;
