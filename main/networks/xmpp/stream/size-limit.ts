import type { Element } from "@xmpp/xml";
import { childOf } from "../xml/element.ts";

const nsLimits = "urn:xmpp:stream-limits:0";
/** Limit of servers that announce none: the default of Prosody and ejabberd. */
const usual = 262_144;
/** RFC 6120 section 13.12: every server takes as much, so that a shorter element was not refused for its size. */
export const leastLimit = 10_000;

/**
 * How long an element may be that the server takes. One that announces nothing may take less than usual. What it
 * refuses twice in a row is too much for it:
 *
 *   [usual] --refused--> [suspected] --refused--> [learned: less than the shorter of the two]
 */
export class SizeLimit {
  #announced: number | undefined;
  #learned = usual;
  #suspected: number | undefined;

  /** In bytes of UTF-8 on the wire. */
  get bytes(): number {
    return this.#announced ?? this.#learned;
  }

  /**
   * A stream has begun: what the server announces counts (XEP-0478), of several features the first that say something.
   */
  announced(features: readonly Element[]): void {
    this.#announced = undefined;
    for (const element of features) this.#announced ??= maxBytes(element);
  }

  /** The server refused to go on with the stream while this many bytes, the longest, were not acknowledged. */
  refused(longest: number): void {
    if (longest <= leastLimit) return;
    if (this.#suspected !== undefined) this.#learned = Math.min(this.#learned, this.#suspected, longest) - 1;
    this.#suspected = longest;
  }
}

function maxBytes(features: Element): number | undefined {
  return limitOf(features, "max-bytes");
}

/** Seconds without a word from us after which the server may end the stream; undefined: it did not say. */
export function idleSeconds(features: readonly Element[]): number | undefined {
  for (const element of features) {
    const seconds = limitOf(element, "idle-seconds");
    if (seconds !== undefined) return seconds;
  }
  return undefined;
}

/** XEP-0478 section 3. */
function limitOf(features: Element, name: string): number | undefined {
  const limits = childOf(features, "limits", nsLimits);
  const text = limits && childOf(limits, name, nsLimits)?.getText().trim();
  return text !== undefined && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : undefined;
}
