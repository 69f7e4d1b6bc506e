import type { Element } from "@xmpp/xml";
import type { Address } from "../../../shared/model/address.ts";
import type { MessageNotice } from "../../../shared/model/notice.ts";
import type { OwnPresence, Presence } from "../../../shared/model/presence.ts";
import type { Audience } from "../connection-rules.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { NetworkEvent } from "../events.ts";
import type { ArchiveMark, ArchivePage } from "../facets/archive.ts";
import type { RosterItem } from "../facets/contacts.ts";
import type {
  IncomingMessage,
  MessageChange,
  OutgoingCorrection,
  OutgoingMessage,
  OutgoingRetraction,
} from "../facets/messages.ts";
import type { Feature, SignedIn } from "../network.ts";
import type { Jid } from "./jid.ts";

/**
 * One protocol extension. It is made in one file `xeps/xep-NNNN-name.ts`, listed in extensions.ts, and tested beside
 * it: stanzas in, stanzas and events out. `attach` is called once for each connection and answers what it takes part
 * in.
 */
export interface Extension {
  /** Number and name, e.g. `XEP-0184: Message Delivery Receipts`. */
  readonly name: string;
  /** What service discovery tells others about us (XEP-0030 section 3.1). */
  readonly features: readonly string[];
  attach(session: Session): ExtensionParts;
}

/** Declares an extension with its exact types. */
export function defineExtension(extension: Extension): Extension {
  return extension;
}

/** What an extension takes part in; everything is optional. */
export interface ExtensionParts {
  /** Requests that it answers, by `get` or `set`, a space, and the payload's namespace. */
  readonly requests?: Readonly<Record<string, RequestHandler>>;
  /**
   * Envelopes that carry another message (carbons, archive results), by the namespace of the child that does. False:
   * this child is none.
   */
  readonly envelopes?: Readonly<Record<string, (child: Element, stanza: Element) => boolean>>;
  /** Parts of a message, by namespace: called for each such child of every message that is read. */
  readonly message?: Readonly<Record<string, (child: Element, draft: MessageDraft) => void>>;
  /** All parts of a message have been read. */
  messageRead?(draft: MessageDraft): void;
  /** Parts of a presence, by namespace. */
  readonly presence?: Readonly<Record<string, (child: Element, draft: PresenceDraft) => void>>;
  /** Adds to an own message before it is sent. */
  writeMessage?(stanza: Element, message: OutgoingMessage): void;
  /** Adds to the own presence before it is sent. */
  writePresence?(stanza: Element, presence: OwnPresence): void;
  /**
   * What has to be done before the own presence is sent, hence before anybody is heard, when what the server offers is
   * known; and again when a session goes on. What it rejects with ends the signing in. Asked for only where it is
   * `wanted`, since it costs a moment.
   */
  readonly gate?: { wanted(): boolean; pass(): Promise<void> };
  /** A new session has begun; runs before the own presence is sent. Not awaited. */
  started?(): void;
  /** What server and account offer is known (`Session.offers`). */
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
}

/** What the connection can do only where an extension does it. */
export interface Commands {
  readonly sendDelivered?: (to: Address, messageId: string) => void;
  readonly sendRead?: (to: Address, messageId: string) => void;
  readonly sendTyping?: (to: Address, active: boolean) => void;
  readonly block?: (address: Address) => Promise<void>;
  readonly unblock?: (address: string) => Promise<void>;
  /** Turns the stanza of a message with the corrected text into a correction. */
  readonly markCorrection?: (stanza: Element, correction: OutgoingCorrection) => void;
  /** Turns the stanza of a message with the fallback text into a retraction. */
  readonly markRetraction?: (stanza: Element, retraction: OutgoingRetraction) => void;
  readonly catchUp?: (since: ArchiveMark | undefined, page: ArchivePage, signal: AbortSignal) => Promise<void>;
  /** As `Connection.markAt`. */
  readonly markAt?: (archiveId: string, at: number) => ArchiveMark;
  /** As `SignedIn.archiving`. */
  readonly archiving?: () => SignedIn["archiving"];
  /** As `SignedIn.audience`. */
  readonly audience?: () => Audience;
}

