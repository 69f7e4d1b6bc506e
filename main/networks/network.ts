import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { AccountConfig, Protocol, ServerSettings, Transport } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { Subscription } from "../../shared/model/contact.ts";
import type { MessageNotice } from "../../shared/model/notice.ts";
import type { OwnPresence, Presence } from "../../shared/model/presence.ts";
import type { SettingValue } from "../../shared/settings/declaration.ts";

/** A network: something that accounts sign in to. Every network passes conformance.ts against a real server. */
export interface Network {
  readonly protocol: Protocol;
  /**
   * Where the servers of an address's domain are, best first; empty when the domain says nothing about this network.
   * Errors: `unknown-host` (the domain does not exist), `no-network`.
   */
  discover(address: Address, settings: ServerSettings, signal: AbortSignal): Promise<readonly Endpoint[]>;
  /**
   * Makes a connection object without touching the network. Events go to `emit`, in order, until `close`; what they
   * bring is not acknowledged before it is stored. `reach` is asked before anything said goes on to an address that a
   * server or a recipient names instead of the one it was for; absent: any may be reached.
   */
  open(account: AccountConfig, credentials: Credentials, emit: Emit, reach?: Reach): Connection;
}

/** Resolves when what an event brought is stored, false: it could not be; undefined: there is nothing to wait for. */
export type Stored = Promise<boolean> | undefined;
/** Takes an event; without an answer there is nothing to wait for. */
export type Emit = ((event: NetworkEvent) => Stored) | ((event: NetworkEvent) => void);

/** Why nothing may be said to an address; undefined: it may. */
export type Reach = (address: Address) => ErrorInfo | undefined;

/** One way to reach a server. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
  /** Path and query for `websocket`. */
  readonly url?: string;
}

export interface Credentials {
  /** Asked for at each sign-in; undefined: none is stored (error `password-needed`). */
  password(): Promise<string | undefined>;
}

/** Optional abilities; the UI asks for these, never for the protocol. May change while connected. */
export type Feature =
  | "receipts"
  | "read-markers"
  | "typing"
  | "archive"
  | "carbons"
  | "offline-messages"
  | "blocking"
  | "resume"
  | "server-contact-list"
  | "corrections"
  | "retractions";

/**
 * A connection of one account. It can connect again after it was lost, and keeps what it needs to resume. It never
 * reconnects by itself: main/accounts decides when. All promises reject with HallwayError only.
 */
