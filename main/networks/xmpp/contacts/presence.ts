import xml, { type Element } from "@xmpp/xml";
import type { Address } from "../../../../shared/model/address.ts";
import {
  compareReachability,
  maxStatusLength,
  offline,
  type Presence,
  unknownPresence,
} from "../../../../shared/model/presence.ts";
import { visibleName } from "../../../../shared/text/visible-name.ts";
import type { NetworkEvent } from "../../events.ts";
import type { RosterItem } from "../../facets/contacts.ts";
import type { ExtensionRegistry } from "../extension-registry.ts";
import type { Jid } from "../jid.ts";
import type { PresenceDraft } from "../message/drafts.ts";
import type { Sender } from "../senders.ts";
import { localizedText, textOf } from "../xml/element.ts";
import type { RosterListener } from "./roster.ts";

/** Devices of one contact that are followed; more is no person. */
const maxResources = 64;
const maxAddresses = 50_000;
/**
 * Devices of all addresses that are followed before the contact list is here: strangers cannot be told from contacts
 * then.
 */
const maxEarly = 100_000;
/** People whose requests are remembered while they wait for an answer; the oldest make room. */
const maxRequests = 1000;
const maxRequestText = 1000;

export interface PresenceOptions {
  readonly address: Address;
  readonly roster: { readonly items: ReadonlyMap<Address, RosterItem> };
  readonly registry: ExtensionRegistry;
  /** BCP 47 tag of the person's language. */
  readonly language: () => string;
  readonly emit: (event: NetworkEvent) => void;
  /** Sends an answer, if there is room. */
  readonly reply: (stanza: Element) => void;
  readonly refuse: (what: string) => void;
}

/** Presence of contacts (RFC 6121 section 4), and requests to see our own (section 3). */
export class PresenceTable implements RosterListener {
  readonly #options: PresenceOptions;
  /** By address, then by resource. */
  readonly #devices = new Map<Address, Map<string, Presence>>();
  readonly #shown = new Map<Address, Presence>();
  readonly #requests = new Set<Address>();
  #loaded = false;
  #early = 0;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  handle(stanza: Element, sender: Sender): void {
    const { type } = stanza.attrs;
    const { address } = sender.jid;
    // Of a service, and of the own devices, nothing is shown.
    if (address === undefined || address === this.#options.address) return;
    if (type === undefined || type === "unavailable") this.#take(stanza, sender, address);
    else if (type === "subscribe") this.#request(stanza, sender, address);
    else if (type === "unsubscribe") this.settle(address);
    // `subscribed` and `unsubscribed` come with a roster push that says the same; `error` and `probe` say nothing to
    // a client.
  }

  /**
   * The contact list was loaded: says where those stand who were heard. Whoever is offline the server is silent of,
   * which the description of the network says of all of them at once (`silentWhenOffline`).
   */
  rosterLoaded(): void {
    const { items } = this.#options.roster;
    this.#loaded = true;
    for (const address of this.#devices.keys()) {
      if (items.has(address)) this.#publish(address);
      else this.#devices.delete(address);
    }
  }

