import type { Element } from "@xmpp/xml";

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
    if (typeof child !== "string" && child.name === name && (xmlns === undefined || child.getNS() === xmlns)) return child;
  }
  return undefined;
}

/** The first child element. */
export function firstChild(element: Element): Element | undefined {
  for (const child of element.children) if (typeof child !== "string") return child;
  return undefined;
}

/** Text of the child of that name in the element's own namespace, or undefined. */
export function textOf(element: Element, name: string): string | undefined {
  const child = childOf(element, name);
  if (!child || (child.attrs["xmlns"] !== undefined && child.attrs["xmlns"] !== element.getNS())) return undefined;
  return child.getText();
}

const unsendable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** An element as text. What XML cannot carry at all (XML 1.0 section 2.2) becomes U+FFFD, since it would end the stream. */
export function serialize(element: Element): string {
  return element.toString().replace(unsendable, "\uFFFD");
}