export interface Connection {
  readonly features: ReadonlySet<Feature>;
  /**
   * Signs in (or resumes). Resolves when messages can flow; the contact list follows as events. Rejects with the codes
   * of "reaching a server", "who the server is" and "signing in". `presence`: announced as part of signing in.
   */
  connect(presence: OwnPresence, signal: AbortSignal): Promise<SignedIn>;
  /** Signs out in good order (at most 2 s) and ends all timers; may connect again later. */
  disconnect(): Promise<void>;
  /** Ends for good; no event after it. Idempotent. */
  close(): void;
  setPresence(presence: OwnPresence): Promise<void>;
  readonly contacts: {
    /** Adds to the contact list and asks to see their presence. */
    add(address: Address, name: string | undefined, groups: readonly string[]): Promise<void>;
    update(address: Address, name: string | undefined, groups: readonly string[]): Promise<void>;
    /**
     * Asks again to see the presence of somebody on the list, whose answer may have been lost. Nothing happens where it
     * is seen already. Errors: `offline`, `not-found` (not on the list).
     */
    ask(address: Address): Promise<void>;
    /** Takes them off the list and ends both subscriptions. */
    remove(address: Address): Promise<void>;
    /** Answers somebody who asked to see our presence. */
    accept(address: Address): Promise<void>;
    decline(address: Address): Promise<void>;
    /**
     * Has the network keep somebody away, who learns nothing. Absent: it cannot. Error: `unsupported` where this server
     * cannot.
     */
    block?(address: Address): Promise<void>;
    /**
     * Takes back `block`, and whatever else the server's list holds (a domain, one device). Nothing happens where it
     * does not hold it.
     */
    unblock?(address: string): Promise<void>;
  };
  /**
   * Hands a message to the network. Resolves when it was written to the connection; what becomes of it follows as
   * `delivery` events with the same id. Rejects with `offline` when not connected (nothing was sent).
   */
  sendMessage(message: OutgoingMessage): Promise<void>;
  /**
   * Puts another text in the place of an own message (feature `corrections`). Resolves and rejects as `sendMessage`;
   * `delivery` events have the id of the correction.
   */
  correctMessage?(correction: OutgoingCorrection): Promise<void>;
  /** Asks everybody to take an own message away (feature `retractions`); else as `correctMessage`. */
  retractMessage?(retraction: OutgoingRetraction): Promise<void>;
  sendTyping?(to: Address, active: boolean): void;
  /** Tells a sender what became of their message. Not for messages that did not ask. */
  sendReceipt?(receipt: {
    readonly to: Address;
    readonly messageId: string;
    readonly kind: "delivered" | "read";
  }): void;
  /**
   * Reads the server's archive from `since` (all of the last 30 days when undefined) to now, oldest page first. `page`
   * is awaited, so it slows the reading down. `mark`: hand it back next time; only after its page was kept.
   */
  catchUp?(since: ArchiveMark | undefined, page: ArchivePage, signal: AbortSignal): Promise<void>;
  /**
   * The mark of a message that the archive has under this id and that came live at about `at`: a reading since it
   * begins after the message.
   */
  markAt?(archiveId: string, at: number): ArchiveMark;
  /**
   * A fast end-to-end check that the connection lives, after sleep or a change of network; `connection-lost` follows as
   * event if not.
   */
  check(): void;
  /**
   * The person has consented to signing in with as little as this (the `now` of error `weaker-sign-in`), from the next
   * sign-in on.
   */
  allowWeaker?(method: string): Promise<void>;
}

export interface SignedIn {
  /**
   * True: the same session goes on (XEP-0198); nothing was missed, no catch-up needed, unacknowledged messages are sent
   * again by it.
   */
  readonly resumed: boolean;
  /** How the wire is secured, e.g. `TLSv1.3`, or undefined when it is not. */
  readonly security: string | undefined;
  readonly endpoint: Endpoint;
  /** How both ends showed who they are; absent where the network cannot say, and then no rule about it is met. */
  readonly proof?: Proof;
  /** What of conversations the server said that it keeps, where policy made us ask; absent: as its owner set it. */
  readonly archiving?: "always" | "never";
  /** Who sees that we are here; absent where the network cannot say. */
  readonly audience?: Audience;
}

/** Everybody on the contact list, those of them who are in a group of it, or nobody (setting PresenceSharing). */
export type Audience = SettingValue<"PresenceSharing">;

export interface Proof {
  /** SASL mechanism, or `DIGEST-` and the algorithm; undefined: nobody asked. */
  readonly method: string | undefined;
  /** Base64 SHA-256 of the server key's SPKI (RFC 7469 section 2.4); undefined without TLS. */
  readonly key: string | undefined;
  /** The anchors beside the system's that were trusted then (`extraTrust`). */
  readonly anchors: readonly string[];
  /** As `ConnectionRules.proxy`, when the connection was made. */
  readonly proxy: string;
  /** What was found out about the server's certificate; without TLS there is none. */
  readonly revocation: Revocation;
}

/** Opaque place in a server's archive; JSON-safe, at most 4 kB. */
export type ArchiveMark = string;

/**
 * Takes a page of an archive: its messages, and what was changed about messages of this page or of earlier ones, each
 * in the order in which they came. `exact`: the reading began right after the message of `since`, not at a time near
 * it.
 */
export type ArchivePage = (
  messages: readonly IncomingMessage[],
  mark: ArchiveMark,
  changes: readonly MessageChange[],
  exact?: boolean,
) => Promise<void>;

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
  /** What is shown by programs that do not know retractions. */
  readonly fallback: string;
}

/**
 * A message reads otherwise now, or was taken back. It comes from whoever said the message: the network has verified
 * the sender, and the message is to be looked for among those of this peer and direction only.
 */
export type MessageChange = MessageCorrection | MessageRetraction;

