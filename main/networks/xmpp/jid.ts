import { isIP } from "node:net";
import { domainToASCII, domainToUnicode } from "node:url";
import type { Address } from "../../../shared/model/address.ts";
import { canonicalIp } from "../../addressing/host-port.ts";
import { prepareLabel, prepareOpaque, prepareUsername } from "../../addressing/precis.ts";

/**
 * Our own in place of @xmpp/jid, which throws at `/`, prepares nothing beyond ASCII case, and rewrites a local part
 * that holds a backslash.
 */

/**
 * An XMPP address in canonical form (RFC 7622). `bare` is without the resource; `address` only where there is a local
 * part.
 */
export interface Jid {
  readonly full: string;
  readonly bare: string;
  readonly resource: string;
  /** The bare form where it has a local part: what the rest of the house calls an address. */
  readonly address: Address | undefined;
}

/** Addresses that need no preparation: most of those on the wire. A label with `--` may be one in ASCII form. */
const plain = /^(?:[a-z0-9._+~!#$%*=?^`{|}-]{1,500}@)?[a-z0-9](?:[a-z0-9]|-(?!-))*(?:\.(?:[a-z0-9]|-(?!-))+)*$/;
const plainResource = /^[\u0020-\u007E]+$/;
/** RFC 7622 section 3.3.1: not in a local part, though the IdentifierClass has them. */
const badInLocal = /["&'/:<>@]/;
const maxPart = 1023;

/**
 * Reads a JID off the wire or out of settings. Undefined: not one. What RFC 7622 disallows is refused rather than
 * folded, and so is a domain that ends in a dot: a server that keeps `a@b.` apart from `a@b` would let the one pass for
 * the other.
 */
export function parseJid(text: string | undefined): Jid | undefined {
  if (text === undefined || text.length === 0 || text.length > 3 * maxPart + 2) return undefined;
  const slash = text.indexOf("/");
  const rawBare = slash < 0 ? text : text.slice(0, slash);
  const bare = rawBare.length <= maxPart && plain.test(rawBare) ? rawBare : prepareBare(rawBare);
  if (bare === undefined) return undefined;
  const address = bare.includes("@") ? bare : undefined;
  if (slash < 0) return { full: bare, bare, resource: "", address };
  const resource = prepareResource(text.slice(slash + 1));
  return resource === undefined ? undefined : { full: `${bare}/${resource}`, bare, resource, address };
}

/** A bare JID with a local part, from `address` alone. */
export function addressOf(text: string | undefined): Address | undefined {
  return parseJid(text)?.address;
}

/** RFC 7622 section 3.4. */
function prepareResource(text: string): string | undefined {
  const resource = plainResource.test(text) ? text : prepareOpaque(text);
  return resource === undefined || Buffer.byteLength(resource) > maxPart ? undefined : resource;
}

/** RFC 7622 sections 3.2 and 3.3. */
function prepareBare(text: string): string | undefined {
  const at = text.indexOf("@");
  const domain = prepareDomain(text.slice(at + 1));
  if (domain === undefined || Buffer.byteLength(domain) > maxPart) return undefined;
  if (at < 0) return domain;
  const local = prepareUsername(text.slice(0, at));
  if (local === undefined || badInLocal.test(local) || Buffer.byteLength(local) > maxPart) return undefined;
  return `${local}@${domain}`;
}

/** A domain of U-labels, or an address literal (RFC 7622 section 3.2). */
function prepareDomain(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (lower.startsWith("[")) return prepareLiteral(lower);
  const labels: string[] = [];
  for (const raw of text.replaceAll("\uFF0E", ".").split(".")) {
    const label = prepareDomainLabel(raw);
    if (label === undefined) return undefined;
    labels.push(label);
  }
  return labels.join(".");
}

/** IPv6 in its one spelling, so that no server has two names; its zone would mean nothing to anybody else. */
function prepareLiteral(text: string): string | undefined {
  const [, address = ""] = /^\[([0-9a-f:.]+)\]$/.exec(text) ?? [];
  return isIP(address) === 6 ? `[${canonicalIp(address)}]` : undefined;
}

function prepareDomainLabel(raw: string): string | undefined {
  const label = prepareLabel(raw);
  if (label === undefined) return undefined;
  // RFC 7622 section 3.2.1: A-labels are converted to U-labels; one that says the same in another way is none.
  if (label.startsWith("xn--")) {
    const unicode = domainToUnicode(label);
    return unicode !== label && prepareLabel(unicode) === unicode && domainToASCII(unicode) === label
      ? unicode
      : undefined;
  }
  if (/^[\u0000-\u007F]*$/.test(label)) return label;
  // RFC 5892: the mapping of RFC 5895 has been done, so that nothing may be left to map.
  const ascii = domainToASCII(label);
  return ascii !== "" && ascii.length <= 63 && domainToUnicode(ascii) === label ? label : undefined;
}
