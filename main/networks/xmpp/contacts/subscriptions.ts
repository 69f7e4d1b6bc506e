import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { PresenceTable } from "./presence.ts";
import type { Roster } from "./roster.ts";

const nsPreApproval = "urn:xmpp:features:pre-approval";

export interface SubscriptionsOptions {
  /** Own bare JID. */
  readonly address: Address;
  readonly roster: Roster;
  readonly presences: PresenceTable;
  readonly send: (stanza: Element) => void;
  /** Does the stream offer this feature (RFC 6120 section 4.3.2)? */
  readonly streamOffers: (name: string, xmlns: string) => boolean;
}

/** Presence subscriptions (RFC 6121 section 3), as this person decides them. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Adds to the contact list and asks to see them. Errors: `invalid-address`, those of requests. */
  async add(who: Address, name: string | undefined, groups: readonly string[]): Promise<void> {
    const { address, roster, streamOffers } = this.#options;
    if (who === address) throw new HallwayError("invalid-address", { address: who });
    await roster.set(who, name, groups);
    // RFC 6121 section 3.4: who adds somebody is willing to be seen by them.
    if (streamOffers("sub", nsPreApproval)) this.#send(who, "subscribed");
    const subscription = roster.get(who)?.subscription;
    if (subscription !== "to" && subscription !== "both") this.#send(who, "subscribe");
  }

  /** Sends the request to see them once more. Error: `not-found`. */
  ask(who: Address): void {
    const item = this.#options.roster.get(who);
    if (!item) throw new HallwayError("not-found");
    // RFC 6121 section A.2.1: a server routes a repeated request whatever state it has noted.
    if (item.subscription !== "to" && item.subscription !== "both") this.#send(who, "subscribe");
  }

  accept(who: Address): void {
    this.#send(who, "subscribed");
    this.#options.presences.settle(who);
  }

  decline(who: Address): void {
    this.#send(who, "unsubscribed");
    this.#options.presences.settle(who);
  }

  /** RFC 6121 section 3: subscription stanzas go to the bare JID. */
  #send(to: Address, type: "subscribe" | "subscribed" | "unsubscribed"): void {
    this.#options.send(xml("presence", { to, type }));
  }
}
