import { type Element, escapeXML } from "@xmpp/xml";
import { parseElement } from "./session.ts";

/**
 * The same element with a prefix on all that is in another namespace than `jabber:client`, as some servers and
 * libraries write it.
 */
export function prefixed(text: string): string {
  return write(parseElement(text));
}

function write(element: Element): string {
  const ns = element.getNS() ?? "";
  const isContent = ns === "jabber:client";
  const name = isContent ? element.getName() : `q:${element.getName()}`;
  const attributes = Object.entries(element.attrs)
    .filter(([key]) => !/^xmlns(:|$)/.test(key))
    .map(([key, value]) => ` ${key}='${escapeXML(value ?? "")}'`);
  const children = element.children.map((child) => (typeof child === "string" ? escapeXML(child) : write(child)));
  return `<${name}${isContent ? "" : ` xmlns:q='${ns}'`}${attributes.join("")}>${children.join("")}</${name}>`;
}
