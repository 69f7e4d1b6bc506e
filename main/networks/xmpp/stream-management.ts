import type { Element } from "@xmpp/xml";

export const nsSm = "urn:xmpp:sm:3";

/** One stanza that the server has not acknowledged. */
export interface Unacknowledged {
  readonly xml: string;
  /** An own chat message: its id and whom it is for. */
  readonly message: { readonly id: string; readonly peer: string } | undefined;
  /** To be sent again in a new session, where it makes sense there (receipts). */
  readonly keep: boolean;
  /** An answer to somebody else's request: left unsaid where too many wait, so that own stanzas have room. */
  readonly reply?: boolean;
}

/**
 * The counters and the queue of XEP-0198 (section 4: only `<message/>`, `<presence/>` and `<iq/>` count, modulo 2^32,
 * from zero at `<enable/>` and `<enabled/>`).
 */
export interface StreamManagement {
  /** Set where the server lets us resume. */
  readonly resumeId: string | undefined;
  readonly inbound: number;
  /** How many stanzas are not acknowledged. */
  readonly pending: number;
  /** How many of them are replies. */
  readonly replies: number;
  sent(stanza: Unacknowledged): void;
  received(): void;
  /** The server has seen `h` stanzas. Answers what that settles; undefined: an impossible number. */
  acknowledge(h: string | undefined): readonly Unacknowledged[] | undefined;
  /** All that is not acknowledged, oldest first; the queue stays. */
  unacknowledged(): readonly Unacknowledged[];
}

const modulus = 2 ** 32;

/** State that begins at an `<enabled/>`. */
export function createStreamManagement(enabled: Element): StreamManagement {
  const resumable = enabled.attrs["resume"] === "true" || enabled.attrs["resume"] === "1";
  const id = enabled.attrs["id"];
  const queue: Unacknowledged[] = [];
  /** Index of the first entry of `queue` that is not acknowledged: shifting an array one by one costs too much. */
  let first = 0;
  let replies = 0;
  let acknowledged = 0;
  let inbound = 0;

  return {
    resumeId: resumable && id !== undefined && id !== "" && id.length <= 4000 ? id : undefined,
    get inbound() {
      return inbound;
    },
    get pending() {
      return queue.length - first;
    },
    get replies() {
      return replies;
    },
    sent: (stanza) => {
      queue.push(stanza);
      if (stanza.reply) replies += 1;
    },
    received: () => {
      inbound = (inbound + 1) % modulus;
    },
    acknowledge: (text) => {
      if (text === undefined || !/^[0-9]{1,10}$/.test(text)) return undefined;
      const count = (Number(text) - acknowledged + modulus) % modulus;
      if (Number(text) >= modulus || count > queue.length - first) return undefined;
      acknowledged = (acknowledged + count) % modulus;
      const settled = queue.slice(first, first + count);
      first += count;
      for (const { reply } of settled) if (reply) replies -= 1;
      if (first > 256 && first * 2 > queue.length) {
        queue.splice(0, first);
        first = 0;
      }
      return settled;
    },
    unacknowledged: () => queue.slice(first),
  };
}

/** XEP-0198 section 4: these count, nothing else. */
export function isStanza(element: Element): boolean {
  const name = element.getName();
  return name === "message" || name === "presence" || name === "iq";
}
