import type { Address } from "../../../shared/model/address.ts";
import type { Author } from "../../../shared/model/author.ts";
import type { MessageNotice } from "../../../shared/model/notice.ts";

/**
 * Messages to people. Whatever is sent resolves when it was written to the connection; what becomes of it follows as
 * `delivery` events with its id. It rejects with `offline` when not connected: nothing was sent.
 */
export interface MessagesFacet {
  send(message: OutgoingMessage): Promise<void>;
  /** Puts another text in the place of an own message. */
  readonly correct?: ((correction: OutgoingCorrection) => Promise<void>) | undefined;
  /** Asks everybody to take an own message away. */
  readonly retract?: ((retraction: OutgoingRetraction) => Promise<void>) | undefined;
  /** Tells somebody that the person types to them, or no longer does. */
  readonly sendTyping?: ((to: Address, active: boolean) => void) | undefined;
  /** Tells a sender what became of their message. Not for messages that did not ask. */
  readonly sendReceipt?: ((receipt: Receipt) => void) | undefined;
}

export interface Receipt {
  readonly to: Address;
  readonly messageId: string;
  readonly kind: "delivered" | "read";
}

export interface OutgoingMessage {
  /**
   * UUID; the id on the wire (stanza id and origin-id, imdn.Message-ID). Sending the same id again is the same message.
   */
  readonly id: string;
  readonly to: Address;
  readonly body: string;
  /** Milliseconds since the epoch; when it differs from now by over 30 s the network stamps it with a delay. */
  readonly at: number;
  readonly wantReceipts: boolean;
}

interface OutgoingChange {
  /** UUID of the correction or retraction itself; the same id again is the same one. */
  readonly id: string;
  readonly to: Address;
  /** Which message is meant: the id that it was first sent with. */
  readonly targetId: string;
  readonly at: number;
}

export interface OutgoingCorrection extends OutgoingChange {
  readonly body: string;
}

export interface OutgoingRetraction extends OutgoingChange {
  /** Text that programs without support for retractions show. */
  readonly fallback: string;
}

/**
 * A message reads otherwise now, or was taken back. The network has verified the `author`, and only messages of this
 * author in this conversation are meant.
 */
export type MessageChange = MessageCorrection | MessageRetraction;

interface ChangedMessage
  extends Pick<IncomingMessage, "peer" | "through" | "direction" | "author" | "archiveId" | "at" | "delayed" | "via"> {
  /** The sender's id of the message that is meant (`IncomingMessage.id`). */
  readonly targetId: string;
  /** The sender's id of the change itself. */
  readonly id: string | undefined;
}

export interface MessageCorrection extends ChangedMessage {
  readonly kind: "correction";
  /** Current text, all of it. */
  readonly body: string;
}

export interface MessageRetraction extends ChangedMessage {
  readonly kind: "retraction";
}

/**
 * A message as any network brings it. `peer` is the other party whichever the direction; what comes from a server or
 * one of its services has that one's domain, and so has what comes through a room.
 */
export interface IncomingMessage {
  readonly peer: Address;
  /**
   * Whom it came from or went to on the wire, where that is not `peer`: it takes part in nothing but what is asked of
   * who may be heard.
   */
  readonly through?: Address;
  /** Which way it travelled. */
  readonly direction: "in" | "out";
  /** Author; the network has verified the address or the occupant, and nobody the name. */
  readonly author: Author;
  /**
   * The sender's id (stanza id, imdn.Message-ID), unique for this peer and author; undefined where the sender gave none. Receipts and changes name it.
   */
  readonly id: string | undefined;
  /** A second id of the sender's (origin-id), where it is another: changes and markers may name it too. */
  readonly otherId?: string;
  /** The server's archive id (XEP-0359 stanza-id by our own server only). */
  readonly archiveId: string | undefined;
  /** With a notice: the words that came with it, else empty. */
  readonly body: string;
  /** It cannot be shown: this says what it is. Nobody is told that such a message was received or read. */
  readonly notice?: MessageNotice;
  /**
   * The stamp that it came with, milliseconds since the epoch, as whoever wrote it says; undefined: none. Out of an
   * archive: the archive's.
   */
  readonly at: number | undefined;
  /**
   * `at` is of the own server, which kept the message, or of the archive. Without this it is a sender's word, or a
   * gateway's.
   */
  readonly delayed: boolean;
  /** `live`: to this device; `carbon`: from or to another own device; `archive`: by catchUp. */
  readonly via: "live" | "carbon" | "archive";
  readonly wantsDelivered: boolean;
  readonly wantsRead: boolean;
}
