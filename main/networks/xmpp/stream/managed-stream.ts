import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { atMost } from "../../at-most.ts";
import { isRefusal, nsStreamErrors, nsStreams, streamError } from "../errors.ts";
import { serialize } from "../xml/element.ts";
import { isStanza, nsSm, type StreamManagement, type Unacknowledged } from "./stream-management.ts";
import { maxAnswer, type Transport } from "./transport.ts";

/** How long the server may take to prove that it lives, where nothing else is said. */
const usualCheckMs = 10_000;
/** Silence after which we ask; measured by the clock that nobody sets. */
const silenceMs = 60_000;
/** The shortest silence of ours that is broken for a server's sake. */
const leastSilenceMs = 1_000;
/**
 * Own stanzas that may wait for their acknowledgement, and how many of them may be replies: a stranger can make us send
 * as many as he likes.
 */
const maxUnacknowledged = 5000;
const maxReplies = 1000;
/** Stanzas after which the server is asked for an acknowledgement, whatever they are. */
const ackEvery = 50;
/** Bytes that a WebSocket adds: the namespace, which no stream header declares there (RFC 7395 section 3.3.3). */
const framingBytes = 24;

/** Why a stanza was not sent: there is no stream, too much is under way, or the server takes none that is as long. */
export type SendRefusal = "offline" | "rate-limited" | "too-large";

export interface SendOptions {
  /** An own chat message: reported on as `acknowledged`. */
  readonly message?: Unacknowledged["message"];
  readonly keep?: boolean;
  readonly reply?: boolean;
  readonly written?: (error: Error | undefined) => void;
}

export interface ManagedStreamOptions {
  readonly transport: Transport;
  /** Undefined where the server has no XEP-0198. */
  readonly management: StreamManagement | undefined;
  readonly stanza: (stanza: Element) => void;
  /** Resolves when all that came so far is stored, false: something could not be. */
  readonly stored: () => Promise<boolean>;
  /** The server has these. */
  readonly acknowledged: (stanzas: readonly Unacknowledged[]) => void;
  /** Longest element that the server takes, in bytes. */
  readonly maxBytes: () => number;
  /** How long the server may take to prove that it lives. */
  readonly checkMs?: number | undefined;
  /** Seconds of silence after which the server may end the stream (XEP-0478); undefined: it did not say. */
  readonly idleSeconds?: number | undefined;
  /** Once, when the stream is gone. */
  readonly lost: (error: HallwayError, how: Loss) => void;
  /** May this `<iq/>` be as long as an answer that was asked for? */
  readonly isLarge: (start: Element) => boolean;
  /** Asks the server for a sign of life where it has no XEP-0198; settles with its answer. */
  readonly ping: () => Promise<unknown>;
}

/**
 * `resumable`: its session may go on. `refused`: the server would not have something that it was sent. `silent`: nobody
 * said why.
 */
export interface Loss {
  readonly resumable: boolean;
  readonly refused: boolean;
  readonly silent: boolean;
}

/** One signed-in stream: its acknowledgements (XEP-0198 section 4) and the watch over its silence. */
export class ManagedStream {
  readonly #options: ManagedStreamOptions;
  readonly #checkMs: number;
  readonly #silence: NodeJS.Timeout;
  readonly #flushed: (() => void)[] = [];
  #over = false;
  /** An `<r/>` is under way. */
  #asked = false;
  #heard = performance.now();
  /** When something was written last. */
  #spoke = performance.now();
  #verdict: NodeJS.Timeout | undefined;
  /** How many stanzas had come when all of them were stored. */
  #stored: number;
  /** Stanzas since the last request for an acknowledgement. */
  #unasked = 0;

