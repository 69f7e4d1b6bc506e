import xml, { type Element } from "@xmpp/xml";
import type { Address } from "../../../shared/model/address.ts";
import {
  compareReachability,
  maxStatusLength,
  type OwnPresence,
  offline,
  type Presence,
  unknownPresence,
} from "../../../shared/model/presence.ts";
import { visibleName } from "../../../shared/text/visible-name.ts";
import type { NetworkEvent } from "../events.ts";
import type { RosterItem } from "../facets/contacts.ts";
import type { PresenceDraft } from "./extension.ts";
import { type Jid, parseJid } from "./jid.ts";
import { localizedText, textOf } from "./xml/element.ts";

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
  readonly roster: () => ReadonlyMap<Address, RosterItem>;
  /** BCP 47 tag of the person's language. */
  readonly language: () => string;
  readonly emit: (event: NetworkEvent) => void;
  /** Sends an answer, if there is room. */
  readonly reply: (stanza: Element) => void;
  readonly refuse: (what: string) => void;
  /** Lets extensions add what they read. */
  readonly extend: (draft: PresenceDraft) => void;
}

/** Who is reachable how (RFC 6121 section 4), and who asks to see our presence (section 3). */
export interface PresenceTable {
  handle(stanza: Element): void;
  /** The contact list was loaded: says where everybody stands. */
  rosterLoaded(): void;
  rosterChanged(address: Address, before: RosterItem | undefined, after: RosterItem | undefined): void;
  /** A new session: what was known is not known any more. */
  reset(): void;
  /** The request was answered here. */
  settle(address: Address): void;
}

export function createPresenceTable(options: PresenceOptions): PresenceTable {
  /** By address, then by resource. */
  const devices = new Map<Address, Map<string, Presence>>();
  const shown = new Map<Address, Presence>();
  const requests = new Set<Address>();
  let loaded = false;
  let early = 0;

  function sees(item: RosterItem | undefined): boolean {
    return item?.subscription === "to" || item?.subscription === "both";
  }

  /** Emits the best presence over all devices, if it is another than before. */
  function publish(address: Address, gone?: Presence): void {
    const item = options.roster().get(address);
    if (!item) return;
    let best: Presence | undefined;
    for (const presence of devices.get(address)?.values() ?? [])
      if (!best || compareReachability(presence, best) < 0) best = presence;
    best ??= sees(item) ? (gone ?? offline) : unknownPresence;
    const before = shown.get(address);
    if (before ? same(before, best) : best.availability === "unknown") return;
    shown.set(address, best);
    options.emit({ type: "presence", address, presence: best });
  }

  function handlePresence(stanza: Element, from: Jid, available: boolean): void {
    const { address } = from;
    if (address === undefined || address === options.address) return;
    if (loaded && !options.roster().has(address)) return;
    let own = devices.get(address);
    if (!available) {
      // An unavailable without a resource speaks for all devices (a server that answers for its user).
      if (from.resource === "") own?.clear();
      else own?.delete(from.resource);
      if (own?.size === 0) devices.delete(address);
      if (loaded) publish(address, read(stanza, from, false));
      return;
    }
    if (!own) {
      // Before the list is here (or if it never comes) strangers cannot be told from contacts.
      if (devices.size >= maxAddresses) return;
      own = new Map();
      devices.set(address, own);
    }
    if (!own.has(from.resource)) {
      if (own.size >= maxResources || (!loaded && early >= maxEarly)) return;
      if (!loaded) early += 1;
    }
    own.set(from.resource, read(stanza, from, true));
    if (loaded) publish(address);
  }

  function read(stanza: Element, from: Jid, available: boolean): Presence {
    const status = statusOf(stanza, maxStatusLength);
    const base: Presence = available ? { availability: availabilityOf(textOf(stanza, "show")) } : offline;
    const draft: PresenceDraft = { stanza, from, presence: status ? { ...base, status } : base, nickname: undefined };
    options.extend(draft);
    return draft.presence;
  }

  function statusOf(stanza: Element, length: number): string | undefined {
    return visibleName(localizedText(stanza, "status", options.language()), length);
  }

  function handleRequest(stanza: Element, from: Jid): void {
    const { address } = from;
    if (address === undefined || address === options.address) return;
    const item = options.roster().get(address);
    if (item?.subscription === "from" || item?.subscription === "both") {
      // RFC 6121 section 3.1.3: they have it already; say so again.
      options.reply(xml("presence", { to: address, type: "subscribed" }));
      return;
    }
    const [oldest] = requests;
    if (requests.size >= maxRequests && !requests.has(address) && oldest !== undefined) {
      requests.delete(oldest);
      options.refuse("requests of more people than are remembered");
    }
    requests.add(address);
    const draft: PresenceDraft = { stanza, from, presence: unknownPresence, nickname: undefined };
    options.extend(draft);
    options.emit({
      type: "subscription-request",
      address,
      name: draft.nickname,
      text: statusOf(stanza, maxRequestText),
    });
  }

  function settle(address: Address): void {
    if (requests.delete(address)) options.emit({ type: "subscription-settled", address });
  }

  return {
    handle: (stanza) => {
      const { type, from } = stanza.attrs;
      const sender = parseJid(from);
      if (!sender) {
        if (from !== undefined) options.refuse("a presence from an address that is none");
        return;
      }
      if (type === undefined || type === "unavailable") handlePresence(stanza, sender, type === undefined);
      else if (type === "subscribe") handleRequest(stanza, sender);
      else if (type === "unsubscribe" && sender.address !== undefined) settle(sender.address);
      // `subscribed` and `unsubscribed` come with a roster push that says the same; `error` and `probe` say nothing to
      // a client.
    },
    rosterLoaded: () => {
      loaded = true;
      for (const address of devices.keys()) if (!options.roster().has(address)) devices.delete(address);
      for (const address of options.roster().keys()) publish(address);
    },
    rosterChanged: (address, before, after) => {
      if (!after) {
        devices.delete(address);
        shown.delete(address);
      } else {
        if (sees(before) && !sees(after)) devices.delete(address);
        if (loaded) publish(address);
      }
      if (after?.subscription === "from" || after?.subscription === "both") settle(address);
    },
    reset: () => {
      devices.clear();
      shown.clear();
      loaded = false;
      early = 0;
    },
    settle,
  };
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

const showOf: Readonly<Record<OwnPresence["availability"], string | undefined>> = {
  available: undefined,
  "in-call": "dnd",
  "in-meeting": "dnd",
  busy: "dnd",
  "be-right-back": "away",
  away: "away",
  offline: undefined,
};

/** Own presence as a stanza; extensions add to it. */
export function presenceStanza(presence: OwnPresence): Element {
  if (presence.availability === "offline")
    return xml("presence", { type: "unavailable" }, presence.status ? xml("status", {}, presence.status) : undefined);
  const show = showOf[presence.availability];
  return xml(
    "presence",
    {},
    show ? xml("show", {}, show) : undefined,
    presence.status ? xml("status", {}, presence.status) : undefined,
  );
}
