import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../shared/errors.ts";
import { KeyedQueue } from "../../../shared/keyed-queue.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import { atMost } from "../at-most.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { NetworkEvent, Stored } from "../events.ts";
import { defaultLanguage } from "../languages.ts";
import { AnnouncedPresence } from "./contacts/own-presence.ts";
import { PresenceTable } from "./contacts/presence.ts";
import { Roster } from "./contacts/roster.ts";
import { Subscriptions } from "./contacts/subscriptions.ts";
import { MemoryCapsCache } from "./discovery/caps-cache.ts";
import { Discovery } from "./discovery/discovery.ts";
import type { Commands, Extension, ExtensionFacets } from "./extension.ts";
import type { ExtensionHost } from "./extension-host.ts";
import { ExtensionRegistry } from "./extension-registry.ts";
import { IqRequests } from "./iq.ts";
import { IqAnswers } from "./iq-answers.ts";
import { parseJid } from "./jid.ts";
import { MessageReader } from "./message/message-reader.ts";
import { MessageWriter } from "./message/message-sender.ts";
import { Refusals } from "./refusals.ts";
import { StanzaRouter } from "./router.ts";
import { Senders } from "./senders.ts";
import type { SendOptions, SendRefusal } from "./stream/managed-stream.ts";
import { hasStreamFeature } from "./stream/negotiate.ts";

/** How long the own presence waits for the contact list, in milliseconds. */
const listWithinMs = 5_000;
/** How long the own presence waits for what the server offers, in milliseconds. */
const answersWithinMs = 500;
/** Own messages that may wait for those before them to be written. */
const maxUnwritten = 10_000;
const nsPing = "urn:xmpp:ping";

export interface SessionOptions {
  readonly address: Address;
  readonly domain: string;
  readonly cacheKey: string;
  readonly environment: NetworkEnvironment;
  readonly extensions: readonly Extension[];
  readonly emit: (event: NetworkEvent) => Stored;
  /** Writes to the stream; answers why not. */
  readonly send: (stanza: Element, how: Pick<SendOptions, "keep" | "reply">) => SendRefusal | undefined;
}

/**
 * All that happens over a signed-in stream: contact list, presence, messages, requests, extensions. It outlives
 * streams, and is made of parts that each do one thing; here they are joined, begin and end.
 */
export class XmppSession {
  readonly roster: Roster;
  readonly subscriptions: Subscriptions;
  readonly writer: MessageWriter;
  readonly presence: AnnouncedPresence;
  /** Own messages, in their order for each conversation. */
  readonly outgoing = new KeyedQueue<Address>({ maxLength: maxUnwritten });
  readonly #options: SessionOptions;
  readonly #registry = new ExtensionRegistry();
  readonly #requests: IqRequests;
  readonly #presences: PresenceTable;
  readonly #discovery: Discovery;
  readonly #router: StanzaRouter;
  #jid = "";
  #streamFeatures: Element | undefined;
  #discovering: Promise<void> = Promise.resolve();

