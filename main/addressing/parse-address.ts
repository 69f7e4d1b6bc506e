import { domainToASCII, domainToUnicode } from "node:url";
import { HallwayError } from "../../shared/errors.ts";
import type { Protocol } from "../../shared/model/account.ts";
import { type Address, maxAddressLength } from "../../shared/model/address.ts";
import { addressOfOtherUri } from "./other-uri.ts";
import { prepareUsername } from "./precis.ts";
import { schemes } from "./schemes.ts";

/** Address in a person's text, and the network when a scheme names one (`im:` and `pres:` name none). */
export interface ParsedAddress {
  readonly address: Address;
  readonly protocol?: Protocol;
}

/**
 * Schemes under which a host alone is an address: a server or gateway (RFC 3261 section 19.1.1, RFC 5122 section 2.2).
 */
const hostSchemes: readonly string[] = ["sip", "sips", "xmpp"];

/**
 * Reads an address as people type and paste it: `alice@x`, `Alice <sip:alice@x>`, `xmpp:alice@x/phone?message`,
 * `im:alice@x`. Display name, resource, port, parameters and trailing punctuation are taken off; the result is
 * canonical (see canonicalAddress). `tel:+1-555-0100` is a telephone, which SIP reaches; `sip:gateway.example` and
 * `xmpp:example` are a server. Without a scheme a word is neither. `protocol`: the network it is meant for when the
 * text has no scheme; a scheme in the text wins. Error: `invalid-address`. Source: RFC 3261 section 19.1 (sip, sips),
 * RFC 5122 (xmpp), RFC 3860 (im), RFC 3859 (pres).
 */
