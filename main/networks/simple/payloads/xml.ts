import { SaxesParser, type SaxesTagNS } from "saxes";
import { detached } from "../../detached-text.ts";

/** An element of a small document: namespace and local name resolved, attributes by local name (no namespace) only. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** `xml:lang` of its own. */
  readonly language: string | undefined;
  readonly children: readonly XmlElement[];
  /** All character data directly inside, in order, joined. */
  readonly text: string;
}

/** Limits of a document. `length` in UTF-16 units. */
export interface XmlLimits {
  readonly length: number;
  readonly depth: number;
  readonly elements: number;
}

const defaultLimits: XmlLimits = { length: 1 << 20, depth: 32, elements: 20_000 };

/** Why a document was refused; a constant sentence without its content. */
export class XmlError extends Error {}

interface OpenElement {
  name: string;
  namespace: string;
  attributes: Map<string, string>;
  language: string | undefined;
  children: OpenElement[];
  text: string;
}

/**
 * Reads a whole document. A DOCTYPE, anything that is not well-formed, unknown entities and whatever goes over the
 * limits is refused with XmlError; nothing is fetched, nothing expanded. Comments and processing instructions are
 * skipped.
 */
export function parseXml(text: string, limits: XmlLimits = defaultLimits): XmlElement {
  if (text.length > limits.length) throw new XmlError("document too long");
  const stack: OpenElement[] = [];
  let root: OpenElement | undefined;
  let count = 0;
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on("error", () => {
    throw new XmlError("document is not well-formed");
  });
  parser.on("doctype", () => {
    throw new XmlError("document has a DOCTYPE");
  });
  parser.on("opentag", (tag: SaxesTagNS) => {
    count += 1;
    if (count > limits.elements) throw new XmlError("document has too many elements");
    if (stack.length >= limits.depth) throw new XmlError("document is too deep");
    const attributes = new Map<string, string>();
    for (const attribute of Object.values(tag.attributes))
      if (attribute.uri === "") attributes.set(attribute.local, detached(attribute.value));
    const element: OpenElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes,
      language: tag.attributes["xml:lang"]?.value,
      children: [],
      text: "",
    };
    const parent = stack.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
    stack.push(element);
  });
  parser.on("closetag", () => {
    const element = stack.pop();
    // What is kept of a document keeps no more than that element.
    if (element) element.text = detached(element.text);
  });
  const characters = (data: string): void => {
    const parent = stack.at(-1);
    if (parent) parent.text += data;
  };
  parser.on("text", characters);
  parser.on("cdata", characters);
  parser.write(text).close();
  if (!root) throw new XmlError("document is empty");
  return root;
}

/** The first child with that name, in the given namespace (any, when undefined). */
export function child(element: XmlElement, name: string, namespace?: string): XmlElement | undefined {
  return element.children.find((c) => c.name === name && (namespace === undefined || c.namespace === namespace));
}

/** All children with that name, in the given namespace (any, when undefined). */
export function childrenNamed(element: XmlElement, name: string, namespace?: string): readonly XmlElement[] {
  return element.children.filter((c) => c.name === name && (namespace === undefined || c.namespace === namespace));
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#13;",
};

/**
 * Text made safe for element content and attribute values; characters that XML 1.0 (section 2.2) cannot carry become
 * U+FFFD.
 */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"'\r]/g, (c) => escapes[c] ?? c);
}

/** The declaration that every document of ours begins with. */
export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
