import { SaxesParser } from "saxes";

/** An element as a parser sees it. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
  /** All text directly in it. */
  text: string;
}

/** Parses a document; throws where it is not well formed. */
export function parseXml(text: string): XmlNode {
  const top: XmlNode = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const node: XmlNode = { name, attributes: Object.fromEntries(Object.entries(attributes)), children: [], text: "" };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", (part) => {
    const last = open.at(-1);
    if (last) last.text += part;
  });
  parser.write(text).close();
  const root = top.children[0];
  if (!root) throw new Error("There is no element.");
  return root;
}

/** All elements of a name, at any depth. */
export function descendants(node: XmlNode, name: string): readonly XmlNode[] {
  return node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...descendants(child, name)]);
}

export function child(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((one) => one.name === name);
}

/** Value of an XML property list; throws where the text is none. */
export function parsePlist(text: string): unknown {
  const root = parseXml(text);
  const [only, ...more] = root.children;
  if (root.name !== "plist" || root.attributes["version"] !== "1.0" || !only || more.length > 0)
    throw new Error("It is no property list.");
  return valueOf(only);
}

function valueOf({ name, children, text }: XmlNode): unknown {
  if (name === "string") return text;
  if (name === "true" || name === "false") return name === "true";
  if (name === "integer" || name === "real") return Number(text);
  if (name === "date") return new Date(text);
  if (name === "array") return children.map(valueOf);
  if (name !== "dict" || children.length % 2 !== 0) throw new Error(`<${name}> cannot stand in a property list.`);
  const entries = Array.from({ length: children.length / 2 }, (_, n): [string, unknown] => {
    const [key, value] = children.slice(2 * n, 2 * n + 2);
    if (key?.name !== "key" || !value) throw new Error("A key is missing.");
    return [key.text, valueOf(value)];
  });
  if (new Set(entries.map(([key]) => key)).size !== entries.length) throw new Error("A key stands twice.");
  return Object.fromEntries(entries);
}