  constructor(options: ManagedStreamOptions) {
    this.#options = options;
    this.#checkMs = options.checkMs ?? usualCheckMs;
    this.#stored = options.management?.inbound ?? 0;
    // Half of what the server allows, looked at as often: it never waits for the whole.
    const ownSilence = Math.max(leastSilenceMs, 500 * (options.idleSeconds ?? Number.POSITIVE_INFINITY));
    const everyMs = Math.min(silenceMs, ownSilence / 2);
    this.#silence = setInterval(() => {
      const now = performance.now();
      if (now - this.#heard >= silenceMs || now - this.#spoke >= ownSilence) this.check();
    }, everyMs);
    options.transport.listen({
      opened: () => this.#lose(new HallwayError("protocol-error")),
      element: (element) => this.handle(element),
      heard: () => this.#hear(),
      allowance: (start) => (start.name === "iq" && options.isLarge(start) ? maxAnswer : undefined),
      closed: (error) => this.#closed(error),
    });
  }

  /** Undefined where the server has no XEP-0198. */
  get management(): StreamManagement | undefined {
    return this.#options.management;
  }

  /** Undefined: it was sent. */
  send(stanza: Element, options: SendOptions = {}): SendRefusal | undefined {
    const { transport, management, maxBytes } = this.#options;
    const { message, keep = false, reply = false, written } = options;
    if (this.#over) return "offline";
    const isFull =
      management !== undefined &&
      (management.pending >= maxUnacknowledged || (reply && management.replies >= maxReplies));
    if (isFull) return "rate-limited";
    const text = serialize(stanza);
    const framing = transport.endpoint.transport === "websocket" ? framingBytes : 0;
    if (Buffer.byteLength(text) + framing > maxBytes()) return "too-large";
    if (isStanza(stanza)) management?.sent({ xml: text, message, keep, reply });
    this.#spoke = performance.now();
    transport.send(text, written);
    this.#unasked += 1;
    if (message || keep || this.#unasked >= ackEvery) this.#requestAck();
    return undefined;
  }

  /** After a resumption: what counts already. */
  repeat(stanzas: readonly Unacknowledged[]): void {
    for (const { xml } of stanzas) this.#options.transport.send(xml);
    if (stanzas.length > 0) this.#requestAck();
  }

  /** From an older session: counted anew. */
  carryOver(stanzas: readonly Unacknowledged[]): void {
    const { management, transport } = this.#options;
    for (const stanza of stanzas) {
      management?.sent(stanza);
      transport.send(stanza.xml);
    }
  }

  /** Takes an element off the stream, or one that was read before the stream was taken over. */
  handle(element: Element): void {
    const { management, stanza } = this.#options;
    if (this.#over) return;
    this.#hear();
    if (element.getNS() === nsSm) this.#handleManagement(element);
    else if (element.is("error", nsStreams)) {
      const error = streamError(element);
      const refused = isRefusal(element);
      // A session that goes on begins by sending once more what was refused.
      this.#lose(error, { resumable: !refused && error.code !== "replaced-by-other-session", refused });
    } else {
      if (isStanza(element)) management?.received();
      stanza(element);
    }
  }

  check(): void {
    const { management, ping } = this.#options;
    if (this.#over || this.#verdict) return;
    this.#verdict = setTimeout(() => this.#lose(new HallwayError("timed-out"), { silent: true }), this.#checkMs);
    if (management) this.#request();
    else
      ping().then(
        () => this.#answered(),
        () => this.#answered(),
      );
  }

  /** Waits until all is acknowledged, then closes in good order; each takes at most half of `ms`. */
  async end(ms: number): Promise<void> {
    const { management, transport } = this.#options;
    if (management && management.pending > 0) {
      this.#requestAck();
      await atMost(new Promise<void>((resolve) => this.#flushed.push(resolve)), ms / 2);
    }
    if (this.#over) return;
    // What we have had, said before going, so that the server need not keep it for another time.
    await atMost(this.#answer(), ms / 2);
    if (this.#over) return;
    const closed = new Promise<void>((resolve) => {
      transport.listen({
        opened: () => undefined,
        element: (element) => {
          if (element.getNS() === nsSm) this.#handleManagement(element);
        },
        closed: () => resolve(),
      });
    });
    transport.end();
    await atMost(closed, ms / 2);
    if (!this.#over) this.#leave();
  }

  /** Is gone at once; `lost` is not called. */
  destroy(): void {
    if (this.#over) return;
    this.#acknowledge();
    this.#leave();
  }

  #leave(): void {
    this.#over = true;
    clearInterval(this.#silence);
    clearTimeout(this.#verdict);
    for (const done of this.#flushed.splice(0)) done();
    this.#options.transport.destroy();
  }

  #lose(error: HallwayError, how: Partial<Loss> = {}): void {
    if (this.#over) return;
    this.#leave();
    this.#options.lost(error, { resumable: true, refused: false, silent: false, ...how });
  }

  #closed(error: HallwayError | undefined): void {
    const { host } = this.#options.transport.endpoint;
    // A WebSocket is closed, with a code of its own, where a frame was too large (RFC 6455 section 7.4.1).
    if (error?.code === "too-large") this.#lose(error, { resumable: false, refused: true });
    else this.#lose(error ?? new HallwayError("connection-lost", { host }), { silent: true });
  }

  #requestAck(): void {
    if (!this.#options.management || this.#asked || this.#over) return;
    this.#unasked = 0;
    this.#request();
  }

  #request(): void {
    this.#asked = true;
    this.#spoke = performance.now();
    this.#options.transport.send(`<r xmlns='${nsSm}'/>`);
  }

  #acknowledge(): void {
    const { management, transport } = this.#options;
    if (management) transport.send(`<a xmlns='${nsSm}' h='${this.#stored}'/>`);
  }

  /**
   * Says what we have had once it is stored: what the server thinks that we have, it does not keep for another time.
   */
  async #answer(): Promise<void> {
    const { management, stored } = this.#options;
    if (!management) return;
    const had = management.inbound;
    if (await stored()) this.#stored = had;
    if (!this.#over) this.#acknowledge();
  }

  #handleManagement(element: Element): void {
    const { management, transport, acknowledged } = this.#options;
    if (element.name === "r") void this.#answer();
    if (element.name !== "a" || !management) return;
    this.#asked = false;
    this.#answered();
    const settled = management.acknowledge(element.attrs["h"]);
    if (!settled) {
      // XEP-0198 section 4: with a server that has seen more than was sent there is no counting.
      transport.send(`<stream:error><undefined-condition xmlns='${nsStreamErrors}'/></stream:error>`);
      this.#lose(new HallwayError("protocol-error"), { resumable: false });
      return;
    }
    acknowledged(settled);
    if (management.pending > 0) this.#requestAck();
    else for (const done of this.#flushed.splice(0)) done();
  }

  /**
   * A long list may take minutes to come in whole: every part of it gives the answer that is waited for more time. It
   * is no answer by itself, since it may have been on its way before the connection died.
   */
  #hear(): void {
    this.#heard = performance.now();
    this.#verdict?.refresh();
  }

  #answered(): void {
    clearTimeout(this.#verdict);
    this.#verdict = undefined;
  }
}