interface ChangedMessage
  extends Pick<IncomingMessage, "peer" | "through" | "direction" | "archiveId" | "at" | "delayed" | "via"> {
  /** The sender's id of the message that is meant (`IncomingMessage.id`). */
  readonly targetId: string;
  /** The sender's id of the change itself. */
  readonly id: string | undefined;
}

export interface MessageCorrection extends ChangedMessage {
  readonly kind: "correction";
  /** What it says now, all of it. */
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
  readonly direction: "in" | "out";
  /**
   * The sender's id (stanza id, imdn.Message-ID), unique for this peer and direction; undefined where the sender gave
   * none. Receipts and changes name it.
   */
  readonly id: string | undefined;
  /** A second id of the sender's (origin-id), where it is another: changes and markers may name it too. */
  readonly otherId?: string;
  /** The server's archive id (XEP-0359 stanza-id by our own server only). */
  readonly archiveId: string | undefined;
  /** With a notice: the words that came with it, else empty. */
  readonly body: string;
  /**
   * What the sender calls themselves, where the network says so: anybody's words, shown of strangers beside their
   * address.
   */
  readonly senderName?: string | undefined;
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

/** A line of the server-side contact list. */
export interface RosterItem {
  readonly address: Address;
  readonly name: string | undefined;
  /** The name as the server has it, where it is another than what is shown of it. */
  readonly writtenName?: string | undefined;
  /** As the server has them. */
  readonly groups: readonly string[];
  readonly subscription: Subscription;
  readonly asked: boolean;
}

/** What a connection reports. Addresses are canonical and bare; senders have been verified by the network. */
export type NetworkEvent =
  /** Was online and is not any more. */
  | { readonly type: "connection-lost"; readonly error: ErrorInfo }
  | { readonly type: "features" }
  /** The whole list: what is not in it is gone. */
  | { readonly type: "roster"; readonly items: readonly RosterItem[] }
  | { readonly type: "roster-item"; readonly item: RosterItem }
  | { readonly type: "roster-removed"; readonly address: Address }
  /** The best presence over all devices of an address; computed by the network, one event per real change. */
  | { readonly type: "presence"; readonly address: Address; readonly presence: Presence }
  | {
      readonly type: "subscription-request";
      readonly address: Address;
      readonly name: string | undefined;
      readonly text: string | undefined;
    }
  /** They took the request back or it was answered on another device. */
  | { readonly type: "subscription-settled"; readonly address: Address }
  | { readonly type: "message"; readonly message: IncomingMessage }
  | { readonly type: "change"; readonly change: MessageChange }
  /**
   * What became of an own message; `waiting`: it is not known to have arrived, send it again after catch-up. `sent`
   * with the error `redirected`: it went to another address, which is its parameter.
   */
  | {
      readonly type: "delivery";
      readonly id: string;
      readonly peer: Address;
      readonly state: "waiting" | "sent" | "delivered" | "read" | "failed";
      readonly error?: ErrorInfo;
    }
  /** They have read an own message, and with it all before it (XEP-0333). */
  | { readonly type: "read-up-to"; readonly peer: Address; readonly id: string }
  /** Another own device has read up to this message. */
  | { readonly type: "read-elsewhere"; readonly peer: Address; readonly id: string }
  | { readonly type: "typing"; readonly peer: Address; readonly active: boolean }
  /** The server says that this domain is a gateway to another network. */
  | { readonly type: "gateway"; readonly domain: string }
  /** Whom the server keeps away, all of them: addresses, domains, or addresses with a resource. */
  | { readonly type: "block-list"; readonly addresses: readonly string[] }
  /** Another own device has blocked these, or blocks them no longer. */
  | { readonly type: "block-changed"; readonly addresses: readonly string[]; readonly isBlocked: boolean }
  /** Something odd that was refused, for the log: one sentence, no content. */
  | { readonly type: "refused"; readonly what: string };

/** What the composition root hands to every network: nothing here is global. */
export interface NetworkEnvironment {
  readonly dns: DnsResolver;
  /** Ways out through proxies; absent: there are none. */
  readonly tunnel?: Tunnel;
  /** Whether servers' certificates were revoked; absent: nobody is asked. */
  readonly revocation?: RevocationCheck;
  readonly log: Log;
  readonly now: () => number;
  /** The person's language, as a BCP 47 tag; absent: English. Read anew for each text. */
  readonly language?: string;
  /**
   * Trust anchors beside the system's (policy AdditionalTrustAnchors), PEM. Read anew for each connection, as
   * `minTlsVersion` is.
   */
  readonly extraTrust: readonly string[];
  /** Lowest TLS version (policy TlsMinVersion). */
  readonly minTlsVersion: "TLSv1.2" | "TLSv1.3";
  readonly rules: ConnectionRules;
  /** Cleartext may be used to these hosts only: loopback in tests. Never true in the product. */
  readonly allowCleartext: (host: string) => boolean;
  /** How long a server may take to show that it lives, in ms, when it is asked; absent: as each network has it. */
  readonly checkMs?: number;
  /**
   * Where rosters and other re-readable things are kept between starts (e.g. roster version); values at most 16 MiB.
   */
  readonly cache: { get(key: string): Promise<string | undefined>; set(key: string, value: string): Promise<void> };
}

/**
 * Whether the certificate of the server at the other end was revoked (policy RevocationMode), after the handshake.
 * `staple`: what the server brought of it. `unknown`: that cannot be found out; `unchecked`: nobody was asked. Errors:
 * `certificate-revoked`, `certificate-unchecked` where it has to be known, `cancelled`.
 */
export type RevocationCheck = (
  socket: TLSSocket,
  staple: Buffer | undefined,
  host: string,
  signal: AbortSignal,
) => Promise<Revocation>;
export type Revocation = "good" | "unknown" | "unchecked";

/**
 * A connection to that host through a proxy, which resolves its name; undefined: it is to be reached directly. Errors:
 * `proxy-failed`, `proxy-refused`, `blocked-by-policy` where nothing may be connected to, `cancelled`.
 */
export type Tunnel = (
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
) => Promise<Socket | undefined>;

/** What the organization, and for `audience` the person, says about connections; asked at each one. */
export interface ConnectionRules {
  /** Why nothing may be connected to on this host (policy AllowedServers). */
  host(host: string): ErrorInfo | undefined;
  /** May the server that goes by these names have this key (policy CertificatePins)? As `Proof.key`. */
  key(hosts: readonly string[], key: string | undefined): boolean;
  /** May we show who we are in this way (policy AuthMethods)? As `Proof.method`. */
  method(method: string): boolean;
  /** Must the server archive conversations, must it not, or is that as it is (policy ServerArchiveMode)? */
  archive(): "allow" | "require" | "forbid";
  /** The proxy settings in force (policy ProxySettings), as a text that is the same while they are. */
  proxy(): string;
  /** May we talk with people behind a gateway (policy GatewaysEnabled)? */
  gateways(): boolean;
  /** Who may see that we are here (setting PresenceSharing). */
  audience(): Audience;
  /** Is what strangers ask about our device answered as if nobody were here (policy HarvestDefenseEnabled)? */
  hiding(): boolean;
}

/** For whoever is under no policy: tests, peers, measurements. */
export const noRules: ConnectionRules = {
  host: () => undefined,
  key: () => true,
  method: () => true,
  archive: () => "allow",
  proxy: () => "",
  gateways: () => true,
  audience: () => "contacts",
  hiding: () => true,
};

/** The part of `node:dns/promises` that networks use, so that tests hand in their own. */
export interface DnsResolver {
  resolveSrv(name: string): Promise<readonly { name: string; port: number; priority: number; weight: number }[]>;
  resolveNaptr(name: string): Promise<
    readonly {
      flags: string;
      service: string;
      regexp: string;
      replacement: string;
      order: number;
      preference: number;
    }[]
  >;
  /** Addresses of a host, in order of use. */
  lookup(host: string): Promise<readonly { address: string; family: 4 | 6 }[]>;
}

/** Structured log; main/diagnostics redacts at the sink. `what` is a constant sentence, `about` holds the variables. */
export interface Log {
  debug(what: string, about?: Record<string, unknown>): void;
  info(what: string, about?: Record<string, unknown>): void;
  warn(what: string, about?: Record<string, unknown>): void;
}
