import type { Address } from "../../../shared/model/address.ts";
import { domainOf } from "../../../shared/model/address.ts";
import type { ConnectionRules } from "../connection-rules.ts";
import type { RosterItem } from "../facets/contacts.ts";
import { isGrouped } from "./contacts/roster-item.ts";
import { type Jid, parseJid } from "./jid.ts";

/**
 * Senders of stanzas, told apart by address alone. An address is of the first kind in this list that fits:
 *
 * - `account`: the own bare JID, for which the own server speaks (RFC 6120 section 8.1.2.1);
 * - `device`: a resource of the own account, this one too;
 * - `server`: the own domain;
 * - `service`: any other domain, hence components, gateways and servers of others;
 * - `subscriber`: a person on the contact list who may see our presence;
 * - `contact`: any other person on the contact list;
 * - `occupant`: a full JID at a service for rooms (XEP-0045 section 4.2);
 * - `room`: a bare JID there;
 * - `stranger`: everybody else.
 */
export type SenderKind =
  | "account"
  | "device"
  | "server"
  | "service"
  | "subscriber"
  | "contact"
  | "occupant"
  | "room"
  | "stranger";

/** The own account as its server speaks for it: the only one to believe about the account's data. */
export const ownAccount: readonly SenderKind[] = ["account"];
/** The own account, whichever way its server names itself. */
export const ownServer: readonly SenderKind[] = ["account", "server"];
/** Those who know that this device is here. */
export const subscribers: readonly SenderKind[] = ["account", "device", "server", "subscriber"];
/** Persons, the own one too. */
export const persons: readonly SenderKind[] = ["account", "device", "subscriber", "contact", "stranger"];
/** Those with an address that stays theirs. What they said they may change. */
export const lastingSenders: readonly SenderKind[] = [...persons, "server", "service"];
/** Those with whom there can be a conversation. */
export const correspondents: readonly SenderKind[] = [...lastingSenders, "occupant"];
export const everyone: readonly SenderKind[] = [...correspondents, "room"];

export interface Sender {
  readonly kind: SenderKind;
  readonly jid: Jid;
}

export interface SendersOptions {
  readonly address: Address;
  readonly domain: string;
  readonly contacts: { get(address: Address): RosterItem | undefined };
  readonly rules: Pick<ConnectionRules, "audience" | "hiding">;
}

/** The one place that decides who sent something, and who takes what from whom. */
export class Senders {
  /** Domains of services for rooms, as the own server names them. */
  readonly roomServices = new Set<string>();
  readonly #options: SendersOptions;
  readonly #account: Sender;

  constructor(options: SendersOptions) {
    const { address } = options;
    this.#options = options;
    this.#account = { kind: "account", jid: { full: address, bare: address, resource: "", address } };
  }

  /** Undefined: not an address. A stanza without `from` is the own account's (RFC 6120 section 8.1.2.1). */
  of(from: string | undefined): Sender | undefined {
    if (from === undefined) return this.#account;
    const jid = parseJid(from);
    return jid && { kind: this.kindOf(jid), jid };
  }

  kindOf({ full, bare, address, resource }: Jid): SenderKind {
    if (bare === this.#options.address) return full === bare ? "account" : "device";
    if (address === undefined) return bare === this.#options.domain ? "server" : "service";
    if (this.#options.contacts.get(address)) return this.seesUs(address) ? "subscriber" : "contact";
    if (this.roomServices.has(domainOf(address))) return resource === "" ? "room" : "occupant";
    return "stranger";
  }

  /** May this address see our presence, hence may it know that we are here? */
  seesUs(who: Address): boolean {
    const { address, contacts, rules } = this.#options;
    if (who === address) return true;
    const item = contacts.get(who);
    const audience = rules.audience();
    if (!item || audience === "nobody" || (audience === "groups" && !isGrouped(item))) return false;
    return item.subscription === "from" || item.subscription === "both";
  }

  /**
   * Is a request of this sender answered by what takes it from `from`? Whoever has a local part counts as a subscriber
   * where nothing is hidden from strangers (policy HarvestDefenseEnabled).
   */
  mayAsk(from: readonly SenderKind[], { kind, jid }: Sender): boolean {
    if (from.includes(kind)) return true;
    const { rules } = this.#options;
    return (
      jid.address !== undefined && from.includes("subscriber") && !rules.hiding() && rules.audience() === "contacts"
    );
  }
}