  rosterChanged(address: Address, before: RosterItem | undefined, after: RosterItem | undefined): void {
    if (!after) {
      this.#devices.delete(address);
      this.#shown.delete(address);
    } else {
      if (sees(before) && !sees(after)) this.#devices.delete(address);
      if (this.#loaded) this.#publish(address);
    }
    if (after?.subscription === "from" || after?.subscription === "both") this.settle(address);
  }

  /** A new session: what was known is not known any more. */
  reset(): void {
    this.#devices.clear();
    this.#shown.clear();
    this.#loaded = false;
    this.#early = 0;
  }

  /** The request was answered here. */
  settle(address: Address): void {
    if (this.#requests.delete(address)) this.#options.emit({ type: "subscription-settled", address });
  }

  /** Emits the best presence over all devices, if it is another than before. */
  #publish(address: Address, gone?: Presence): void {
    const item = this.#options.roster.items.get(address);
    if (!item) return;
    let best: Presence | undefined;
    for (const presence of this.#devices.get(address)?.values() ?? [])
      if (!best || compareReachability(presence, best) < 0) best = presence;
    best ??= sees(item) ? (gone ?? offline) : unknownPresence;
    const before = this.#shown.get(address);
    if (before ? same(before, best) : best.availability === "unknown") return;
    this.#shown.set(address, best);
    this.#options.emit({ type: "presence", address, presence: best });
  }

  #take(stanza: Element, sender: Sender, address: Address): void {
    const { jid } = sender;
    if (this.#loaded && !this.#options.roster.items.get(address)) return;
    if (stanza.attrs["type"] === "unavailable") {
      this.#remove(jid, address);
      if (this.#loaded) this.#publish(address, this.#read(stanza, sender, offline));
    } else if (this.#hasRoom(jid, address)) {
      const presence: Presence = { availability: availabilityOf(textOf(stanza, "show")) };
      this.#devices.get(address)?.set(jid.resource, this.#read(stanza, sender, presence));
      if (this.#loaded) this.#publish(address);
    }
  }

  #remove({ resource }: Jid, address: Address): void {
    const own = this.#devices.get(address);
    // An unavailable without a resource speaks for all devices (a server that answers for its user).
    if (resource === "") own?.clear();
    else own?.delete(resource);
    if (own?.size === 0) this.#devices.delete(address);
  }

  #hasRoom({ resource }: Jid, address: Address): boolean {
    const own = this.#devices.get(address);
    if (own?.has(resource)) return true;
    // Before the list is here (or if it never comes) strangers cannot be told from contacts.
    if (!this.#loaded && this.#early >= maxEarly) return false;
    if (own ? own.size >= maxResources : this.#devices.size >= maxAddresses) return false;
    if (!own) this.#devices.set(address, new Map());
    if (!this.#loaded) this.#early += 1;
    return true;
  }

  #request(stanza: Element, sender: Sender, address: Address): void {
    const { roster, emit, reply, refuse } = this.#options;
    const item = roster.items.get(address);
    if (item?.subscription === "from" || item?.subscription === "both") {
      // RFC 6121 section 3.1.3: they have it already; say so again.
      reply(xml("presence", { to: address, type: "subscribed" }));
      return;
    }
    const [oldest] = this.#requests;
    if (this.#requests.size >= maxRequests && !this.#requests.has(address) && oldest !== undefined) {
      this.#requests.delete(oldest);
      refuse("requests of more people than are remembered");
    }
    this.#requests.add(address);
    const draft: PresenceDraft = { stanza, sender, presence: unknownPresence, nickname: undefined };
    this.#extend(draft);
    const text = this.#statusOf(stanza, maxRequestText);
    emit({ type: "subscription-request", address, name: draft.nickname, text });
  }

  #read(stanza: Element, sender: Sender, base: Presence): Presence {
    const status = this.#statusOf(stanza, maxStatusLength);
    const presence = status ? { ...base, status } : base;
    const draft: PresenceDraft = { stanza, sender, presence, nickname: undefined };
    this.#extend(draft);
    return draft.presence;
  }

  /** Lets each extension read the part that it takes on, if it takes it from this sender. */
  #extend(draft: PresenceDraft): void {
    for (const child of draft.stanza.children) {
      if (typeof child === "string") continue;
      const part = this.#options.registry.presence.get(child.attrs["xmlns"] ?? "");
      if (part?.from.includes(draft.sender.kind)) part.read(child, draft);
    }
  }

  #statusOf(stanza: Element, length: number): string | undefined {
    return visibleName(localizedText(stanza, "status", this.#options.language), length);
  }
}

function sees(item: RosterItem | undefined): boolean {
  return item?.subscription === "to" || item?.subscription === "both";
}

function same(a: Presence, b: Presence): boolean {
  return (
    a.availability === b.availability &&
    a.status === b.status &&
    a.idleSince === b.idleSince &&
    a.lastSeen === b.lastSeen
  );
}

/** RFC 6121 section 4.7.2.1. */
function availabilityOf(show: string | undefined): Presence["availability"] {
  switch (show) {
    case "away":
    case "xa":
      return "away";
    case "dnd":
      return "busy";
    default:
      return "available";
  }
}
