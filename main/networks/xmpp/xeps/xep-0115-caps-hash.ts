import { createHash } from "node:crypto";
import type { Element } from "@xmpp/xml";

const nsInfo = "http://jabber.org/protocol/disco#info";
const nsData = "jabber:x:data";

/** Capabilities as a presence announces them (section 4). */
export interface Caps {
  readonly node: string;
  readonly ver: string;
  readonly hash: string;
}

/** The name under which verified capabilities are kept. */
export function capsKey({ hash, ver }: Caps): string {
  return `${hash} ${ver}`;
}

/** Section 5.4: is this the answer that was hashed? Where the hash is another than SHA-1 that is not known. */
export function verifies(query: Element, { hash, ver }: Caps): boolean {
  if (hash !== "sha-1") return false;
  const text = verificationString(query);
  return text !== undefined && createHash("sha1").update(text).digest("base64") === ver;
}

/** Section 5.1. Undefined: ill-formed, as section 5.4 has it (two of the same). */
export function verificationString(query: Element): string | undefined {
  const identities: string[] = [];
  const features: string[] = [];
  const forms: string[] = [];
  for (const child of query.children) {
    if (typeof child === "string") continue;
    const { category = "", type = "", name = "", var: feature = "" } = child.attrs;
    if (child.is("identity", nsInfo)) identities.push(`${category}/${type}/${child.attrs["xml:lang"] ?? ""}/${name}`);
    else if (child.is("feature", nsInfo)) features.push(feature);
    else if (child.is("x", nsData)) forms.push(...formString(child));
  }
  // With a separator inside one, two different answers would have the same hash.
  if ([...identities, ...features].some((text) => text.includes("<"))) return undefined;
  const all = [identities, features, forms].map((part) => part.map((text) => `${text}<`));
  if (all.some((part) => new Set(part).size !== part.length)) return undefined;
  return all.flatMap(sortOctets).join("");
}

/** Sections 5.1 (steps 6 and 7) and 5.4: a form without a hidden FORM_TYPE is left out. */
function formString(form: Element): readonly string[] {
  const fields = form.getChildren("field", nsData);
  const type = fields.find(({ attrs }) => attrs["var"] === "FORM_TYPE");
  if (type?.attrs["type"] !== "hidden") return [];
  const others = fields
    .filter((field) => field !== type)
    .map((field) => [field.attrs["var"] ?? "", ...sortOctets(valuesOf(field))].join("<"));
  return [[valuesOf(type)[0] ?? "", ...sortOctets(others)].join("<")];
}

function valuesOf(field: Element): readonly string[] {
  return field.getChildren("value", nsData).map((value) => value.getText());
}

/** RFC 4790 section 9.3 (`i;octet`). */
function sortOctets(texts: readonly string[]): readonly string[] {
  return texts
    .map((text) => Buffer.from(text))
    .sort(Buffer.compare)
    .map(String);
}
