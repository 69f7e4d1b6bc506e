import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../shared/errors.ts";
import { type Address, isService } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { NetworkEvent } from "../events.ts";
import type { OutgoingCorrection, OutgoingMessage, OutgoingRetraction } from "../facets/messages.ts";
import { defaultLanguage } from "../languages.ts";
import type { Feature } from "../network.ts";
import type { Commands, Extension, ExtensionParts, MessageDraft, Session } from "./extension.ts";
import { createIqLayer, errorReply } from "./iq.ts";
import { parseJid } from "./jid.ts";
import { atMost, type SendOptions, type SendRefusal } from "./managed-stream.ts";
import { messageStanza, readMessage, toEvents, usableId } from "./messages.ts";
import { hasStreamFeature } from "./negotiate.ts";
import { createPresenceTable, presenceStanza } from "./presence.ts";
import { createRoster, isGrouped, type Roster } from "./roster.ts";
import { concludeDraft, createUnnamed } from "./unshown.ts";
import { firstChild } from "./xml/element.ts";
import { type Loss, lossOf } from "./xml/wire-element.ts";

/** Refusals told in one minute. */
const maxRefusals = 50;
/** How long the own presence waits for what the server offers, in milliseconds. */
const answersWithinMs = 500;
/** Longest name of a feature that is remembered. */
const maxFeatureLength = 1023;
/** What is noted of a stanza that was over a limit. */
const refusedLosses: Readonly<Record<Loss, string>> = {
  trimmed: "parts of a stanza that were over a limit",
  cut: "the end of a stanza that was too long",
  headless: "a stanza that was too large to be read",
};
const nsClient = "jabber:client";
const nsDiscoInfo = "http://jabber.org/protocol/disco#info";
const nsPreApproval = "urn:xmpp:features:pre-approval";

export interface SessionOptions {
  readonly address: Address;
  readonly domain: string;
  readonly cacheKey: string;
  readonly environment: NetworkEnvironment;
  readonly extensions: readonly Extension[];
  readonly emit: (event: NetworkEvent) => void;
  /** Writes to the stream; answers why not. */
  readonly send: (stanza: Element, how: Pick<SendOptions, "keep" | "reply">) => SendRefusal | undefined;
}

/**
 * All that happens over a signed-in stream: contact list, presence, messages, requests, extensions. It outlives
 * streams.
 */
export interface XmppSession {
  readonly features: ReadonlySet<Feature>;
  readonly commands: Commands;
  readonly roster: Roster;
  setFeature(feature: Feature, on: boolean): void;
  /** May this stanza, of which the start tag is here, be as long as an answer that was asked for? */
  isLarge(start: Element): boolean;
  /** A stanza off the stream. Never throws. */
  handle(stanza: Element): void;
  /**
   * A new session at the server has begun. Resolves when what it offers is known, or was asked for in vain. Rejects as
   * `pass`.
   */
  start(jid: string, features: Element, presence: OwnPresence): Promise<void>;
  /** Must something be done before anybody is heard, as `ExtensionParts.gate`? */
  readonly gated: boolean;
  /** Does it. Rejects with what stands against signing in. */
  pass(): Promise<void>;
  /** The old session goes on. */
  resume(presence: OwnPresence): void;
  /** The session is gone, all requests with it. */
  end(error: HallwayError): void;
  /** Tells how we are; answers why not. */
  announce(presence: OwnPresence): SendRefusal | undefined;
  /** The stanza of an own message, with what extensions add. */
  write(message: OutgoingMessage): Element;
  /** The same of a correction or a retraction; undefined where no extension knows how. */
  writeCorrection(correction: OutgoingCorrection): Element | undefined;
  writeRetraction(retraction: OutgoingRetraction): Element | undefined;
  addContact(address: Address, name: string | undefined, groups: readonly string[]): Promise<void>;
  /** Sends the request to see them once more. Error: `not-found`. */
  askContact(address: Address): void;
  acceptContact(address: Address): void;
  declineContact(address: Address): void;
  /** A request to the server that proves that it answers. */
  ping(payload: Element): Promise<Element>;
  /** Waits for what `start` asked for. */
  discovered(): Promise<void>;
  dispose(): void;
}

