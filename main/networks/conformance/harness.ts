import type { Protocol, ServerSettings } from "../../../shared/model/account.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { Availability, OwnPresence } from "../../../shared/model/presence.ts";
import type { DnsResolver } from "../dns.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { Network } from "../network.ts";

/** Requirements of the conformance suite on a real server of a network. */
export interface Harness {
  readonly protocol: Protocol;
  readonly createNetwork: (environment: NetworkEnvironment) => Network;
  /** Resolver of a private DNS that knows the harness's domains and nothing else. */
  readonly dns: DnsResolver;
  /** An account nobody else uses. */
  newAccount(): Promise<TestAccount>;
  /** As what others see an own availability: a network with fewer words shows the nearest. */
  shownAs(availability: OwnPresence["availability"]): Availability;
  /** An address in the server's domain that has no account. */
  unknownAddress(): Address;
  /**
   * How to reach a server of the accounts' domain whose certificate is as said; without `ca` the private authority is
   * not told.
   */
  settings(certificate: "good" | "wrong-name" | "expired" | "untrusted", ca?: boolean): ServerSettings;
  /** The good server by its plain name: all else is to be discovered. */
  readonly discovered: ServerSettings;
  /** Base64 SHA-256 of the good server's public key. */
  readonly pin: string;
  /** Settings for a way of the network that does not encrypt, if it has one. */
  readonly cleartext: ServerSettings | undefined;
  /** A read receipt holds for all messages before its own, too (XEP-0333). */
  readonly readsUpTo: boolean;
  /** A device sees what the others of the account send (XEP-0280). */
  readonly copies: boolean;
  /** False: the server keeps nothing for who is away; the sender is told. */
  readonly keepsMessages: boolean;
  /**
   * False: what the server kept for who was away comes in whatever order the server hands it over, also after what is
   * said later. Kamailio's msilo hands over in another process than the one that relays, and what it cannot hand over
   * it tries again after the rest.
   */
  readonly handsOverInOrder: boolean;
  /** A way in to the good server that can be cut. */
  door(): Promise<Door>;
}

export interface TestAccount {
  readonly address: Address;
  readonly password: string;
}

/** One client's way to the server, and what may befall it. */
export interface Door {
  readonly settings: ServerSettings;
  /** Connections open now. */
  readonly open: number;
  cut(): void;
  /** Nothing goes through any more, and nobody is told. */
  blackhole(): void;
  refuse(): Promise<void>;
  restore(): Promise<void>;
}
