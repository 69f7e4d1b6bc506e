import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../shared/errors.ts";
import { nsStanzas } from "./errors.ts";
import type { ExtensionRegistry } from "./extension-registry.ts";
import { ownServer, type Sender, type Senders } from "./senders.ts";
import { firstChild, lossOf } from "./xml/element.ts";

/** Longest id that is echoed: a reply takes up room until the server has acknowledged it. */
const maxEchoedId = 1023;

export interface IqAnswersOptions {
  readonly senders: Senders;
  readonly registry: ExtensionRegistry;
  /** Sends an answer, if there is room. */
  readonly reply: (stanza: Element) => void;
  readonly refuse: (what: string) => void;
}

/** Answers to the requests of others (RFC 6120 section 8.2.3): an extension gives them, to whom it names. */
export class IqAnswers {
  readonly #options: IqAnswersOptions;

  constructor(options: IqAnswersOptions) {
    this.#options = options;
  }

  handle(stanza: Element, sender: Sender): void {
    const { registry, senders, reply, refuse } = this.#options;
    const { id, type } = stanza.attrs;
    const payload = firstChild(stanza);
    if (id === undefined) return;
    if (id.length > maxEchoedId) {
      refuse("a request whose id is too long to be echoed");
      return;
    }
    const handler = payload ? registry.requests.get(`${type} ${payload.getNS() ?? ""}`) : undefined;
    if (!payload || !handler || !senders.mayAsk(handler.from, sender)) {
      if (handler) refuse("a request from somebody who may not ask");
      reply(errorReply(stanza, "cancel", "service-unavailable"));
      return;
    }
    // The own server may say what is not asked in every detail; of anybody else nothing is guessed.
    const isOwn = ownServer.includes(sender.kind) || sender.kind === "device";
    if (lossOf(stanza) === "cut" || (lossOf(stanza) !== undefined && !isOwn)) {
      reply(errorReply(stanza, "modify", "policy-violation"));
      return;
    }
    try {
      const result = handler.answer(payload, stanza);
      reply(xml("iq", { type: "result", id, to: stanza.attrs["from"] }, result));
    } catch (error) {
      const code = error instanceof HallwayError ? error.code : undefined;
      if (code === "not-found") reply(errorReply(stanza, "cancel", "item-not-found"));
      else if (code === "unsupported") reply(errorReply(stanza, "cancel", "service-unavailable"));
      else reply(errorReply(stanza, "modify", "bad-request"));
    }
  }
}

/** RFC 6120 section 8.3.1. */
export function errorReply(stanza: Element, type: string, condition: string): Element {
  return xml(
    stanza.name,
    { type: "error", id: stanza.attrs["id"], to: stanza.attrs["from"] },
    xml("error", { type }, xml(condition, nsStanzas)),
  );
}
