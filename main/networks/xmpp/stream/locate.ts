import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { HallwayError } from "../../../../shared/errors.ts";
import type { ServerSettings, Transport } from "../../../../shared/model/account.ts";
import { canonicalIp, parseHostPort } from "../../../addressing/host-port.ts";
import type { DnsResolver } from "../../dns.ts";
import type { Endpoint } from "../../network.ts";

/** Collaborators of the search for a server; `webSockets` is asked only when what DNS offers has been tried (XEP-0156). */
export interface Locator {
  readonly dns: DnsResolver;
  readonly webSockets: (signal: AbortSignal) => Promise<readonly Endpoint[]>;
  /** 0 <= x < 1, for the weighted choice of RFC 2782. */
  readonly random: () => number;
}

/** The domain as it stands in DNS and in certificates. Error: `invalid-address`. */
export function asciiDomain(domain: string): string {
  const ascii = domainToASCII(domain);
  if (ascii === "" || ascii.length > 253) throw new HallwayError("invalid-address", { address: domain });
  return ascii;
}

/** More SRV targets than this are not worth trying. */
const maxTargets = 16;

export interface Search {
  readonly settings: ServerSettings;
  readonly locator: Locator;
  /** Is the domain itself tried where it says nothing? */
  readonly guess: boolean;
}

/**
 * The ways to a domain's XMPP servers, best first, each found only when it is asked for. What is fixed in the settings
 * is the only one. Else SRV records of RFC 6120 section 3.2.1 and XEP-0368 section 3 mixed by priority and weight; when
 * those have been exhausted, the WebSockets of XEP-0156; without any of these - with `guess` - the domain itself at
 * port 5222 (RFC 6120 section 3.2.2), or as usual for the transport that was said. None: the domain offers no XMPP.
 * Errors: `unknown-host`, `no-network`.
 */
export async function* waysTo(
  domain: string,
  { settings, locator, guess }: Search,
  signal: AbortSignal,
): AsyncGenerator<Endpoint, void, undefined> {
  const fixed = fromSettings(domain, settings);
  const literal = parseHostPort(domain);
  if (fixed) {
    yield fixed;
    return;
  }
  // An address has no records: it is the server.
  if (literal && isIP(canonicalIp(literal.host))) {
    if (guess) yield guessed(literal.host, settings.transport);
    return;
  }
  const [plain, direct] = await Promise.all([
    srv(locator.dns, `_xmpp-client._tcp.${domain}`),
    srv(locator.dns, `_xmpps-client._tcp.${domain}`),
  ]);
  signal.throwIfAborted();
  const wanted = (transport: Transport) => settings.transport === undefined || settings.transport === transport;
  const records = [
    ...(wanted("starttls") ? plain.records.map((r) => ({ ...r, transport: "starttls" as const })) : []),
    ...(wanted("direct-tls") ? direct.records.map((r) => ({ ...r, transport: "direct-tls" as const })) : []),
  ];
  const found = order(records, locator.random).slice(0, maxTargets);
  yield* found;
  // RFC 2782: a target of "." says that the service is decidedly not there.
  const refused = plain.refused;
  const exists = refused || plain.exists || direct.exists ? true : await hostExists(locator.dns, domain);
  if (!exists) throw new HallwayError("unknown-host", { host: domain });
  const sockets = wanted("websocket") ? await locator.webSockets(signal) : [];
  yield* sockets;
  if (found.length === 0 && sockets.length === 0 && !refused && guess) yield guessed(domain, settings.transport);
}

/** All that `waysTo` finds. */
export async function locate(domain: string, search: Search, signal: AbortSignal): Promise<readonly Endpoint[]> {
  const found: Endpoint[] = [];
  for await (const endpoint of waysTo(domain, search, signal)) found.push(endpoint);
  return found;
}

/**
 * Settings of the person, or of IT: any part of where the server is. A path is of a WebSocket. Errors: `unsupported`,
 * `unknown-host` for what is no host.
 */
function fromSettings(domain: string, settings: ServerSettings): Endpoint | undefined {
  const { path } = settings;
  if (settings.host === undefined && settings.port === undefined && path === undefined) return undefined;
  const said = parseHostPort(settings.host ?? domain);
  if (!said) throw new HallwayError("unknown-host", { host: settings.host ?? domain });
  const port = settings.port ?? said.port;
  const kind =
    settings.transport ??
    (path !== undefined ? "websocket" : port === 5223 || port === 443 ? "direct-tls" : "starttls");
  const usual = guessed(said.host, kind);
  return { ...usual, port: port ?? usual.port, ...(kind === "websocket" && path !== undefined ? { url: path } : {}) };
}

/** A host by what is usual for a transport. Error: `unsupported` for one that XMPP does not have. */
function guessed(host: string, transport: Transport = "starttls"): Endpoint {
  if (transport === "starttls") return { host, port: 5222, transport };
  if (transport === "direct-tls") return { host, port: 5223, transport };
  if (transport === "websocket") return { host, port: 443, transport, url: "/xmpp-websocket" };
  throw new HallwayError("unsupported");
}

interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** One SRV look-up. A failure is no answer: it must not keep the other look-up's answer from being used. */
async function srv(
  dns: DnsResolver,
  name: string,
): Promise<{ readonly records: readonly SrvRecord[]; readonly refused: boolean; readonly exists: boolean }> {
  try {
    const all = await dns.resolveSrv(name);
    const refused = all.length === 1 && (all[0]?.name === "" || all[0]?.name === ".");
    const records = all.filter((r) => r.name !== "" && r.name !== "." && r.port > 0 && r.port < 65536).slice(0, 32);
    return { records: refused ? [] : records, refused, exists: all.length > 0 };
  } catch {
    return { records: [], refused: false, exists: false };
  }
}

async function hostExists(dns: DnsResolver, host: string): Promise<boolean> {
  try {
    return (await dns.lookup(host)).length > 0;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOTFOUND" || code === "ENODATA") return false;
    // Only a proxy will know.
    if (code === "EPROXIED") return true;
    throw new HallwayError("no-network", { host }, error);
  }
}

/** RFC 2782: by priority, within it by chance according to weight; XEP-0368 section 3: both services as one list. */
function order(
  records: readonly (SrvRecord & { readonly transport: "starttls" | "direct-tls" })[],
  random: () => number,
): Endpoint[] {
  const left = [...records].sort((a, b) => a.priority - b.priority || a.weight - b.weight);
  const ordered: Endpoint[] = [];
  while (left.length > 0) {
    const priority = left[0]?.priority;
    const same = left.filter((r) => r.priority === priority);
    let mark = random() * same.reduce((sum, r) => sum + r.weight, 0);
    const chosen =
      same.find((r) => {
        mark -= r.weight;
        return mark < 0;
      }) ?? same[0];
    if (!chosen) break;
    left.splice(left.indexOf(chosen), 1);
    const name = chosen.name.replace(/\.$/, "").toLowerCase();
    ordered.push({ host: parseHostPort(name)?.host ?? name, port: chosen.port, transport: chosen.transport });
  }
  return ordered;
}
