import { child, childrenNamed, escapeXml, parseXml, type XmlElement, XmlError, xmlDeclaration } from "./xml.ts";

export const presRulesType = "application/auth-policy+xml";
const policy = "urn:ietf:params:xml:ns:common-policy";
const rules = "urn:ietf:params:xml:ns:pres-rules";

/** Addresses that may see our presence and those that may not, by URI. */
export interface PresRules {
  readonly allow: readonly string[];
  readonly block: readonly string[];
}

/** Ids of the two rules that are ours; rules of other programs stay as they are. */
const ids = { allow: "hallway-allow", block: "hallway-block" } as const;
const most = 10_000;

/** Reads our own two rules out of a document of presence authorization rules (RFC 5025). Error: XmlError. */
export function parsePresRules(text: string): PresRules {
  const root = ruleset(text);
  const of = (id: string): readonly string[] => {
    const rule = childrenNamed(root, "rule", policy).find((r) => r.attributes.get("id") === id);
    const conditions = rule && child(rule, "conditions", policy);
    const identity = conditions && child(conditions, "identity", policy);
    return identity ? childrenNamed(identity, "one", policy).flatMap((one) => one.attributes.get("id") ?? []) : [];
  };
  return { allow: of(ids.allow), block: of(ids.block) };
}

/**
 * Puts our two rules into a document, which may be none yet, and leaves all else in it untouched. Error: XmlError when
 * the document is broken.
 */
export function writePresRules(text: string | undefined, wanted: PresRules): string {
  const ours = rule(ids.allow, wanted.allow, "allow") + rule(ids.block, wanted.block, "block");
  if (text === undefined) return `${xmlDeclaration}<cr:ruleset xmlns:cr="${policy}">${ours}</cr:ruleset>`;
  ruleset(text);
  const without = text.replace(
    /<([\w.-]+:)?rule\b[^<>]*\bid=(["'])hallway-(?:allow|block)\2(?:[^<>]*\/>|[^<>]*>[\s\S]*?<\/\1?rule\s*>)/g,
    "",
  );
  const empty = /<((?:[\w.-]+:)?ruleset)\b([^<>]*)\/>(\s*)$/.exec(without);
  const end = without.lastIndexOf("</");
  const written = empty
    ? `${without.slice(0, empty.index)}<${empty[1] ?? ""}${empty[2] ?? ""}>${ours}</${empty[1] ?? ""}>`
    : `${without.slice(0, end)}${ours}${without.slice(end)}`;
  // Text was cut; nothing leaves that does not say what it should.
  const back = parsePresRules(written);
  if (back.allow.length !== wanted.allow.length || back.block.length !== wanted.block.length)
    throw new XmlError("presence rules cannot be changed");
  return written;
}

function ruleset(text: string): XmlElement {
  const root = parseXml(text, { length: 4 << 20, depth: 32, elements: 100_000 });
  if (root.name !== "ruleset" || root.namespace !== policy) throw new XmlError("not a document of presence rules");
  return root;
}

function rule(id: string, uris: readonly string[], handling: "allow" | "block"): string {
  if (uris.length === 0) return "";
  if (uris.length > most) throw new XmlError("too many presence rules");
  const identity = uris.map((uri) => `<cr:one id="${escapeXml(uri)}"/>`).join("");
  const shown =
    handling === "allow"
      ? "<cr:transformations><pr:provide-services><pr:all-services/></pr:provide-services><pr:provide-persons><pr:all-persons/></pr:provide-persons><pr:provide-devices><pr:all-devices/></pr:provide-devices><pr:provide-all-attributes/></cr:transformations>"
      : "";
  return `<cr:rule xmlns:cr="${policy}" xmlns:pr="${rules}" id="${id}"><cr:conditions><cr:identity>${identity}</cr:identity></cr:conditions><cr:actions><pr:sub-handling>${handling}</pr:sub-handling></cr:actions>${shown}</cr:rule>`;
}
