import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { nsStreams, streamError } from "../errors.ts";
import { parseJid } from "../jid.ts";
import { isStanza } from "./stream-management.ts";
import type { Transport } from "./transport.ts";

const maxWaiting = 10_000;

/** Elements of a stream one after another, for the time of its negotiation. */
export class StreamReader {
  readonly #transport: Transport;
  readonly #queue: Element[] = [];
  readonly #aside: Element[] = [];
  #waiter: { resolve(element: Element): void; reject(error: HallwayError): void } | undefined;
  #failure: HallwayError | undefined;
  #header: Element | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.listen({
      opened: (element) => {
        this.#header = element;
      },
      element: (element) => this.#take(element),
      closed: (error) => this.#fail(error ?? new HallwayError("connection-lost")),
    });
  }

  /** Opens the stream (again) and answers its features. */
  async open(domain: string): Promise<Element> {
    // What the server said before it could know of the new stream belongs to nothing.
    if (this.#queue.length > 0) throw new HallwayError("protocol-error");
    this.#header = undefined;
    this.#transport.open();
    const features = await this.next();
    const said = this.#header as Element | undefined;
    if (!said || !features.is("features", nsStreams)) throw new HallwayError("protocol-error");
    // RFC 6120 section 4.7.5: a version below 1.0 has no features, hence no authentication that we accept.
    const major = Number.parseInt(said.attrs["version"] ?? "0", 10);
    if (!(major >= 1)) throw new HallwayError("protocol-error");
    const from = said.attrs["from"];
    if (from !== undefined && parseJid(from)?.full !== parseJid(domain)?.full)
      throw new HallwayError("server-not-authentic");
    return features;
  }

  /** The next element. Rejects at a stream error, at the end, or with what closed the transport. */
  next(): Promise<Element> {
    const ready = this.#queue.shift();
    if (ready) return Promise.resolve(ready);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  /**
   * The next element that is the answer, or no stanza. Stanzas of others, who may know our address once it is bound,
   * are set aside.
   */
  async answer(isAnswer: (stanza: Element) => boolean = () => false): Promise<Element> {
    for (;;) {
      const element = await this.next();
      if (!isStanza(element) || isAnswer(element)) return element;
      if (this.#aside.length < maxWaiting) this.#aside.push(element);
    }
  }

  /** Stanzas that were set aside, once. */
  early(): readonly Element[] {
    return this.#aside.splice(0);
  }

  /** Hands over: what has been read and not asked for. Throws what ended the stream, if it is over already. */
  rest(): readonly Element[] {
    if (this.#failure) throw this.#failure;
    return this.#queue.splice(0);
  }

  #take(element: Element): void {
    if (element.is("error", nsStreams)) this.#fail(streamError(element));
    else if (this.#waiter) {
      const { resolve } = this.#waiter;
      this.#waiter = undefined;
      resolve(element);
    } else if (this.#queue.length >= maxWaiting) this.#fail(new HallwayError("too-large"));
    else this.#queue.push(element);
  }

  #fail(error: HallwayError): void {
    this.#failure ??= error;
    this.#waiter?.reject(this.#failure);
    this.#waiter = undefined;
  }
}
