import { Element } from "@xmpp/xml";

/**
 * What the limits took from a child of the root, mildest first:
 *
 * - `trimmed`: some of its attributes or descendants, each over a limit of its own;
 * - `cut`: all that stood after the limit of its length;
 * - `headless`: its own attributes and all that it contains, since not even its start tag could be read.
 */
export type Loss = "trimmed" | "cut" | "headless";

const severity: readonly (Loss | undefined)[] = [undefined, "trimmed", "cut", "headless"];

/** An element as the parser builds it: it knows what is missing from it. */
export class WireElement extends Element {
  #loss: Loss | undefined;

  get loss(): Loss | undefined {
    return this.#loss;
  }

  /** Notes a loss, unless a graver one has been noted. */
  lose(loss: Loss): void {
    if (severity.indexOf(loss) > severity.indexOf(this.#loss)) this.#loss = loss;
  }
}

/** What the limits took from this child of the root; undefined: nothing. */
export function lossOf(element: Element): Loss | undefined {
  return element instanceof WireElement ? element.loss : undefined;
}
