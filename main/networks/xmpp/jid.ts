import type { Address } from "../../../shared/model/address.ts";

/**
 * Our own in place of @xmpp/jid, which throws at `/`, prepares nothing beyond ASCII case, and rewrites a local part
 * that holds a backslash.
 */

/** An XMPP address in canonical form (RFC 7622). `bare` is without the resource; `address` only where there is a local part. */
export interface Jid {
  readonly full: string;
  readonly bare: string;
  readonly resource: string;
  /** The bare form where it has a local part: what the rest of the house calls an address. */
  readonly address: Address | undefined;
}

/** What needs no preparation: most of what comes over the wire. */
const plain = /^(?:[a-z0-9._+~!#$%*=?^`{|}-]{1,500}@)?[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*$/;
const badInBare = /[\u0000-\u0020\u007F-\u00A0\u2028\u2029\uFFFE\uFFFF"&'/:<>@]|\s/u;
const badInResource = /[\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]/;
const maxPart = 1023;

/** Reads a JID off the wire or out of settings. Undefined: not one. */
export function parseJid(text: string | undefined): Jid | undefined {
  if (text === undefined || text.length === 0 || text.length > 3 * maxPart + 2) return undefined;
  const slash = text.indexOf("/");
  const rawBare = slash < 0 ? text : text.slice(0, slash);
  const resource = slash < 0 ? "" : text.slice(slash + 1);
  if (slash >= 0 && (resource === "" || resource.length > maxPart || badInResource.test(resource))) return undefined;
  const bare = plain.test(rawBare) ? rawBare : prepareBare(rawBare);
  if (bare === undefined) return undefined;
  return { full: slash < 0 ? bare : `${bare}/${resource}`, bare, resource, address: bare.includes("@") ? bare : undefined };
}

/** A bare JID with a local part, from `address` alone. */
export function addressOf(text: string | undefined): Address | undefined {
  return parseJid(text)?.address;
}

/** RFC 7622 sections 3.2 and 3.3: case folded, normalised, width mapped; what cannot be prepared is refused. */
function prepareBare(text: string): string | undefined {
  const at = text.indexOf("@");
  const local = at < 0 ? "" : text.slice(0, at).normalize("NFKC").toLowerCase().normalize("NFC");
  const domain = text
    .slice(at + 1)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\.$/, "");
  if ((at >= 0 && local === "") || domain === "" || badInBare.test(local)) return undefined;
  const literal = /^\[[0-9a-f:.]+\]$/.test(domain);
  if (!literal && (badInBare.test(domain) || domain.startsWith(".") || domain.includes(".."))) return undefined;
  if (Buffer.byteLength(local) > maxPart || Buffer.byteLength(domain) > maxPart) return undefined;
  return local === "" ? domain : `${local}@${domain}`;
}
