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

const modulus = 2 ** 32;

/**
 * The counters and the queue of XEP-0198 (section 4: only `<message/>`, `<presence/>` and `<iq/>` count, modulo 2^32,
 * from zero at `<enable/>` and `<enabled/>`).
 */
export class StreamManagement {
  /** Set where the server lets us resume. */
  readonly resumeId: string | undefined;
  readonly #queue: Unacknowledged[] = [];
  /** Index of the first entry of the queue that is not acknowledged: shifting an array one by one costs too much. */
  #first = 0;
  #replies = 0;
  #acknowledged = 0;
  #inbound = 0;

  /** State that begins at an `<enabled/>`. */
  constructor(enabled: Element) {
    const resumable = enabled.attrs["resume"] === "true" || enabled.attrs["resume"] === "1";
    const id = enabled.attrs["id"];
    this.resumeId = resumable && id !== undefined && id !== "" && id.length <= 4000 ? id : undefined;
  }

  get inbound(): number {
    return this.#inbound;
  }

  /** How many stanzas are not acknowledged. */
  get pending(): number {
    return this.#queue.length - this.#first;
  }

  /** How many of them are replies. */
  get replies(): number {
    return this.#replies;
  }

  sent(stanza: Unacknowledged): void {
    this.#queue.push(stanza);
    if (stanza.reply) this.#replies += 1;
  }

  received(): void {
    this.#inbound = (this.#inbound + 1) % modulus;
  }

  /** The server has seen `h` stanzas. Answers what that settles; undefined: an impossible number. */
  acknowledge(h: string | undefined): readonly Unacknowledged[] | undefined {
    if (h === undefined || !/^[0-9]{1,10}$/.test(h)) return undefined;
    const count = (Number(h) - this.#acknowledged + modulus) % modulus;
    if (Number(h) >= modulus || count > this.pending) return undefined;
    this.#acknowledged = (this.#acknowledged + count) % modulus;
    const settled = this.#queue.slice(this.#first, this.#first + count);
    this.#first += count;
    for (const { reply } of settled) if (reply) this.#replies -= 1;
    if (this.#first > 256 && this.#first * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#first);
      this.#first = 0;
    }
    return settled;
  }

  /** All that is not acknowledged, oldest first; the queue stays. */
  unacknowledged(): readonly Unacknowledged[] {
    return this.#queue.slice(this.#first);
  }
}

/** XEP-0198 section 4: these count, nothing else. */
export function isStanza(element: Element): boolean {
  const name = element.getName();
  return name === "message" || name === "presence" || name === "iq";
}
