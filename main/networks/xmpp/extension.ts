import type { Element } from "@xmpp/xml";
import type { Address } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import type { Audience } from "../connection-rules.ts";
import type { Stored } from "../events.ts";
import type { Facets } from "../facets/facets.ts";
import type { OutgoingCorrection, OutgoingMessage, OutgoingRetraction } from "../facets/messages.ts";
import type { SignedIn } from "../network.ts";
import type { Awaitable } from "./awaitable.ts";
import type { ExtensionHost } from "./extension-host.ts";
import type { MessageDraft, PresenceDraft } from "./message/drafts.ts";
import type { Sender, SenderKind } from "./senders.ts";

/**
 * One protocol extension. It is made in one file `xeps/xep-NNNN-name.ts`, listed in extensions.ts, and tested beside
 * it: stanzas in, stanzas and events out. `attach` is called once for each connection and answers what it takes part
 * in.
 */
export interface Extension {
  /** Number and name, e.g. `XEP-0184: Message Delivery Receipts`. */
  readonly name: string;
  /** Features that service discovery tells others about us (XEP-0030 section 3.1). */
  readonly features: readonly string[];
  attach(session: ExtensionHost): ExtensionParts;
}

/** Declares an extension with its exact types. */
export function defineExtension(extension: Extension): Extension {
  return extension;
}

/**
 * The parts of the protocol that an extension takes on; everything is optional. Each part is taken on by one extension
 * only, and reaches it only from the senders that it names: two that take on the same are an error at start, and
 * everything from anybody else is refused before the extension sees it.
 */
export interface ExtensionParts {
  /** Requests that it answers, by `get` or `set`, a space, and the payload's namespace. */
  readonly requests?: Readonly<Record<string, RequestHandler>>;
  /** Envelopes that carry another message (carbons, archive results), by the namespace of the child that does. */
  readonly envelopes?: Readonly<Record<string, EnvelopeHandler>>;
  /** Parts of a message, by namespace: called for each such child of every message that is read. */
  readonly message?: Readonly<Record<string, MessageHandler>>;
  /** All parts of a message have been read. */
  readonly messageRead?: {
    readonly from: readonly SenderKind[];
    /** Namespaces of the parts without any of which there is nothing to do; absent: called for every message. */
    readonly about?: readonly string[];
    read(draft: MessageDraft): Awaitable<void>;
  };
  /** Notifications of publish-subscribe (XEP-0060 section 7.1.2, XEP-0163 section 4.3), by node. */
  readonly nodes?: Readonly<Record<string, NodeHandler>>;
  /** Parts of a presence, by namespace. */
  readonly presence?: Readonly<Record<string, PresenceHandler>>;
  /** Adds to an own message before it is sent. */
  writeMessage?(stanza: Element, message: OutgoingMessage): Awaitable<void>;
  /** Adds to the own presence before it is sent. */
  writePresence?(stanza: Element, presence: OwnPresence): void;
  /**
   * Work to be done before the own presence is sent, hence before anybody is heard, when what the server offers is
   * known; and again when a session goes on. What it rejects with ends the signing in. Asked for only where it is
   * `wanted`, since it costs a moment.
   */
  readonly precondition?: { wanted(): boolean; pass(): Promise<void> };
  /** A new session has begun; runs before the own presence is sent. Not awaited. */
  started?(): void;
  /** The features of server and account are known (`Discovery.offers`). */
  discovered?(): void;
  /** The contact list was loaded, or one of its lines changed. */
  contactsChanged?(): void;
  /** The own presence was sent (also after a resumption). */
  presenceSent?(presence: OwnPresence): void;
  /** The session is gone for good; another may follow. */
  ended?(): void;
  /** The connection is closed: all timers end. */
  dispose?(): void;
  readonly commands?: Commands;
  readonly facets?: ExtensionFacets;
}

/**
 * Facets of the connection that extensions bring. Each is asked for anew: undefined where this server does not offer
 * it, and `ExtensionHost.facetsChanged` tells when the answer is another one.
 */
export type ExtensionFacets = { readonly [F in "blocking" | "archive"]?: () => Facets[F] };

export interface RequestHandler {
  /** Senders that get an answer; all others are told `service-unavailable`, like from an address that is not there. */
  readonly from: readonly SenderKind[];
  /** The result's payload, or undefined for an empty result. A HallwayError becomes an error reply. */
  answer(payload: Element, stanza: Element): Element | undefined;
}

export interface EnvelopeHandler {
  readonly from: readonly SenderKind[];
  /** Is this child of the namespace an envelope? Anything else is a part of the message. */
  holds(child: Element): boolean;
  /** Resolves with whether what was in it is stored, where that is known. */
  open(child: Element): Awaitable<Stored | boolean>;
}

export interface MessageHandler {
  /** Senders of the message itself, also where it comes out of an envelope. */
  readonly from: readonly SenderKind[];
  read(child: Element, draft: MessageDraft): Awaitable<void>;
}

export interface PresenceHandler {
  readonly from: readonly SenderKind[];
  read(child: Element, draft: PresenceDraft): void;
}

export interface NodeHandler {
  readonly from: readonly SenderKind[];
  /** The children of the notification: `item` and `retract`. */
  notified(items: readonly Element[], sender: Sender): void;
}

/** Abilities of the connection that it has only where an extension has them. */
export interface Commands {
  readonly sendDelivered?: (to: Address, messageId: string) => void;
  readonly sendRead?: (to: Address, messageId: string) => void;
  readonly sendTyping?: (to: Address, active: boolean) => void;
  /** Turns the stanza of a message with the corrected text into a correction. */
  readonly markCorrection?: (stanza: Element, correction: OutgoingCorrection) => void;
  /** Turns the stanza of a message with the fallback text into a retraction. */
  readonly markRetraction?: (stanza: Element, retraction: OutgoingRetraction) => void;
  /** As `SignedIn.archiving`. */
  readonly archiving?: () => SignedIn["archiving"];
  /** As `SignedIn.audience`. */
  readonly audience?: () => Audience;
}
