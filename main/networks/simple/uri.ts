import { type Address, domainOf, localOf } from "../../../shared/model/address.ts";
import { asciiDomain, canonicalAddress } from "../../addressing/parse-address.ts";

/** The parts of a SIP or SIPS URI (RFC 3261 section 19.1) that Hallway uses; `im:` and `pres:` are read alike. */
export interface SipUri {
  readonly scheme: "sip" | "sips" | "im" | "pres";
  /** Decoded, without password and user parameters; undefined for a URI of a host only. */
  readonly user: string | undefined;
  /** As written, without port; IPv6 in brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: ReadonlyMap<string, string>;
}

const pattern = /^(sips?|im|pres):(?:([^@\s<>]*)@)?(\[[0-9a-fA-F:.]+\]|[^\s:;?@<>,"]+)(?::(\d{1,5}))?((?:;[^?\s<>]*)?)(?:\?\S*)?$/i;

/** Reads a URI; undefined when it is none of these schemes or broken. */
export function parseSipUri(text: string): SipUri | undefined {
  const match = text.length > 4096 ? undefined : pattern.exec(text);
  if (!match) return undefined;
  const [, scheme = "sip", userinfo, host = "", port, parameters = ""] = match;
  const params = new Map<string, string>();
  for (const part of parameters.split(";")) {
    const [name = "", value = ""] = part.split("=", 2);
    if (name !== "") params.set(name.toLowerCase(), value);
  }
  return {
    scheme: scheme.toLowerCase() as SipUri["scheme"],
    user: userinfo === undefined || userinfo === "" ? undefined : decode(userinfo.replace(/[:;].*$/su, "")),
    host,
    port: port === undefined ? undefined : Number(port),
    params,
  };
}

/** The address of whoever a URI stands for; undefined when it has no user or is no address for us. */
export function addressOfUri(text: string): Address | undefined {
  const uri = parseSipUri(text);
  if (!uri || uri.user === undefined) return undefined;
  try {
    return canonicalAddress(encodeAmbiguous(uri.user), uri.host, "simple");
  } catch {
    return undefined;
  }
}

/** The address of record of an address, as SIP URI. */
export function uriOfAddress(address: Address): string {
  return `sip:${escapeUser(localOf(address))}@${asciiDomain(domainOf(address)) ?? domainOf(address)}`;
}

/** RFC 3261 section 25.1 `user`: everything but unreserved and user-unreserved is escaped, and the semicolon too since it begins parameters; escapes that stand already stay. */
export function escapeUser(user: string): string {
  return user
    .toWellFormed()
    .replace(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-_.!~*'()&=+$,?]/gu, (c) => (c.length === 3 && c.startsWith("%") ? c : encodeURIComponent(c)));
}

function decode(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** What an address cannot hold stays escaped, as parseAddress leaves it. */
function encodeAmbiguous(user: string): string {
  return user.replace(/[\s\p{C}"%/<>@]/gu, (c) => encodeURIComponent(c.toWellFormed()));
}
