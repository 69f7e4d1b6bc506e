import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import type { KeyedQueue } from "../../../../shared/keyed-queue.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { OutgoingCorrection, OutgoingMessage, OutgoingRetraction } from "../../facets/messages.ts";
import { type Awaitable, after, within } from "../awaitable.ts";
import type { ExtensionRegistry } from "../extension-registry.ts";
import type { CurrentStream } from "../stream/current-stream.ts";
import type { ManagedStream } from "../stream/managed-stream.ts";
import { serialize } from "../xml/element.ts";
import type { Deliveries } from "./deliveries.ts";

/** The parts of a session that own messages go through. */
interface SendingSession {
  readonly writer: MessageWriter;
  /** Own messages, in their order for each conversation. */
  readonly outgoing: KeyedQueue<Address>;
  /** A request to the server that proves that it answers. */
  readonly ping: () => Promise<unknown>;
}

export interface MessageSenderOptions {
  readonly session: SendingSession;
  readonly current: CurrentStream;
  readonly deliveries: Deliveries;
}

/**
 * Own messages on their way out: written by extensions, handed to the stream, reported on under their ids. Those to one
 * person go in the order in which they were handed in, however long one takes to be written.
 *
 * All resolve when the message was written to the connection and another may follow it. Errors: `offline` (nothing was
 * sent), `unsupported`, `rate-limited`, `too-large`, those of extensions.
 */
export class MessageSender {
  readonly #options: MessageSenderOptions;

  constructor(options: MessageSenderOptions) {
    this.#options = options;
  }

  message(message: OutgoingMessage): Promise<void> {
    return this.#send(message, () => this.#options.session.writer.message(message));
  }

  correction(correction: OutgoingCorrection): Promise<void> {
    return this.#send(correction, () => this.#options.session.writer.correction(correction));
  }

  retraction(retraction: OutgoingRetraction): Promise<void> {
    return this.#send(retraction, () => this.#options.session.writer.retraction(retraction));
  }

  /** `write` makes the stanza; undefined: this cannot be said here. */
  async #send(
    { id, to }: { readonly id: string; readonly to: Address },
    write: () => Awaitable<Element> | undefined,
  ): Promise<void> {
    const { session, current } = this.#options;
    if (!current.stream) throw new HallwayError("offline");
    const { written } = await session.outgoing.run(to, () => {
      const { stream } = current;
      const writing = write();
      if (!writing) throw new HallwayError("unsupported");
      // The next one waits until this one stands in the stream, not until the system has it.
      return after(writing, (stanza) => ({ written: this.#handOver(stanza, stream, { id, peer: to }) }));
    });
    await written;
  }

  /** Resolves when it was written and another message may follow it. */
  #handOver(
    stanza: Element,
    stream: ManagedStream | undefined,
    message: { readonly id: string; readonly peer: Address },
  ): Promise<void> {
    const { session, current, deliveries } = this.#options;
    return new Promise((resolve, reject) => {
      // Nothing was sent where the stream went while it was being written.
      if (!stream || stream !== current.stream) {
        reject(new HallwayError("offline"));
        return;
      }
      deliveries.begin(message);
      const follow = deliveries.mayFollow(message.id);
      // Once it is in the queue of XEP-0198 it is in good hands, whatever becomes of this write.
      const written = (error: Error | undefined) =>
        error && !stream.management ? reject(new HallwayError("offline", undefined, error)) : void follow.then(resolve);
      const refusal = stream.send(stanza, { message, written });
      if (refusal) reject(new HallwayError(refusal));
      else if (!stream.management)
        deliveries.prove({ ...message, bytes: Buffer.byteLength(serialize(stanza)) }, session.ping);
    });
  }
}

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

/** An own message (RFC 6121 section 5.2); to the bare JID, so that the server reaches every device (section 5.1). */
function messageStanza(message: OutgoingMessage): Element {
  return xml("message", { to: message.to, type: "chat", id: message.id }, xml("body", {}, message.body));
}