  /** Error (a plain one): two extensions take on the same. */
  constructor(options: SessionOptions) {
    const { address, domain, environment, emit } = options;
    this.#options = options;
    const registry = this.#registry;
    const refuse = new Refusals(environment.now, emit).note;
    const jid = () => this.#jid;
    const language = () => environment.language ?? defaultLanguage;
    const send = (stanza: Element) => options.send(stanza, {});
    const reply = (stanza: Element) => void options.send(stanza, { reply: true });
    const streamOffers = (name: string, xmlns: string) =>
      this.#streamFeatures !== undefined && hasStreamFeature(this.#streamFeatures, name, xmlns);

    this.#requests = new IqRequests({ address, domain, send, refuse, jid });
    const requests = this.#requests;
    this.roster = new Roster({ cacheKey: options.cacheKey, environment, requests, emit });
    const { roster } = this;
    const senders = new Senders({ address, domain, contacts: roster, rules: environment.rules });
    this.#presences = new PresenceTable({ address, roster, registry, language, emit, reply, refuse });
    const presences = this.#presences;
    this.subscriptions = new Subscriptions({ address, roster, presences, send, streamOffers });
    this.presence = new AnnouncedPresence({ registry, send, refuse });
    this.#discovery = new Discovery({ address, domain, requests, cache: new MemoryCapsCache() });
    this.writer = new MessageWriter(registry);
    const { now, log } = environment;
    const reader = new MessageReader({ address, domain, senders, registry, roster, language, now, emit, refuse });
    const answers = new IqAnswers({ senders, registry, reply, refuse });
    const incoming = { senders, registry, reader, presences, requests, answers };
    this.#router = new StanzaRouter({ address, jid, log, reply, refuse, ...incoming });
    registry.add("RFC 6121: Roster", roster.parts);
    registry.attach(options.extensions, this.#host({ reader, senders, refuse, streamOffers }));
    roster.listen(presences);
    const contactsChanged = (): void => {
      for (const part of registry.parts) part.contactsChanged?.();
    };
    roster.listen({ rosterChanged: contactsChanged, rosterLoaded: contactsChanged });
  }

  get commands(): Commands {
    return this.#registry.commands;
  }

  get facets(): ExtensionFacets {
    return this.#registry.facets;
  }

  /** Must something be done before anybody is heard, as `ExtensionParts.precondition`? */
  get gated(): boolean {
    return this.#registry.preconditions().length > 0;
  }

  /** May this `<iq/>`, of which the start tag is here, be as long as an answer that was asked for? */
  readonly isLarge = (start: Element): boolean => this.#requests.isLarge(start);

  /**
   * A stanza off the stream. Never throws. Resolves when what it brought is stored, false: it could not be; undefined:
   * it is done.
   */
  readonly handle = (stanza: Element): Stored => this.#router.handle(stanza);

  /** A request to the server that proves that it answers. */
  readonly ping = (): Promise<Element> =>
    this.#requests.request("get", xml("ping", nsPing), { to: this.#options.domain });

  /**
   * A new session at the server has begun. Resolves when what it offers is known, or was asked for in vain. Rejects as
   * `pass`.
   */
  async start(fullJid: string, offeredByStream: Element, presence: OwnPresence): Promise<void> {
    const { log } = this.#options.environment;
    this.#jid = fullJid;
    this.#presences.reset();
    this.#streamFeatures = offeredByStream;
    const listed = this.roster.load(offeredByStream).catch((error: unknown) => {
      log.warn("the contact list could not be loaded", { error });
    });
    for (const part of this.#registry.parts) part.started?.();
    this.#discovering = this.#discover();
    if (this.gated) {
      await this.#discovering;
      await this.pass();
    }
    // RFC 6121 section 2.2: the contact list is asked for before the presence is sent. It has to be here, too, with what
    // the server can do: a server that has heard the presence asks after each of thousands of contacts first.
    const offered = atMost(this.#discovering, answersWithinMs).catch(() => undefined);
    await Promise.all([atMost(listed, listWithinMs), offered]);
    this.presence.announceFirst(presence);
    await this.#discovering;
  }

  /** Does what has to be done before anybody is heard. Rejects with what stands against signing in. */
  async pass(): Promise<void> {
    // Who hears of us may be somebody else afterwards, so that a session that goes on says it anew.
    if (this.gated) this.presence.forget();
    for (const precondition of this.#registry.preconditions()) await precondition.pass();
  }

  /** Waits for what `start` asked for. */
  discovered(): Promise<void> {
    return this.#discovering;
  }

  /** The session is gone, all requests with it. */
  end(error: HallwayError): void {
    this.#jid = "";
    this.presence.forget();
    this.#requests.abort(error);
    this.#discovery.clear();
    for (const part of this.#registry.parts) part.ended?.();
  }

  dispose(): void {
    this.#requests.abort(new HallwayError("cancelled"));
    this.roster.dispose();
    for (const part of this.#registry.parts) part.dispose?.();
  }

  async #discover(): Promise<void> {
    await this.#discovery.load();
    for (const part of this.#registry.parts) part.discovered?.();
  }

  #host(
    own: Readonly<{
      reader: MessageReader;
      senders: Senders;
      refuse: (what: string) => void;
      streamOffers: (name: string, xmlns: string) => boolean;
    }>,
  ): ExtensionHost {
    const { address, domain, environment, extensions, emit, send } = this.#options;
    const { reader, senders, refuse, streamOffers } = own;
    const session = this;
    return {
      address,
      domain,
      environment,
      get jid() {
        return session.#jid;
      },
      send: (stanza, keep = false) => {
        const to = stanza.name === "message" ? parseJid(stanza.attrs["to"])?.bare : undefined;
        if (to === undefined) send(stanza, { keep });
        else void session.outgoing.run(to, () => void send(stanza, { keep }));
      },
      request: (type, payload, how) => session.#requests.request(type, payload, how),
      emit,
      refuse,
      discovery: session.#discovery,
      streamOffers,
      ownFeatures: [...new Set(extensions.flatMap((e) => e.features))].sort(),
      facetsChanged: () => void emit({ type: "facets" }),
      get contacts() {
        return session.roster.items;
      },
      announceAgain: () => session.presence.announceAgain(),
      roomServices: senders.roomServices,
      read: (stanza, via, delay) => reader.read(stanza, via, delay),
      deliver: (draft) => reader.deliver(draft),
    };
  }
}
