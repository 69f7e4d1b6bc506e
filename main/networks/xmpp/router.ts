import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../shared/errors.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { Stored } from "../events.ts";
import type { Log } from "../log.ts";
import type { Awaitable } from "./awaitable.ts";
import type { PresenceTable } from "./contacts/presence.ts";
import type { ExtensionRegistry } from "./extension-registry.ts";
import type { IqRequests } from "./iq.ts";
import { errorReply, type IqAnswers } from "./iq-answers.ts";
import { parseJid } from "./jid.ts";
import type { MessageReader } from "./message/message-reader.ts";
import { usableId } from "./message/messages.ts";
import type { Sender, Senders } from "./senders.ts";
import { childOf, elementsOf, type Loss, lossOf, WireElement } from "./xml/element.ts";

/** Notes of stanzas that were over a limit. */
const refusedLosses: Readonly<Record<Loss, string>> = {
  trimmed: "parts of a stanza that were over a limit",
  cut: "the end of a stanza that was too long",
  headless: "a stanza that was too large to be read",
};
const nsClient = "jabber:client";
const nsEvent = "http://jabber.org/protocol/pubsub#event";

export interface RouterOptions {
  readonly address: Address;
  /** Own full JID. */
  readonly jid: () => string;
  readonly log: Log;
  readonly senders: Senders;
  readonly registry: ExtensionRegistry;
  readonly reader: MessageReader;
  readonly presences: PresenceTable;
  readonly requests: IqRequests;
  readonly answers: IqAnswers;
  readonly reply: (stanza: Element) => void;
  readonly refuse: (what: string) => void;
}

/**
 * The way of every stanza, by who sent it and what it is:
 *
 *   message  -> envelope, if its sender may send one -> its message, by the same way
 *            -> notification of a node, if its sender may send it
 *            -> a message: read, delivered
 *   presence -> who is reachable how
 *   iq       -> a reply to whoever was asked; a request of whoever may ask
 */
export class StanzaRouter {
  readonly #options: RouterOptions;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  /** Never throws. Resolves when what it brought is stored, false: it could not be; undefined: it is done. */
  handle(stanza: Element): Stored {
    const { refuse } = this.#options;
    const loss = lossOf(stanza);
    if (loss) refuse(refusedLosses[loss]);
    // Nobody knows whom it is from: without that it would be the account's own.
    if (loss === "headless") return undefined;
    try {
      return this.#route(stanza);
    } catch (error) {
      return this.#failed(stanza, error);
    }
  }

  #route(stanza: Element): Stored {
    const { log, presences, senders, refuse } = this.#options;
    if (stanza.getNS() !== nsClient) {
      log.debug("an element that is no stanza was ignored");
      return undefined;
    }
    const sender = senders.of(stanza.attrs["from"]);
    if (!sender) {
      refuse(`a ${stanza.name} from an address that is none`);
    } else if (stanza.name === "message") return this.#message(stanza, sender);
    else if (stanza.name === "presence") presences.handle(stanza, sender);
    else if (stanza.name === "iq") this.#iq(stanza, sender);
    return undefined;
  }

  #iq(stanza: Element, sender: Sender): void {
    const { requests, answers, refuse } = this.#options;
    const { type } = stanza.attrs;
    if (type === "result" || type === "error") requests.settle(stanza);
    else if (type === "get" || type === "set") answers.handle(stanza, sender);
    else refuse("a request of no known type");
  }

  #message(stanza: Element, sender: Sender): Stored {
    const { address, registry, reader, jid, refuse } = this.#options;
    for (const child of stanza.children) {
      if (typeof child === "string") continue;
      const envelope = registry.envelopes.get(child.attrs["xmlns"] ?? "");
      if (!envelope?.holds(child)) continue;
      // XEP-0280 section 11, XEP-0313 section 8: anybody else could put words into our mouth.
      if (lossOf(stanza) === "cut") cutForwarded(child);
      if (envelope.from.includes(sender.kind)) return this.#whenRead(stanza, envelope.open(child));
      refuse("a message inside a message from somebody who may not send one");
      return undefined;
    }
    const to = stanza.attrs["to"];
    if (to !== undefined && to !== jid() && parseJid(to)?.bare !== address) {
      refuse("a message for somebody else");
      return undefined;
    }
    this.#notify(stanza, sender);
    const draft = reader.read(stanza, "live", undefined);
    if (!(draft instanceof Promise)) return draft && reader.deliver(draft);
    return this.#whenRead(
      stanza,
      draft.then((read) => read && reader.deliver(read)),
    );
  }

  /** Nothing is had before it was read: the answer to XEP-0198 waits for this. */
  #whenRead(stanza: Element, reading: Awaitable<Stored | boolean>): Stored {
    if (!(reading instanceof Promise)) return undefined;
    return reading.then(
      (stored) => stored !== false,
      async (error: unknown) => (await this.#failed(stanza, error)) !== false,
    );
  }

  /** XEP-0060 section 7.1.2. */
  #notify(stanza: Element, sender: Sender): void {
    const { registry, refuse } = this.#options;
    if (registry.nodes.size === 0 || stanza.attrs["type"] === "error") return;
    const event = childOf(stanza, "event", nsEvent);
    const items = event && childOf(event, "items", nsEvent);
    const node = items && registry.nodes.get(items.attrs["node"] ?? "");
    if (!node) return;
    if (node.from.includes(sender.kind)) node.notified(elementsOf(items), sender);
    else refuse("a notification from somebody who may not send it");
  }

  /** One bad item costs that item. What was only too much is not stored, so that the server keeps it. */
  #failed(stanza: Element, error: unknown): Stored {
    const { log, refuse } = this.#options;
    if (error instanceof HallwayError && error.code === "rate-limited") {
      refuse("more messages at once than can be read");
      return Promise.resolve(false);
    }
    log.warn("a stanza could not be handled", { error });
    refuse("a stanza that could not be handled");
    this.#tellFailure(stanza);
    return undefined;
  }

  /**
   * Tells the sender of a stanza that could not be handled, where they may know that we are here (RFC 6120 section
   * 8.3).
   */
  #tellFailure(stanza: Element): void {
    const { address, senders, reply } = this.#options;
    const { id, type } = stanza.attrs;
    const from = parseJid(stanza.attrs["from"])?.address;
    const isRequest = stanza.name === "iq" && (type === "get" || type === "set");
    const isChat = stanza.name === "message" && (type === undefined || type === "chat" || type === "normal");
    if (usableId(id) === undefined || !(isRequest || isChat)) return;
    if (isChat && (from === undefined || from === address || !senders.seesUs(from))) return;
    reply(errorReply(stanza, "cancel", "internal-server-error"));
  }
}

/** Notes that the message in an envelope (XEP-0297) has lost what the envelope has lost: its end. */
function cutForwarded(element: Element): void {
  if (element.name === "message" && element instanceof WireElement) element.lose("cut");
  else for (const child of element.children) if (typeof child !== "string") cutForwarded(child);
}
