import { type Address, domainOf, isPersonal, isUri, localOf } from "../../../../shared/model/address.ts";
import { addressOfOtherUri } from "../../../addressing/other-uri.ts";
import { asciiDomain, canonicalAddress, canonicalDomain, escapeAmbiguous } from "../../../addressing/parse-address.ts";
import { parseNameAddress, type SipRequest } from "./message.ts";

/** The parts of a SIP or SIPS URI (RFC 3261 section 19.1) that Hallway uses; `im:` and `pres:` are read alike. */
export interface SipUri {
  readonly scheme: "sip" | "sips" | "im" | "pres";
  /**
   * Decoded, without password; parameters of a user (`+1;ext=2`) are part of who it is. Undefined for a URI of a host
   * only, or with a broken escape.
   */
  readonly user: string | undefined;
  /** User and password as written. */
  readonly userinfo: string | undefined;
  /** As written, without port; IPv6 in brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: ReadonlyMap<string, string>;
  /** Header fields for a request made from it, as written; undefined where there are none. */
  readonly headers: string | undefined;
}

const pattern =
  /^(sips?|im|pres):(?:([^@\s<>]*)@)?(\[[0-9a-fA-F:.]+\]|[^\s:;?@<>,"]+)(?::(\d{1,5}))?((?:;[^?\s<>]*)?)(?:\?(\S*))?$/i;

/** Reads a URI; undefined when it is none of these schemes or broken. */
export function parseSipUri(text: string): SipUri | undefined {
  const match = text.length > 4096 ? undefined : pattern.exec(text);
  if (!match) return undefined;
  const [, scheme = "sip", userinfo, host = "", port, parameters = "", headers] = match;
  const params = new Map<string, string>();
  for (const part of parameters.split(";")) {
    const [name = "", value = ""] = part.split("=", 2);
    if (name !== "") params.set(name.toLowerCase(), value);
  }
  const user = userinfo?.replace(/:.*$/su, "");
  return {
    scheme: scheme.toLowerCase() as SipUri["scheme"],
    user: user === undefined || user === "" ? undefined : decode(user),
    userinfo,
    host,
    port: port === undefined ? undefined : Number(port),
    params,
    headers,
  };
}

/**
 * The address of whoever a URI stands for: a person, a host that speaks for itself, or whom a URI of another scheme
 * names (RFC 3261 section 20.20 takes any in From). Undefined when it is none, or is not written as every server writes
 * it. A server that compares addresses by letters takes `ceo@example.test.` or `%63eo@example.test` for a stranger,
 * whom it lets in unasked; for Hallway they would be the colleague. So a host must be its own canonical form (the case
 * of letters aside), and a user must not hide plain letters behind escapes.
 */
export function addressOfUri(text: string): Address | undefined {
  const uri = parseSipUri(text);
  if (!uri) return addressOfOtherUri(text);
  try {
    const address = uri.userinfo === undefined ? hostAddress(uri) : userAddress(uri);
    return address !== undefined && asciiDomain(domainOf(address)) === uri.host.toLowerCase() ? address : undefined;
  } catch {
    return undefined;
  }
}

function userAddress(uri: SipUri): Address | undefined {
  return uri.user === undefined || !isCanonicalUser(uri)
    ? undefined
    : canonicalAddress(escapeAmbiguous(uri.user), uri.host, "simple");
}

/** RFC 3860 and RFC 3859 know no `im:` or `pres:` of a host alone. */
function hostAddress({ scheme, host }: SipUri): Address | undefined {
  return scheme === "sip" || scheme === "sips" ? canonicalDomain(host) : undefined;
}

/** RFC 3261 section 19.1.2: the ports that stand for the domain itself. */
const defaultPorts: readonly number[] = [5060, 5061];

/**
 * Sender that a From names, as addressOfUri and stricter: no password, no header fields, and no port but a default one
 * or `serverPort`, that of our own server. Another port is another server of the same host (RFC 3261 section 19.1.4),
 * for which ours has not vouched.
 */
export function senderOfUri(text: string, serverPort: number): Address | undefined {
  const uri = parseSipUri(text);
  if (!uri) return addressOfOtherUri(text);
  if (uri.headers !== undefined || uri.userinfo?.includes(":")) return undefined;
  if (uri.port !== undefined && uri.port !== serverPort && !defaultPorts.includes(uri.port)) return undefined;
  return addressOfUri(text);
}

/** The address of record of an address, as SIP URI; one that is a URI already stays as it is. */
export function uriOfAddress(address: Address): string {
  if (isUri(address)) return address;
  if (!isPersonal(address)) return `sip:${asciiDomain(address) ?? address}`;
  return `sip:${escapeUser(localOf(address))}@${asciiDomain(domainOf(address)) ?? domainOf(address)}`;
}

/**
 * RFC 3261 section 25.1 `user`: everything but unreserved and user-unreserved is escaped; escapes that stand already
 * stay.
 */
export function escapeUser(user: string): string {
  return user
    .toWellFormed()
    .replace(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-_.!~*'()&=+$,;?]/gu, (c) =>
      c.length === 3 && c.startsWith("%") ? c : encodeURIComponent(c),
    );
}

/** RFC 3986 sections 2.3 and 6.2.2: unreserved characters stand for themselves; and a URI is ASCII, its text in NFC. */
function isCanonicalUser({ user, userinfo = "" }: SipUri): boolean {
  if (user === undefined || user !== user.normalize("NFC")) return false;
  return /^[\x21-\x7e]*$/.test(userinfo) && !/%(?:2[DE]|3\d|[46][1-9A-F]|[57][0-9A]|5F|7E)/i.test(userinfo);
}

function decode(user: string): string | undefined {
  try {
    return decodeURIComponent(user);
  } catch {
    return undefined;
  }
}

/** Longest From that is read, in UTF-16 units: anybody can send one, and it is read for every request. */
const maxFrom = 4_096;
const quotedName = /^"(?:[^"\\]|\\.)*"[ \t]*/s;

/**
 * Whom a request is from; undefined for what is no address of a person, and for a From in which two readers find two
 * addresses. `serverPort`: as senderOfUri.
 */
export function senderOf(request: SipRequest, serverPort: number): Address | undefined {
  const from = request.headers.get("from") ?? "";
  return hasOneAddress(from) ? senderOfUri(parseNameAddress(from).uri, serverPort) : undefined;
}

/**
 * RFC 3261 section 25.1 `from-spec` with one address: a quoted name or one without quotes, and one pair of brackets; or
 * no brackets at all.
 */
function hasOneAddress(from: string): boolean {
  if (from.length > maxFrom) return false;
  const quoted = quotedName.exec(from)?.[0];
  return quoted === undefined
    ? /^[^"<>]*(?:<[^<>]*>[^<>]*)?$/.test(from)
    : /^<[^<>]*>[^<>]*$/.test(from.slice(quoted.length));
}
