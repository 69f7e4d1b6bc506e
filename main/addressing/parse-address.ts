import { domainToASCII, domainToUnicode } from "node:url";
import { HallwayError } from "../../shared/errors.ts";
import type { Protocol } from "../../shared/model/account.ts";
import { type Address, maxAddressLength } from "../../shared/model/address.ts";

/** What a person's text says: an address, and the network when a scheme names one (`im:` and `pres:` name none). */
export interface ParsedAddress {
  readonly address: Address;
  readonly protocol?: Protocol;
}

const schemes: Readonly<Record<string, Protocol | undefined>> = { sip: "simple", sips: "simple", xmpp: "xmpp", im: undefined, pres: undefined };

/**
 * Reads an address as people type and paste it: `alice@x`, `Alice <sip:alice@x>`, `xmpp:alice@x/phone?message`, `im:alice@x`.
 * Display name, resource, port, parameters and trailing punctuation are taken off; the result is canonical (see canonicalAddress).
 * `protocol`: the network it is meant for when the text has no scheme; a scheme in the text wins.
 * Error: `invalid-address`.
 * Source: RFC 3261 section 19.1 (sip, sips), RFC 5122 (xmpp), RFC 3860 (im), RFC 3859 (pres).
 */
export function parseAddress(text: string, protocol?: Protocol): ParsedAddress {
  // Twice the longest address leaves room for a display name; more is no address, and the expressions below stay cheap.
  if (text.length > 2 * maxAddressLength) throw new HallwayError("invalid-address");
  let rest = withoutDisplayName(text.normalize("NFC").trim());
  let named = protocol;
  const scheme = /^([a-z][a-z0-9+.-]{1,20}):/i.exec(rest);
  const word = scheme?.[1]?.toLowerCase();
  const byScheme = word !== undefined && word in schemes;
  if (scheme && word !== undefined) {
    if (!byScheme) throw new HallwayError("invalid-address");
    named = schemes[word] ?? protocol;
    rest = rest.slice(scheme[0].length);
    // RFC 5122 section 2.2: `xmpp://authority/path`: the authority is whom to connect as, the path is the address.
    if (rest.startsWith("//")) rest = word === "xmpp" ? rest.slice(2).replace(/^[^/]*\//, "") : rest.slice(2);
  }
  rest = rest.replace(/[?#].*$/su, "");
  const at = byScheme && named === "simple" ? rest.lastIndexOf("@") : rest.indexOf("@");
  if (at <= 0) throw new HallwayError("invalid-address");
  let local = rest.slice(0, at);
  // RFC 3261 section 19.1.1: a password before the `@`; never part of an address.
  if (word === "sip" || word === "sips") local = local.replace(/:.*$/su, "");
  const domain = rest
    .slice(at + 1)
    .replace(/[/;,>)\]].*$/su, (tail, offset: number, whole: string) => (whole.startsWith("[") && offset < whole.indexOf("]") ? tail : bracket(tail)));
  return result(canonicalAddress(byScheme ? decodeEscapes(local) : local, domain, named), named);
}

/**
 * Puts an address in the form in which all of Hallway compares addresses: domain in lower case and as Unicode (IDNA,
 * RFC 5890), without port and final dot; local part in NFC, in lower case on XMPP (RFC 7622 section 3.3) and as it is on
 * SIP, where case counts (RFC 3261 section 19.1.4).
 * Error: `invalid-address`.
 */
export function canonicalAddress(local: string, domain: string, protocol?: Protocol): Address {
  const user = protocol === "xmpp" ? local.normalize("NFC").toLowerCase() : local.normalize("NFC");
  // RFC 7622 section 3.3.1 forbids these on XMPP; white space, `@` and `/` would make an address ambiguous everywhere.
  const forbidden = protocol === "xmpp" ? /[\s\p{C}"&'/:<>@]/u : /[\s\p{C}"/<>@]/u;
  if (user === "" || forbidden.test(user)) throw new HallwayError("invalid-address");
  const address = `${user}@${canonicalDomain(domain)}`;
  if (address.length > maxAddressLength || Buffer.byteLength(user) > 1023) throw new HallwayError("invalid-address");
  return address;
}

/** A domain in lower case, as Unicode, without port and final dot; `[v6]` stays in brackets. Error: `invalid-address`. */
export function canonicalDomain(domain: string): string {
  const host = domain.replace(/:\d{1,5}$/, "").replace(/[.。]$/u, "");
  if (/^\[[0-9a-f:.]{2,45}\]$/i.test(host)) return host.toLowerCase();
  // The host parser of URLs would take these for something else than a letter of a domain.
  if (host === "" || /[\s\p{C}/@:;,?#%\\[\]<>"'()]/u.test(host)) throw new HallwayError("invalid-address");
  const ascii = domainToASCII(host);
  if (ascii === "" || ascii.length > 253 || ascii.split(".").some((label) => label === "" || label.length > 63)) throw new HallwayError("invalid-address");
  return domainToUnicode(ascii);
}

/** The domain as it goes into DNS, SNI and SIP headers (A-labels). Undefined when it has no such form. */
export function asciiDomain(domain: string): string | undefined {
  if (domain.startsWith("[")) return domain;
  return domainToASCII(domain) || undefined;
}

function result(address: Address, protocol: Protocol | undefined): ParsedAddress {
  return protocol === undefined ? { address } : { address, protocol };
}

/** `"Alice A." <sip:alice@x>;tag=1` -> `sip:alice@x`; without brackets only what people leave around an address is taken off. */
function withoutDisplayName(text: string): string {
  const open = text.lastIndexOf("<");
  const close = open < 0 ? -1 : text.indexOf(">", open);
  if (open >= 0 && close > open) return text.slice(open + 1, close).trim();
  return text.replace(/^["'(<\s]+/u, "").replace(/["')>,;.!\s]+$/u, "");
}

/** Keeps the closing bracket of an IPv6 literal and drops everything else that follows a host. */
function bracket(tail: string): string {
  return tail.startsWith("]") ? "]" : "";
}

/** Percent escapes as UTF-8; those that would make the address ambiguous, and broken ones, stay as they are written. */
function decodeEscapes(local: string): string {
  return local.replace(/(?:%[0-9a-f]{2})+/giu, (run) => {
    try {
      const plain = decodeURIComponent(run);
      return /[\s\p{C}"%/<>@]/u.test(plain) ? run : plain;
    } catch {
      return run;
    }
  });
}
