import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../shared/errors.ts";
import { nsStreams, streamError } from "./errors.ts";
import { parseJid } from "./jid.ts";
import { isStanza } from "./stream-management.ts";
import type { Transport } from "./transport.ts";

/** Elements of a stream one after another, for the time of its negotiation. */
export interface StreamReader {
  /** Opens the stream (again) and answers its features. */
  open(domain: string): Promise<Element>;
  /** The next element. Rejects at a stream error, at the end, or with what closed the transport. */
  next(): Promise<Element>;
  /**
   * The next element that is the answer, or no stanza. Stanzas of others, who may know our address once it is bound,
   * are set aside.
   */
  answer(isAnswer?: (stanza: Element) => boolean): Promise<Element>;
  /** What was set aside, once. */
  early(): readonly Element[];
  /** Hands over: what has been read and not asked for. Throws what ended the stream, if it is over already. */
  rest(): readonly Element[];
}

const maxWaiting = 10_000;

export function createStreamReader(transport: Transport): StreamReader {
  const queue: Element[] = [];
  const aside: Element[] = [];
  let waiter: { resolve(element: Element): void; reject(error: HallwayError): void } | undefined;
  let failure: HallwayError | undefined;
  let header: Element | undefined;

  function fail(error: HallwayError): void {
    failure ??= error;
    waiter?.reject(failure);
    waiter = undefined;
  }

  transport.listen({
    opened: (element) => {
      header = element;
    },
    element: (element) => {
      if (element.is("error", nsStreams)) fail(streamError(element));
      else if (waiter) {
        const { resolve } = waiter;
        waiter = undefined;
        resolve(element);
      } else if (queue.length >= maxWaiting) fail(new HallwayError("too-large"));
      else queue.push(element);
    },
    closed: (error) => fail(error ?? new HallwayError("connection-lost")),
  });

  function next(): Promise<Element> {
    const ready = queue.shift();
    if (ready) return Promise.resolve(ready);
    if (failure) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      waiter = { resolve, reject };
    });
  }

  return {
    async open(domain) {
      // What the server said before it could know of the new stream belongs to nothing.
      if (queue.length > 0) throw new HallwayError("protocol-error");
      header = undefined;
      transport.open();
      const features = await next();
      const said = header as Element | undefined;
      if (!said || !features.is("features", nsStreams)) throw new HallwayError("protocol-error");
      // RFC 6120 section 4.7.5: a version below 1.0 has no features, hence no authentication that we accept.
      const major = Number.parseInt(said.attrs["version"] ?? "0", 10);
      if (!(major >= 1)) throw new HallwayError("protocol-error");
      const from = said.attrs["from"];
      if (from !== undefined && parseJid(from)?.full !== parseJid(domain)?.full)
        throw new HallwayError("server-not-authentic");
      return features;
    },
    next,
    answer: async (isAnswer = () => false) => {
      for (;;) {
        const element = await next();
        if (!isStanza(element) || isAnswer(element)) return element;
        if (aside.length < maxWaiting) aside.push(element);
      }
    },
    early: () => aside.splice(0),
    rest: () => {
      if (failure) throw failure;
      return queue.splice(0);
    },
  };
}
