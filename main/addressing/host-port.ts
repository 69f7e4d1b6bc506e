import { isIP } from "node:net";

/** A host, and the port beside it where one was said. */
export interface HostPort {
  /** A name, or an address without brackets; IPv6 in one spelling, with its zone where it has one (`fe80::1%eth0`). */
  readonly host: string;
  readonly port: number | undefined;
}

/**
 * IPv6 in one spelling, without zone and brackets, as certificates and rules compare it; anything else as it is. The
 * URL parser knows it.
 */
export function canonicalIp(ip: string): string {
  const bare = ip.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  return isIP(bare) === 6 ? new URL(`http://[${bare}]/`).hostname.slice(1, -1) : bare;
}

/**
 * Reads a host as people and servers write it: a name or an IPv4 address, IPv6 with or without brackets, each with a
 * port behind it or not, and with a zone as RFC 4007 section 11 or RFC 6874 has it. Undefined: none of these.
 */
export function parseHostPort(text: string): HostPort | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 300) return undefined;
  const bare = literal(trimmed);
  if (bare !== undefined) return { host: bare, port: undefined };
  const [, brackets, name, digits] = /^(?:\[([^\]]*)\]|([^\s:/?#@[\]%\\]+))(?::(\d{1,5}))?$/.exec(trimmed) ?? [];
  const host = brackets === undefined ? name?.replace(/\.$/, "").toLowerCase() : literal(brackets);
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || host === "" || port === 0 || (port ?? 0) > 65_535) return undefined;
  return { host, port };
}

/** An IPv6 address. RFC 6874 writes the percent sign of a zone as %25. */
function literal(text: string): string | undefined {
  const [address = "", zone] = text.replace(/%25(?=.)/, "%").split("%");
  if (isIP(address) !== 6 || (zone !== undefined && !/^[A-Za-z0-9._~-]{1,32}$/.test(zone))) return undefined;
  return canonicalIp(address) + (zone === undefined ? "" : `%${zone}`);
}

/**
 * A host as it stands in a URL: IPv6 in brackets, without its zone, which is nobody else's business (RFC 6874 section
 * 4).
 */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${canonicalIp(host)}]` : host;
}
