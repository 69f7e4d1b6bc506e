import type { ErrorInfo } from "../../shared/errors.ts";
import type { AccountConfig, ServerSettings, Transport } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { NetworkDescription } from "../../shared/model/network.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { Audience } from "./connection-rules.ts";
import type { Revocation } from "./environment.ts";
import type { Emit } from "./events.ts";
import type { Facets } from "./facets/facets.ts";

/** A network: something that accounts sign in to. Every network passes conformance.ts against a real server. */
export interface Network {
  readonly description: NetworkDescription;
  /**
   * Where the servers of an address's domain are, best first; empty when the domain says nothing about this network.
   * Errors: `unknown-host` (the domain does not exist), `no-network`.
   */
  discover(address: Address, settings: ServerSettings, signal: AbortSignal): Promise<readonly Endpoint[]>;
  /** Makes a connection object without touching the network. */
  open(account: AccountConfig, options: ConnectionOptions): Connection;
}

/** Collaborators of one account's connection. */
export interface ConnectionOptions {
  readonly credentials: Credentials;
  /** Takes events, in order, until `close`; what they bring is not acknowledged before it is stored. */
  readonly emit: Emit;
  /**
   * Asked before anything said goes on to an address that a server or a recipient names instead of the one it was for;
   * absent: any may be reached.
   */
  readonly reach?: Reach | undefined;
}

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

/**
 * A connection of one account: what its network and server can do, as facets, and the means to come and go. It can
 * connect again after it was lost, and keeps what it needs to resume. It never reconnects by itself: main/accounts
 * decides when. All promises reject with HallwayError only.
 */
export interface Connection extends Facets {
  /**
   * Signs in (or resumes). Resolves when messages can flow; the contact list follows as events. Rejects with the codes
   * of "reaching a server", "who the server is" and "signing in". `presence`: announced as part of signing in.
   */
  connect(presence: OwnPresence, signal: AbortSignal): Promise<SignedIn>;
  /** Signs out in good order (at most 2 s) and ends all timers; may connect again later. */
  disconnect(): Promise<void>;
  /** Ends for good; no event after it. Idempotent. */
  close(): void;
  /**
   * A fast end-to-end check that the connection lives, after sleep or a change of network; `connection-lost` follows as
   * event if not.
   */
  check(): void;
  /**
   * The person has consented to signing in with as little as this (the `now` of error `weaker-sign-in`), from the next
   * sign-in on. Absent: the network has no stronger and weaker ways.
   */
  readonly allowWeaker?: ((method: string) => Promise<void>) | undefined;
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
  /** Messages that the server confirmed to archive, where policy made us ask; absent: as its owner set it. */
  readonly archiving?: "always" | "never";
  /** People who see that we are here; absent where the network cannot say. */
  readonly audience?: Audience;
}

export interface Proof {
  /** SASL mechanism, or `DIGEST-` and the algorithm; undefined: nobody asked. */
  readonly method: string | undefined;
  /** Base64 SHA-256 of the server key's SPKI (RFC 7469 section 2.4); undefined without TLS. */
  readonly key: string | undefined;
  /** The anchors beside the system's that were trusted then (`extraTrust`). */
  readonly anchors: readonly string[];
  /** As `ConnectionRules.proxy`, when the connection was made. */
  readonly proxy: string;
  /** Result of the revocation check of the server's certificate; without TLS there is none. */
  readonly revocation: Revocation;
}
