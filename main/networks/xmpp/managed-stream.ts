import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../shared/errors.ts";
import { isRefusal, nsStreamErrors, nsStreams, streamError } from "./errors.ts";
import { isStanza, nsSm, type StreamManagement, type Unacknowledged } from "./stream-management.ts";
import { maxAnswer, type Transport } from "./transport.ts";
import { serialize } from "./xml/element.ts";

/** How long the server may take to prove that it lives, where nothing else is said. */
const usualCheckMs = 10_000;
/** Silence after which we ask; measured by the clock that nobody sets. */
const silenceMs = 60_000;
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
  /** Once, when the stream is gone. */
  readonly lost: (error: HallwayError, how: Loss) => void;
  /** May this stanza be as long as an answer that was asked for? */
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
export interface ManagedStream {
  readonly management: StreamManagement | undefined;
  /** Undefined: it was sent. */
  send(stanza: Element, options?: SendOptions): SendRefusal | undefined;
  /** After a resumption: what counts already. */
  repeat(stanzas: readonly Unacknowledged[]): void;
  /** From an older session: counted anew. */
  carryOver(stanzas: readonly Unacknowledged[]): void;
  /** Takes what was read before the stream was taken over. */
  handle(element: Element): void;
  check(): void;
  /** Waits until all is acknowledged, then closes in good order; each takes at most half of `ms`. */
  end(ms: number): Promise<void>;
  /** Is gone at once; `lost` is not called. */
  destroy(): void;
}

export function createManagedStream(options: ManagedStreamOptions): ManagedStream {
  const { transport, management, checkMs = usualCheckMs } = options;
  let over = false;
  /** An `<r/>` is under way. */
  let asked = false;
  let heard = performance.now();
  let verdict: NodeJS.Timeout | undefined;
  /** How many stanzas had come when all of them were stored. */
  let stored = management?.inbound ?? 0;
  /** Stanzas since the last request for an acknowledgement. */
  let unasked = 0;
  const flushed: (() => void)[] = [];
  const silence = setInterval(() => {
    if (performance.now() - heard >= silenceMs) check();
  }, silenceMs);

  function leave(): void {
    over = true;
    clearInterval(silence);
    clearTimeout(verdict);
    for (const done of flushed.splice(0)) done();
    transport.destroy();
  }

  function lose(error: HallwayError, how: Partial<Loss> = {}): void {
    if (over) return;
    leave();
    options.lost(error, { resumable: true, refused: false, silent: false, ...how });
  }

  function requestAck(): void {
    if (!management || asked || over) return;
    asked = true;
    unasked = 0;
    transport.send(`<r xmlns='${nsSm}'/>`);
  }

  function acknowledge(): void {
    if (management) transport.send(`<a xmlns='${nsSm}' h='${stored}'/>`);
  }

  /**
   * Says what we have had once it is stored: what the server thinks that we have, it does not keep for another time.
   */
  async function answer(): Promise<void> {
    if (!management) return;
    const had = management.inbound;
    if (await options.stored()) stored = had;
    if (!over) acknowledge();
  }

  function handleManagement(element: Element): void {
    if (element.name === "r") void answer();
    if (element.name !== "a" || !management) return;
    asked = false;
    answered();
    const settled = management.acknowledge(element.attrs["h"]);
    if (!settled) {
      // XEP-0198 section 4: with a server that has seen more than was sent there is no counting.
      transport.send(`<stream:error><undefined-condition xmlns='${nsStreamErrors}'/></stream:error>`);
      lose(new HallwayError("protocol-error"), { resumable: false });
      return;
    }
    options.acknowledged(settled);
    if (management.pending > 0) requestAck();
    else for (const done of flushed.splice(0)) done();
  }

  /**
   * A long list may take minutes to come in whole: every part of it gives the answer that is waited for more time. It
   * is no answer by itself, since it may have been on its way before the connection died.
   */
  function hear(): void {
    heard = performance.now();
    verdict?.refresh();
  }

  function answered(): void {
    clearTimeout(verdict);
    verdict = undefined;
  }

  function handle(element: Element): void {
    if (over) return;
    hear();
    if (element.getNS() === nsSm) handleManagement(element);
    else if (element.is("error", nsStreams)) {
      const error = streamError(element);
      const refused = isRefusal(element);
      // A session that goes on begins by sending once more what was refused.
      lose(error, { resumable: !refused && error.code !== "replaced-by-other-session", refused });
    } else {
      if (isStanza(element)) management?.received();
      options.stanza(element);
    }
  }

  function check(): void {
    if (over || verdict) return;
    verdict = setTimeout(() => lose(new HallwayError("timed-out"), { silent: true }), checkMs);
    if (management) {
      asked = true;
      transport.send(`<r xmlns='${nsSm}'/>`);
    } else options.ping().then(answered, answered);
  }

  transport.listen({
    opened: () => lose(new HallwayError("protocol-error")),
    element: handle,
    heard: hear,
    allowance: (start) => (options.isLarge(start) ? maxAnswer : undefined),
    closed: (error) =>
      // A WebSocket is closed, with a code of its own, where a frame was too large (RFC 6455 section 7.4.1).
      error?.code === "too-large"
        ? lose(error, { resumable: false, refused: true })
        : lose(error ?? new HallwayError("connection-lost", { host: transport.endpoint.host }), { silent: true }),
  });

  return {
    management,
    handle,
    check,
    send: (stanza, { message, keep = false, reply = false, written } = {}) => {
      if (over) return "offline";
      const isFull =
        management !== undefined &&
        (management.pending >= maxUnacknowledged || (reply && management.replies >= maxReplies));
      if (isFull) return "rate-limited";
      const text = serialize(stanza);
      const framing = transport.endpoint.transport === "websocket" ? framingBytes : 0;
      if (Buffer.byteLength(text) + framing > options.maxBytes()) return "too-large";
      if (isStanza(stanza)) management?.sent({ xml: text, message, keep, reply });
      transport.send(text, written);
      unasked += 1;
      if (message || keep || unasked >= ackEvery) requestAck();
      return undefined;
    },
    repeat: (stanzas) => {
      for (const { xml } of stanzas) transport.send(xml);
      if (stanzas.length > 0) requestAck();
    },
    carryOver: (stanzas) => {
      for (const stanza of stanzas) {
        management?.sent(stanza);
        transport.send(stanza.xml);
      }
    },
    end: async (ms) => {
      if (management && management.pending > 0) {
        requestAck();
        await atMost(new Promise<void>((resolve) => flushed.push(resolve)), ms / 2);
      }
      if (over) return;
      // What we have had, said before going, so that the server need not keep it for another time.
      await atMost(answer(), ms / 2);
      if (over) return;
      const closed = new Promise<void>((resolve) => {
        transport.listen({
          opened: () => undefined,
          element: (element) => {
            if (element.getNS() === nsSm) handleManagement(element);
          },
          closed: () => resolve(),
        });
      });
      transport.end();
      await atMost(closed, ms / 2);
      if (!over) leave();
    },
    destroy: () => {
      if (over) return;
      acknowledge();
      leave();
    },
  };
}

/** Resolves with the work, or after `ms`. */
export function atMost(work: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