export interface RequestHandler {
  /** Who gets an answer; all others are told `service-unavailable`, like from an address that is not there. */
  readonly from: "account" | "contacts";
  /** The result's payload, or undefined for an empty result. A HallwayError becomes an error reply. */
  answer(payload: Element, stanza: Element): Element | undefined;
}

/** A message while it is read. Extensions fill in what they know. */
export interface MessageDraft {
  readonly stanza: Element;
  /** Whose conversation it belongs to: not who sent it, where that is a room. */
  peer: Address;
  /** Whom it came from or went to on the wire, whatever `peer` becomes. */
  readonly wirePeer: Address;
  readonly from: Jid;
  readonly direction: "in" | "out";
  readonly via: IncomingMessage["via"];
  /** Undefined: no text; without a notice then only `events` come of it. */
  body: string | undefined;
  /** What it is, where that cannot be shown; `body` then holds the words that came with it. */
  notice: MessageNotice | undefined;
  /** The method that it is encrypted with end to end; `keys`: there is nothing in it but keys. */
  encrypted: { readonly method: string | undefined } | "keys" | undefined;
  /** The namespace that all of the body is for programs without (XEP-0428). */
  fallbackFor: string | undefined;
  id: string | undefined;
  /** As `IncomingMessage.otherId`. */
  otherId: string | undefined;
  archiveId: string | undefined;
  at: number | undefined;
  delayed: boolean;
  wantsDelivered: boolean;
  wantsRead: boolean;
  /** It is no message of its own but says this of an earlier one. */
  change: Pick<MessageChange, "kind" | "targetId"> | undefined;
  /** Emitted after the message. */
  readonly events: NetworkEvent[];
}

/** A presence while it is read. */
export interface PresenceDraft {
  readonly stanza: Element;
  readonly from: Jid;
  presence: Presence;
  /** A name that a stranger gives with a request. */
  nickname: string | undefined;
}

/** The part of a connection that extensions work with. */
export interface Session {
  /** Own bare JID. */
  readonly address: Address;
  readonly domain: string;
  readonly environment: NetworkEnvironment;
  /** Own full JID; empty between sessions. */
  readonly jid: string;
  /**
   * Sends a stanza or a top-level element; dropped when not connected. `keep`: once more in the next session if this
   * one did not get it through.
   */
  send(stanza: Element, keep?: boolean): void;
  /**
   * Sends a request. `to` undefined: the own account. `large`: the answer may be longer than other stanzas. Rejects
   * with the code of the error reply, `timed-out`, `connection-lost` or `offline`.
   */
  request(type: "get" | "set", payload: Element, to?: string, large?: boolean): Promise<Element>;
  emit(event: NetworkEvent): void;
  /** Notes something odd that was refused; one constant sentence. */
  refuse(what: string): void;
  /** Does the server (or the own account) offer this feature? Known after `discovered`. */
  offers(feature: string): boolean;
  /** Does the stream offer this feature (RFC 6120 section 4.3.2)? */
  streamOffers(name: string, xmlns: string): boolean;
  /** All features of our own, for service discovery and entity capabilities. */
  readonly ownFeatures: readonly string[];
  setFeature(feature: Feature, on: boolean): void;
  /** The contact list. */
  contacts(): Iterable<RosterItem>;
  /** Says once more how we are, where that has been said and who may hear it is another now. */
  announceAgain(): void;
  /** Domains that are known to be services for rooms. */
  readonly roomServices: Set<string>;
  /** May see our presence, hence may know that we are here. */
  isTrusted(address: Address): boolean;
  /** Reads a message that came in an envelope. Undefined: nothing that concerns a conversation. */
  read(stanza: Element, via: IncomingMessage["via"], delay: number | undefined): MessageDraft | undefined;
  /** Emits what was read. */
  deliver(draft: MessageDraft): void;
}
