import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { OutgoingCorrection, OutgoingMessage, OutgoingRetraction } from "../../facets/messages.ts";
import { type Awaitable, after } from "../awaitable.ts";
import type { XmppSession } from "../session.ts";
import type { CurrentStream } from "../stream/current-stream.ts";
import type { ManagedStream } from "../stream/managed-stream.ts";
import { serialize } from "../xml/element.ts";
import type { Deliveries } from "./deliveries.ts";

export interface MessageSenderOptions {
  readonly session: XmppSession;
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
