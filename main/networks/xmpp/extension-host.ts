import type { Element } from "@xmpp/xml";
import type { Address } from "../../../shared/model/address.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { NetworkEvent, Stored } from "../events.ts";
import type { RosterItem } from "../facets/contacts.ts";
import type { IncomingMessage } from "../facets/messages.ts";
import type { Awaitable } from "./awaitable.ts";
import type { Discovery } from "./discovery/discovery.ts";
import type { RequestOptions } from "./iq.ts";
import type { MessageDraft } from "./message/drafts.ts";

/** The part of a session that extensions work with. */
export interface ExtensionHost {
  /** Own bare JID. */
  readonly address: Address;
  readonly domain: string;
  readonly environment: NetworkEnvironment;
  /** Own full JID; empty between sessions. */
  readonly jid: string;
  /**
   * Sends a stanza or a top-level element; dropped when not connected. A message waits for those to the same address
   * that are still being written. `keep`: once more in the next session if this one did not get it through.
   */
  send(stanza: Element, keep?: boolean): void;
  /** Sends a request. Rejects with the code of the error reply, `timed-out`, `connection-lost` or `offline`. */
  request(type: "get" | "set", payload: Element, options?: RequestOptions): Promise<Element>;
  emit(event: NetworkEvent): Stored;
  /** Notes something odd that was refused; one constant sentence. */
  refuse(what: string): void;
  /** The only way to ask what somebody else offers. */
  readonly discovery: Discovery;
  /** Does the stream offer this feature (RFC 6120 section 4.3.2)? */
  streamOffers(name: string, xmlns: string): boolean;
  /** All features of our own, for service discovery and entity capabilities. */
  readonly ownFeatures: readonly string[];
  /** Says that a facet of the connection is there now or no longer. */
  facetsChanged(): void;
  /** The contact list. */
  readonly contacts: ReadonlyMap<Address, RosterItem>;
  /** Says once more how we are, where that has been said and who may hear it is another now. */
  announceAgain(): void;
  /** Domains that are known to be services for rooms. */
  readonly roomServices: Set<string>;
  /**
   * Reads a message that came in an envelope, after those of the same conversation that came before it. Undefined:
   * nothing that concerns a conversation.
   */
  read(stanza: Element, via: IncomingMessage["via"], delay: number | undefined): Awaitable<MessageDraft | undefined>;
  /** Emits what was read. */
  deliver(draft: MessageDraft): Stored;
}
