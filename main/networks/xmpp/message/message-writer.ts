import type { Element } from "@xmpp/xml";
import type { OutgoingCorrection, OutgoingMessage, OutgoingRetraction } from "../../facets/messages.ts";
import { type Awaitable, after, within } from "../awaitable.ts";
import type { ExtensionRegistry } from "../extension-registry.ts";
import { messageStanza } from "./messages.ts";

/** Longest time that extensions may take for one message, in milliseconds. */
const maxWritingMs = 15_000;

/** Own messages as stanzas, with what extensions add. */
export class MessageWriter {
  readonly #registry: ExtensionRegistry;

  constructor(registry: ExtensionRegistry) {
    this.#registry = registry;
  }

  /** Errors: those of extensions, `timed-out` where one does not come to an end. */
  message(message: OutgoingMessage): Awaitable<Element> {
    return this.#write(messageStanza(message), message);
  }

  /** Undefined: no extension knows how. */
  correction(correction: OutgoingCorrection): Awaitable<Element> | undefined {
    const { markCorrection } = this.#registry.commands;
    if (!markCorrection) return undefined;
    const message = { ...correction, wantReceipts: false };
    const stanza = messageStanza(message);
    markCorrection(stanza, correction);
    return this.#write(stanza, message);
  }

  /** Undefined: no extension knows how. */
  retraction(retraction: OutgoingRetraction): Awaitable<Element> | undefined {
    const { markRetraction } = this.#registry.commands;
    if (!markRetraction) return undefined;
    const message = { ...retraction, body: retraction.fallback, wantReceipts: false };
    const stanza = messageStanza(message);
    markRetraction(stanza, retraction);
    return this.#write(stanza, message);
  }

  /** The content is complete by then: an extension that encrypts it finds all of it. */
  #write(stanza: Element, message: OutgoingMessage): Awaitable<Element> {
    return after(within(maxWritingMs, this.#registry.writeMessage(stanza, message)), () => stanza);
  }
}
