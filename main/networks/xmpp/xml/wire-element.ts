import { Element } from "@xmpp/xml";

/**
 * Losses of a child of the root to the limits, mildest first:
 *
 * - `trimmed`: some of its attributes or descendants, each over a limit of its own;
 * - `cut`: all that stood after the limit of its length;
 * - `headless`: its own attributes and all that it contains, since not even its start tag could be read.
 */
export type Loss = "trimmed" | "cut" | "headless";

const severity: readonly (Loss | undefined)[] = [undefined, "trimmed", "cut", "headless"];

const nsXml = "http://www.w3.org/XML/1998/namespace";

/**
 * An element as the parser builds it: by local name and namespace, whatever its prefix was; it knows what is missing
 * from it.
 */
export class WireElement extends Element {
  /** The name that stands in its tags. */
  readonly written: string;
  /** The default namespace that its children were written in, where its own namespace stands in place of that one. */
  #within: string | undefined;
  #loss: Loss | undefined;

  constructor(name: string) {
    super(name);
    this.written = name;
  }

  /**
   * Takes the prefix off its name and states the namespace in its place: a prefix means nothing but the namespace that
   * it is declared for (Namespaces in XML, section 3). Declarations of prefixes stay, for attributes. `attrs` and
   * `parent` must have been set.
   */
  resolvePrefix(): void {
    const { parent } = this;
    const declared = this.attrs["xmlns"];
    const outer = parent instanceof WireElement ? parent.#within : undefined;
    const colon = this.name.indexOf(":");
    if (colon < 0) {
      if (declared === undefined && outer !== undefined) this.attrs["xmlns"] = outer;
      return;
    }
    const prefix = this.name.slice(0, colon);
    this.#within = declared ?? outer ?? parent?.findNS() ?? "";
    this.attrs["xmlns"] = prefix === "xml" ? nsXml : this.findNS(prefix);
    this.name = this.name.slice(colon + 1);
  }

  get loss(): Loss | undefined {
    return this.#loss;
  }

  /** Notes a loss, unless a graver one has been noted. */
  lose(loss: Loss): void {
    if (severity.indexOf(loss) > severity.indexOf(this.#loss)) this.#loss = loss;
  }
}

/** Loss of this child of the root to the limits; undefined: none. */
export function lossOf(element: Element): Loss | undefined {
  return element instanceof WireElement ? element.loss : undefined;
}
