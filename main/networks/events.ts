import type { ErrorInfo } from "../../shared/errors.ts";
import type { Address } from "../../shared/model/address.ts";
import type { Author } from "../../shared/model/author.ts";
import type { Presence } from "../../shared/model/presence.ts";
import type { RosterItem } from "./facets/contacts.ts";
import type { IncomingMessage, MessageChange } from "./facets/messages.ts";

/** Resolves when what an event brought is stored, false: it could not be; undefined: there is nothing to wait for. */
export type Stored = Promise<boolean> | undefined;

/** Takes an event; without an answer there is nothing to wait for. */
export type Emit = ((event: NetworkEvent) => Stored) | ((event: NetworkEvent) => void);

/** Events that a connection reports. Addresses are canonical and bare; senders have been verified by the network. */
export type NetworkEvent =
  /** Was online and is not any more. */
  | { readonly type: "connection-lost"; readonly error: ErrorInfo }
  /** A facet of the connection, or an optional method of one, is there now or no longer. */
  | { readonly type: "facets" }
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
   * Delivery status of an outgoing message. `waiting`: it is not known to have arrived, send it again after catch-up.
   * `sent` with the error `redirected`: it went to another address, which is its parameter.
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
  /** Another own device has read up to this message of an author. */
  | { readonly type: "read-elsewhere"; readonly peer: Address; readonly author: Author; readonly id: string }
  | { readonly type: "typing"; readonly peer: Address; readonly active: boolean }
  /** The server says that this domain is a gateway to another network. */
  | { readonly type: "gateway"; readonly domain: string }
  /** Whom the server keeps away, all of them: addresses, domains, or addresses with a resource. */
  | { readonly type: "block-list"; readonly addresses: readonly string[] }
  /** Another own device has blocked these, or blocks them no longer. */
  | { readonly type: "block-changed"; readonly addresses: readonly string[]; readonly isBlocked: boolean }
  /** Something odd that was refused, for the log: one sentence, no content. */
  | { readonly type: "refused"; readonly what: string };
