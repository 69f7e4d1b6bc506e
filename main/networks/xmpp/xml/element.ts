import { Element } from "@xmpp/xml";
import { inLanguage, type Rendering } from "../../languages.ts";

/**
 * Small helpers over ltx elements. The stock helpers build arrays on every look-up; these do not, since they run for
 * every stanza.
 */

/** The first child element in a namespace, whatever its name. */
export function childIn(element: Element, xmlns: string): Element | undefined {
  for (const child of element.children) if (typeof child !== "string" && child.getNS() === xmlns) return child;
  return undefined;
}

/** The first child of that name and namespace (of any namespace when absent). */
export function childOf(element: Element, name: string, xmlns?: string): Element | undefined {
  for (const child of element.children) {
    if (typeof child !== "string" && child.name === name && (xmlns === undefined || child.getNS() === xmlns))
      return child;
  }
  return undefined;
}

/** The first child element. */
export function firstChild(element: Element): Element | undefined {
  for (const child of element.children) if (typeof child !== "string") return child;
  return undefined;
}

/** All child elements, without the text between them. */
export function elementsOf(element: Element): readonly Element[] {
  return element.children.filter((child): child is Element => typeof child !== "string");
}

/** Text of the child of that name in the element's own namespace, or undefined. */
export function textOf(element: Element, name: string): string | undefined {
  return childOf(element, name, element.getNS())?.getText();
}

/**
 * The same where it may stand there several times, in different languages (RFC 6120 section 8.1.5): the one for who
 * reads that language. A text without `xml:lang` has the language of what it stands in, up to the stream.
 */
export function localizedText(element: Element, name: string, language: () => string): string | undefined {
  const found: (Rendering & { readonly child: Element })[] = [];
  for (const child of element.children) {
    if (typeof child === "string" || child.name !== name || child.getNS() !== element.getNS()) continue;
    found.push({ child, own: child.attrs["xml:lang"], inherited: undefined });
  }
  if (found.length < 2) return found[0]?.child.getText();
  const inherited = languageOf(element);
  return inLanguage(
    found.map((rendering) => ({ ...rendering, inherited })),
    language(),
  )?.child.getText();
}

function languageOf(element: Element): string | undefined {
  for (let at: Element | null = element; at !== null; at = at.parent)
    if (at.attrs["xml:lang"] !== undefined) return at.attrs["xml:lang"];
  return undefined;
}

const unsendable =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * An element as text. What XML cannot carry at all (XML 1.0 section 2.2) becomes U+FFFD, since it would end the stream.
 */
export function serialize(element: Element): string {
  return element.toString().replace(unsendable, "\uFFFD");
}

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