export function createSession(options: SessionOptions): XmppSession {
  const { address, domain, environment, emit } = options;
  const { log } = environment;
  const features = new Set<Feature>(["offline-messages", "server-contact-list"]);
  const offered = new Set<string>();
  const parts: ExtensionParts[] = [];
  const envelopes = new Map<string, (child: Element, stanza: Element) => boolean>();
  const messageParts = new Map<string, (child: Element, draft: MessageDraft) => void>();
  const presenceParts: [string, NonNullable<ExtensionParts["presence"]>[string]][] = [];
  let commands: Commands = {};
  let jid = "";
  let streamFeatures: Element | undefined;
  let discovery: Promise<void> = Promise.resolve();
  let announced: OwnPresence | undefined;

  const language = () => environment.language ?? defaultLanguage;
  const send = (stanza: Element, keep = false) => options.send(stanza, { keep });
  const reply = (stanza: Element) => void options.send(stanza, { reply: true });
  /** A flood of oddities is told as the first of them, minute by minute. */
  let refusals = { minute: 0, count: 0 };
  const refuse = (what: string) => {
    const minute = Math.floor(environment.now() / 60_000);
    refusals = { minute, count: refusals.minute === minute ? refusals.count + 1 : 1 };
    if (refusals.count <= maxRefusals) emit({ type: "refused", what });
  };
  const unnamed = createUnnamed(environment.now);
  const isTrusted = (who: Address) => {
    const item = roster.items.get(who);
    const audience = environment.rules.audience();
    if (audience !== "contacts" && who !== address && (audience === "nobody" || !item || !isGrouped(item)))
      return false;
    return who === address || item?.subscription === "from" || item?.subscription === "both";
  };
  const contactsChanged = () => {
    for (const part of parts) part.contactsChanged?.();
  };

  const mayAsk = (who: Address): boolean =>
    isTrusted(who) || (!environment.rules.hiding() && environment.rules.audience() === "contacts");
  const iq = createIqLayer({ address, domain, send, reply, refuse, mayAsk, jid: () => jid });
  const roster: Roster = createRoster({
    address,
    cacheKey: options.cacheKey,
    environment,
    iq,
    emit,
    refuse,
    changed: (who, before, after) => {
      presences.rosterChanged(who, before, after);
      contactsChanged();
    },
    loaded: () => {
      presences.rosterLoaded();
      contactsChanged();
    },
  });
  const presences = createPresenceTable({
    address,
    roster: () => roster.items,
    language,
    emit,
    reply,
    refuse,
    extend: (draft) => {
      if (presenceParts.length === 0) return;
      for (const child of draft.stanza.children) {
        if (typeof child === "string") continue;
        const xmlns = child.attrs["xmlns"];
        if (xmlns === undefined) continue;
        for (const [key, read] of presenceParts) if (key === xmlns) read(child, draft);
      }
    },
  });

  const ownFeatures = [...new Set(options.extensions.flatMap((e) => e.features))].sort();
  const session: Session = {
    address,
    domain,
    environment,
    get jid() {
      return jid;
    },
    send,
    request: (type, payload, to, large) => iq.request(type, payload, to, large),
    emit,
    refuse,
    offers: (feature) => offered.has(feature),
    streamOffers: (name, xmlns) => streamFeatures !== undefined && hasStreamFeature(streamFeatures, name, xmlns),
    ownFeatures,
    setFeature: (feature, on) => {
      if (features.has(feature) === on) return;
      if (on) features.add(feature);
      else features.delete(feature);
      emit({ type: "features" });
    },
    contacts: () => roster.items.values(),
    roomServices: new Set(),
    announceAgain: () => {
      if (announced) announce(announced);
    },
    isTrusted,
    read: (stanza, via, delay) => {
      const draft = readMessage(stanza, { via, own: address, server: domain, delay, language: language() });
      if (!draft || stanza.attrs["type"] === "error") return draft;
      for (const child of stanza.children) {
        if (typeof child === "string") continue;
        const xmlns = child.attrs["xmlns"];
        if (xmlns !== undefined) messageParts.get(xmlns)?.(child, draft);
      }
      for (const part of parts) part.messageRead?.(draft);
      // Nobody comes under Requests by something that has no name.
      const isHeard = (peer: Address): boolean =>
        draft.direction === "out" || roster.items.has(peer) || isService(peer);
      concludeDraft(draft, (peer, what) => isHeard(peer) && unnamed.mayTell(draft, peer, what));
      return draft;
    },
    deliver: (draft) => {
      for (const event of toEvents(draft)) emit(event);
    },
  };

  for (const extension of options.extensions) {
    const part = extension.attach(session);
    parts.push(part);
    for (const [key, handler] of Object.entries(part.requests ?? {})) iq.answer(key, handler);
    for (const [xmlns, open] of Object.entries(part.envelopes ?? {})) envelopes.set(xmlns, open);
    for (const [xmlns, read] of Object.entries(part.message ?? {})) {
      const before = messageParts.get(xmlns);
      messageParts.set(
        xmlns,
        before
          ? (child, draft) => {
              before(child, draft);
              read(child, draft);
            }
          : read,
      );
    }
    presenceParts.push(...Object.entries(part.presence ?? {}));
    commands = { ...commands, ...part.commands };
  }

  function handleMessage(stanza: Element): void {
    if (envelopes.size > 0) {
      for (const child of stanza.children) {
        if (typeof child === "string") continue;
        const xmlns = child.attrs["xmlns"];
        if (xmlns !== undefined && envelopes.get(xmlns)?.(child, stanza)) return;
      }
    }
    const to = stanza.attrs["to"];
    if (to !== undefined && to !== jid && parseJid(to)?.bare !== address) {
      refuse("a message for somebody else");
      return;
    }
    const { from } = stanza.attrs;
    if (from !== undefined && !parseJid(from)) {
      refuse("a message from an address that is none");
      return;
    }
    const draft = session.read(stanza, "live", undefined);
    if (draft) session.deliver(draft);
  }

  /**
   * Tells the sender of a stanza that could not be handled, where they may know that we are here (RFC 6120 section
   * 8.3).
   */
  function tellFailure(stanza: Element): void {
    const { id, type } = stanza.attrs;
    const from = parseJid(stanza.attrs["from"]);
    const isRequest = stanza.name === "iq" && (type === "get" || type === "set");
    const isChat = stanza.name === "message" && (type === undefined || type === "chat" || type === "normal");
    if (usableId(id) === undefined || !(isRequest || isChat)) return;
    if (isChat && (from?.address === undefined || from.address === address || !isTrusted(from.address))) return;
    reply(errorReply(stanza, "cancel", "internal-server-error"));
  }

  /** XEP-0030 on the server and on the own account: what they offer. */
  async function discover(): Promise<void> {
    const query = (to: string | undefined) => iq.request("get", xml("query", nsDiscoInfo), to);
    const answers = await Promise.allSettled([query(domain), query(address)]);
    offered.clear();
    for (const answer of answers) {
      if (answer.status !== "fulfilled") continue;
      for (const feature of firstChild(answer.value)?.children ?? []) {
        if (typeof feature === "string" || feature.name !== "feature" || offered.size >= 2000) continue;
        const name = feature.attrs["var"];
        if (name && name.length <= maxFeatureLength) offered.add(name);
      }
    }
    for (const part of parts) part.discovered?.();
  }

  const gates = () => parts.flatMap(({ gate }) => (gate?.wanted() ? [gate] : []));

  async function pass(): Promise<void> {
    // Who hears of us may be somebody else afterwards, so that a session that goes on says it anew.
    if (gates().length > 0) announced = undefined;
    for (const gate of gates()) await gate.pass();
  }

  function announce(presence: OwnPresence): SendRefusal | undefined {
    const stanza = presenceStanza(presence);
    if (presence.availability !== "offline") for (const part of parts) part.writePresence?.(stanza, presence);
    const refusal = send(stanza);
    if (refusal === "too-large") return refusal;
    announced = presence;
    for (const part of parts) part.presenceSent?.(presence);
    return refusal;
  }

  /** As part of signing in, which a status that is too long for the server must not stand in the way of. */
  function announceFirst(presence: OwnPresence): void {
    if (announce(presence) !== "too-large") return;
    refuse("an own status that is too long for the server");
    const { status: _, ...bare } = presence;
    announce(bare);
  }

  function write(message: OutgoingMessage): Element {
    const stanza = messageStanza(message);
    for (const part of parts) part.writeMessage?.(stanza, message);
    return stanza;
  }

  return {
    features,
    get commands() {
      return commands;
    },
    roster,
    setFeature: session.setFeature,
    isLarge: (start) => iq.isLarge(start),
    handle: (stanza) => {
      const loss = lossOf(stanza);
      if (loss) refuse(refusedLosses[loss]);
      // Nobody knows whom it is from: without that it would be the account's own.
      if (loss === "headless") return;
      try {
        if (stanza.getNS() !== nsClient) {
          log.debug("an element that is no stanza was ignored");
          return;
        }
        if (stanza.name === "message") handleMessage(stanza);
        else if (stanza.name === "presence") presences.handle(stanza);
        else if (stanza.name === "iq") iq.handle(stanza);
      } catch (error) {
        log.warn("a stanza could not be handled", { error });
        refuse("a stanza that could not be handled");
        tellFailure(stanza);
      }
    },
    start: async (fullJid, offeredByStream, presence) => {
      jid = fullJid;
      presences.reset();
      streamFeatures = offeredByStream;
      const asked = Promise.withResolvers<void>();
      const listed = roster
        .load(offeredByStream, asked.resolve)
        .catch((error: unknown) => {
          log.warn("the contact list could not be loaded", { error });
        })
        .finally(asked.resolve);
      for (const part of parts) part.started?.();
      discovery = discover();
      if (gates().length > 0) {
        await discovery;
        await pass();
      }
      // RFC 6121 section 2.2: the contact list is asked for before the presence is sent, so that it comes first. It may
      // have to be looked for in the cache before; and a server that asks after thousands of contacts has no time for
      // the list meanwhile.
      await asked.promise;
      // Nor has it time for the questions that follow the first ones: what it can do is asked before, where it answers
      // soon.
      await atMost(discovery, answersWithinMs).catch(() => undefined);
      announceFirst(presence);
      await discovery;
      void listed;
    },
    get gated() {
      return gates().length > 0;
    },
    pass,
    resume: (presence) => {
      if (
        !announced ||
        announced.availability !== presence.availability ||
        announced.status !== presence.status ||
        announced.idleSince !== presence.idleSince
      )
        announceFirst(presence);
      else for (const part of parts) part.presenceSent?.(presence);
    },
    end: (error) => {
      jid = "";
      announced = undefined;
      iq.abort(error);
      for (const part of parts) part.ended?.();
    },
    announce,
    write,
    writeCorrection: (correction) => {
      const stanza = commands.markCorrection && write({ ...correction, wantReceipts: false });
      if (stanza) commands.markCorrection?.(stanza, correction);
      return stanza;
    },
    writeRetraction: (retraction) => {
      const stanza =
        commands.markRetraction && write({ ...retraction, body: retraction.fallback, wantReceipts: false });
      if (stanza) commands.markRetraction?.(stanza, retraction);
      return stanza;
    },
    addContact: async (who, name, groups) => {
      if (who === address) throw new HallwayError("invalid-address", { address: who });
      await roster.set(who, name, groups);
      // RFC 6121 section 3.4: who adds somebody is willing to be seen by them.
      if (session.streamOffers("sub", nsPreApproval)) send(presenceTo(who, "subscribed"));
      const subscription = roster.items.get(who)?.subscription;
      if (subscription !== "to" && subscription !== "both") send(presenceTo(who, "subscribe"));
    },
    askContact: (who) => {
      const item = roster.items.get(who);
      if (!item) throw new HallwayError("not-found");
      // RFC 6121 section A.2.1: a server routes a repeated request whatever state it has noted.
      if (item.subscription !== "to" && item.subscription !== "both") send(presenceTo(who, "subscribe"));
    },
    acceptContact: (who) => {
      send(presenceTo(who, "subscribed"));
      presences.settle(who);
    },
    declineContact: (who) => {
      send(presenceTo(who, "unsubscribed"));
      presences.settle(who);
    },
    ping: (payload) => iq.request("get", payload, domain),
    discovered: () => discovery,
    dispose: () => {
      iq.abort(new HallwayError("cancelled"));
      roster.dispose();
      for (const part of parts) part.dispose?.();
    },
  };
}

/** RFC 6121 section 3: subscription stanzas go to the bare JID. */
function presenceTo(to: Address, type: "subscribe" | "subscribed" | "unsubscribed"): Element {
  return xml("presence", { to, type });
}
