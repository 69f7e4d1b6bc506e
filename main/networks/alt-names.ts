import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { canonicalIp } from "../addressing/host-port.ts";

/** A name that a certificate was issued for. */
export interface AltName {
  /** `srv`: id-on-dnsSRV (RFC 4985), with its service; `xmpp`: id-on-xmppAddr (RFC 6120 section 13.7.1.4). */
  readonly type: "dns" | "ip" | "uri" | "srv" | "xmpp";
  /** Names in lower case, addresses in one spelling, URIs as they are. */
  readonly value: string;
}

const labels: Readonly<Record<string, AltName["type"]>> = {
  DNS: "dns",
  "IP Address": "ip",
  URI: "uri",
  "othername:SRVName": "srv",
  "othername:XmppAddr": "xmpp",
};

/**
 * The subject alternative names of a certificate, as Node writes them in a line: `DNS:a, URI:b, IP Address:c,
 * othername: SRVName:d`, with values that hold special characters as JSON strings. The common name is never looked at
 * (RFC 9525 section 2).
 */
export function altNames(text: string | undefined): readonly AltName[] {
  const found: AltName[] = [];
  const pattern =
    /(DNS|URI|IP Address|email|Registered ID|DirName|othername: ?[A-Za-z0-9]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)|othername:<unsupported>(?:, |$)/g;
  for (const [, label = "", raw = ""] of (text ?? "").matchAll(pattern)) {
    const type = labels[label.replace(": ", ":")];
    const value = unquote(raw);
    if (type === undefined || value === undefined) continue;
    found.push({ type, value: type === "uri" ? value : type === "ip" ? canonicalIp(value) : value.toLowerCase() });
  }
  return found;
}

function unquote(raw: string): string | undefined {
  if (!raw.startsWith('"')) return raw.trim();
  try {
    return String(JSON.parse(raw));
  } catch {
    return undefined;
  }
}

/**
 * Whether a certificate is for this host (RFC 9525 section 6): an address by its IP address, a name by a DNS name, of
 * which the first label may be `*`.
 */
export function isForHost(names: readonly AltName[], host: string): boolean {
  const wanted = canonicalIp(host.toLowerCase()).replace(/\.$/, "");
  if (isIP(wanted)) return names.some(({ type, value }) => type === "ip" && value === wanted);
  return names.some(({ type, value }) => type === "dns" && matchesDns(value.replace(/\.$/, ""), wanted));
}

function matchesDns(pattern: string, name: string): boolean {
  if (pattern === name) return !pattern.includes("*");
  const [star, ...rest] = pattern.split(".");
  const [, ...below] = name.split(".");
  return star === "*" && rest.length > 1 && !rest.join("").includes("*") && rest.join(".") === below.join(".");
}

/**
 * Whether a certificate is for this XMPP domain as clients see it: by DNS name, by the service of clients (RFC 6120
 * section 13.7.1.2.1, XEP-0368 section 4), or by XMPP address. That of servers among themselves, `_xmpp-server`, is
 * another.
 */
export function isForXmppDomain(names: readonly AltName[], domain: string): boolean {
  const wanted = domain.toLowerCase();
  return (
    isForHost(names, domain) ||
    names.some(
      ({ type, value }) =>
        (type === "srv" && isClientService(value, wanted)) || (type === "xmpp" && domainToASCII(value) === wanted),
    )
  );
}

function isClientService(value: string, domain: string): boolean {
  return value === `_xmpp-client.${domain}` || value === `_xmpps-client.${domain}`;
}