export function parseAddress(text: string, protocol?: Protocol): ParsedAddress {
  // Twice the longest address leaves room for a display name; more is no address, and the expressions below stay cheap.
  if (text.length > 2 * maxAddressLength) throw new HallwayError("invalid-address");
  let rest = withoutDisplayName(text.trim());
  let named = protocol;
  const scheme = /^([a-z][a-z0-9+.-]{1,20}):/i.exec(rest);
  const word = scheme?.[1]?.toLowerCase();
  const byScheme = word !== undefined && Object.hasOwn(schemes, word);
  if (word === "tel") return { address: telephone(rest), protocol: "simple" };
  if (scheme && word !== undefined) {
    if (!byScheme) throw new HallwayError("invalid-address");
    named = schemes[word] ?? protocol;
    rest = rest.slice(scheme[0].length);
    // RFC 5122 section 2.2: `xmpp://authority/path`: the authority is whom to connect as, the path is the address.
    if (rest.startsWith("//")) rest = word === "xmpp" ? rest.slice(2).replace(/^[^/]*\//, "") : rest.slice(2);
  }
  // A query or fragment comes behind the `@`; before it they are letters of a name (RFC 3261 section 25.1, RFC 7622
  // section 3.3).
  rest = rest.replace(/^([^@]*@[^?#]*)[?#].*/su, "$1");
  const at = byScheme && named === "simple" ? rest.lastIndexOf("@") : rest.indexOf("@");
  if (at < 0 && word !== undefined && hostSchemes.includes(word)) return result(hostOf(rest), named);
  if (at <= 0) throw new HallwayError("invalid-address");
  let local = rest.slice(0, at);
  // RFC 3261 section 19.1.1: a password before the `@`; never part of an address.
  if (word === "sip" || word === "sips") local = local.replace(/:.*$/su, "");
  return result(canonicalAddress(byScheme ? decodeEscapes(local) : local, hostPart(rest.slice(at + 1)), named), named);
}

/** A number as people write it, with blanks between its groups. Error: `invalid-address`. */
function telephone(text: string): Address {
  const address = addressOfOtherUri(text.replace(/[\s\u2010-\u2015]/gu, ""));
  if (address === undefined || !/^tel:[+\da-f*#]+(?:;|$)/.test(address)) throw new HallwayError("invalid-address");
  return address;
}

function hostOf(text: string): Address {
  return canonicalDomain(hostPart(text.replace(/[?#].*$/su, "")));
}

/** Part of the text before resource, parameters and punctuation. */
function hostPart(text: string): string {
  return text.replace(/[/;,>)\]].*$/su, (tail, offset: number, whole: string) =>
    whole.startsWith("[") && offset < whole.indexOf("]") ? tail : bracket(tail),
  );
}

/**
 * Puts an address in the form in which all of Hallway compares addresses: domain in lower case and as Unicode (IDNA,
 * RFC 5890), without port and final dot; local part in NFC, prepared on XMPP (RFC 7622 section 3.3: in lower case, and
 * refused where it holds what is disallowed) and as it is on SIP, where case counts (RFC 3261 section 19.1.4). Error:
 * `invalid-address`.
 */
export function canonicalAddress(local: string, domain: string, protocol?: Protocol): Address {
  const user = protocol === "xmpp" ? prepareUsername(local) : local.normalize("NFC");
  // RFC 7622 section 3.3.1 forbids these on XMPP; the others would make an address ambiguous everywhere: `sip:x@y`
  // would be read as x.
  const forbidden = protocol === "xmpp" ? /[\s"&'/:<>@]/u : /[\s\p{C}"/:<>@]/u;
  if (!user || forbidden.test(user)) throw new HallwayError("invalid-address");
  const address = `${user}@${canonicalDomain(domain)}`;
  if (address.length > maxAddressLength || Buffer.byteLength(user) > 1023) throw new HallwayError("invalid-address");
  return address;
}

/**
 * A domain in lower case, as Unicode, without port and final dot; `[v6]` in brackets and short (RFC 5952). Error:
 * `invalid-address`.
 */
export function canonicalDomain(domain: string): string {
  const host = domain.replace(/:\d{1,5}$/, "").replace(/[.。]$/u, "");
  if (/^\[[0-9a-f:.]{2,45}\]$/i.test(host)) {
    if (!URL.canParse(`http://${host}`)) throw new HallwayError("invalid-address");
    return new URL(`http://${host}`).hostname;
  }
  // The host parser of URLs would take these for something else than a letter of a domain. Joiners it takes in their
  // context only.
  if (host === "" || /(?![\u200C-\u200D])\p{C}|[\s/@:;,?#%\\[\]<>"'()]/u.test(host))
    throw new HallwayError("invalid-address");
  const ascii = domainToASCII(host);
  if (ascii.length > 253 || !/^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(ascii))
    throw new HallwayError("invalid-address");
  const unicode = domainToUnicode(ascii);
  // What does not find back to itself would be another domain the next time it is read.
  if (domainToASCII(unicode) !== ascii) throw new HallwayError("invalid-address");
  return unicode;
}

/** The domain as it goes into DNS, SNI and SIP headers (A-labels). Undefined when it has no such form. */
export function asciiDomain(domain: string): string | undefined {
  if (domain.startsWith("[")) return domain;
  return domainToASCII(domain) || undefined;
}

function result(address: Address, protocol: Protocol | undefined): ParsedAddress {
  return protocol === undefined ? { address } : { address, protocol };
}

/**
 * `"Alice A." <sip:alice@x>;tag=1` -> `sip:alice@x`; without brackets only what people leave around an address is taken
 * off.
 */
function withoutDisplayName(text: string): string {
  const open = text.lastIndexOf("<");
  const close = text.indexOf(">", open);
  if (open >= 0 && close > open) return text.slice(open + 1, close).trim();
  const bare = text.replace(/["')>,;.!\s]+$/u, "");
  const behind = text.slice(bare.length);
  let start = 0;
  // A name may begin with `(` or `'`; they are taken off where they are closed again.
  while (
    /^["<\s]/u.test(bare.slice(start)) ||
    (bare[start] === "(" && behind.includes(")")) ||
    (bare[start] === "'" && behind.includes("'"))
  )
    start += 1;
  return bare.slice(start);
}

/** Keeps the closing bracket of an IPv6 literal and drops everything else that follows a host. */
function bracket(tail: string): string {
  return tail.startsWith("]") ? "]" : "";
}

/** Percent escapes as UTF-8; those that would make the address ambiguous, and broken ones, stay as they are written. */
function decodeEscapes(local: string): string {
  return local.replace(/(?:%[0-9a-f]{2})+/giu, (run) => {
    try {
      return escapeAmbiguous(decodeURIComponent(run));
    } catch {
      return run;
    }
  });
}

/**
 * The local part of an address with everything escaped that would make it read as something else: by a person, by
 * parseAddress, or in a URI.
 */
export function escapeAmbiguous(local: string): string {
  return local.replace(/[\s\p{C}"%/<>@:?#]/gu, (c) => encodeURIComponent(c.toWellFormed()));
}
