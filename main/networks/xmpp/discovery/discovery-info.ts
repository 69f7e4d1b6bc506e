import type { Element } from "@xmpp/xml";
import { type Jid, parseJid } from "../jid.ts";

const nsInfo = "http://jabber.org/protocol/disco#info";
const nsItems = "http://jabber.org/protocol/disco#items";
/** Features and identities that are read of one entity, and items of it. */
const maxFeatures = 2_000;
const maxIdentities = 50;
const maxItems = 1_000;
/** Longest name of a feature that is read. */
const maxFeatureLength = 1_023;

/** Identities and features of an entity (XEP-0030 section 3.1). */
export interface DiscoveryInfo {
  readonly identities: readonly { readonly category: string; readonly type: string }[];
  readonly features: ReadonlySet<string>;
}

/** An entity that belongs to another (XEP-0030 section 4.1). */
export interface DiscoveryItem {
  readonly jid: Jid;
  readonly node: string | undefined;
}

export function readInfo(query: Element): DiscoveryInfo {
  const features = new Set<string>();
  const identities: { category: string; type: string }[] = [];
  for (const child of query.children) {
    if (typeof child === "string" || child.getNS() !== nsInfo) continue;
    const { var: name, category = "", type = "" } = child.attrs;
    if (child.name === "feature" && name && name.length <= maxFeatureLength && features.size < maxFeatures)
      features.add(name);
    if (child.name === "identity" && identities.length < maxIdentities) identities.push({ category, type });
  }
  return { identities, features };
}

/** Items without an address are skipped. */
export function readItems(query: Element): readonly DiscoveryItem[] {
  const items: DiscoveryItem[] = [];
  for (const child of query.children) {
    if (typeof child === "string" || !child.is("item", nsItems) || items.length >= maxItems) continue;
    const jid = parseJid(child.attrs["jid"]);
    if (jid) items.push({ jid, node: child.attrs["node"] });
  }
  return items;
}
