import { isIP } from "node:net";
import { HallwayError } from "../../../../shared/errors.ts";
import type { ServerSettings } from "../../../../shared/model/account.ts";
import { type Address, domainOf } from "../../../../shared/model/address.ts";
import { parseHostPort } from "../../../addressing/host-port.ts";
import { asciiDomain } from "../../../addressing/parse-address.ts";
import type { DnsResolver } from "../../dns.ts";
import type { Endpoint } from "../../network.ts";
import { nodeCode } from "../errors.ts";

/** Transports that SIP endpoints may have. UDP is looked for, since it tells that there is SIP, but never used. */
type SipTransportName = "tls" | "tcp" | "udp";

const defaultPort = { tls: 5061, tcp: 5060, websocket: 443 } as const;
/** RFC 3263 section 4.1: NAPTR services, and the SRV names to ask where there is no NAPTR. Secure ones first. */
const services: Readonly<Record<string, SipTransportName>> = { "SIPS+D2T": "tls", "SIP+D2T": "tcp", "SIP+D2U": "udp" };
const srvNames: readonly (readonly [string, SipTransportName])[] = [
  ["_sips._tcp", "tls"],
  ["_sip._tcp", "tcp"],
  ["_sip._udp", "udp"],
];
const dnsTimeout = 5_000;
/** More endpoints than this are not worth trying, and a hostile zone must not keep us busy. */
const maxEndpoints = 12;

/** Surroundings that locating needs. */
export interface LocateContext {
  readonly dns: DnsResolver;
  readonly allowCleartext: (host: string) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Finds the servers of a domain, best first; empty when DNS says nothing about SIP. TLS always comes before clear text
 * whatever the zone prefers, since an unsigned zone must not talk us out of it, and clear text is only listed where it
 * is allowed. Errors: `unknown-host`, `no-network`, `cancelled`. Source: RFC 3263 section 4.
 */
export async function locate(
  address: Address,
  settings: ServerSettings,
  context: LocateContext,
): Promise<readonly Endpoint[]> {
  const domain = asciiDomain(domainOf(address));
  if (domain === undefined) throw new HallwayError("unknown-host", { host: domainOf(address) });
  const fixed = fixedEndpoint(domain, settings, context);
  if (fixed) return [fixed];
  if (isIP(domain.replace(/^\[|\]$/g, ""))) return [];
  const asked = await ask(context, () => context.dns.resolveNaptr(domain));
  const naptr = (asked.records ?? [])
    .filter((r) => r.flags.toLowerCase() === "s" && r.service.toUpperCase() in services && r.replacement !== "")
    .sort((a, b) => a.order - b.order || a.preference - b.preference)
    .map((r) => [r.replacement, services[r.service.toUpperCase()] ?? "tls"] as const);
  const names =
    naptr.length > 0 ? naptr : srvNames.map(([prefix, transport]) => [`${prefix}.${domain}`, transport] as const);
  const found = await Promise.all(
    names
      .slice(0, maxEndpoints)
      .map(async ([name, transport]) => ({ transport, ...(await ask(context, () => context.dns.resolveSrv(name))) })),
  );
  if (found.every((f) => f.failure === "unreachable") && asked.failure === "unreachable")
    throw new HallwayError("no-network");
  const endpoints = found.flatMap(({ transport, records }) =>
    orderSrv(records ?? []).map(
      (r): Endpoint => ({ host: parseHostPort(r.name)?.host ?? r.name.replace(/\.$/, ""), port: r.port, transport }),
    ),
  );
  if (endpoints.length === 0) {
    if (asked.failure === "no-such-name") await mustExist(domain, context);
    return [];
  }
  const secure = endpoints.filter((e) => e.transport === "tls");
  const clear = endpoints.filter((e) => e.transport === "tcp" && context.allowCleartext(e.host));
  // Only what we do not use is offered: TLS on the usual port is worth a try before giving up.
  const usable = [...secure, ...clear];
  return (
    usable.length > 0
      ? usable
      : endpoints.map((e): Endpoint => ({ host: e.host, port: defaultPort.tls, transport: "tls" }))
  ).slice(0, maxEndpoints);
}

/** RFC 3263 section 4.2: where there is no SRV, the domain itself on the default port of TLS. */
export function lastResort(address: Address): Endpoint {
  const domain = asciiDomain(domainOf(address)) ?? domainOf(address);
  return { host: parseHostPort(domain)?.host ?? domain, port: defaultPort.tls, transport: "tls" };
}

/**
 * Endpoint that the person fixed by hand. Errors: `tls-required` when that is clear text to a host where it is not
 * allowed, `unknown-host` for what is no host.
 */
function fixedEndpoint(domain: string, settings: ServerSettings, context: LocateContext): Endpoint | undefined {
  const { path } = settings;
  if (
    settings.host === undefined &&
    settings.port === undefined &&
    settings.transport === undefined &&
    path === undefined
  )
    return undefined;
  const said = parseHostPort(settings.host ?? domain);
  if (!said) throw new HallwayError("unknown-host", { host: settings.host ?? domain });
  const { host } = said;
  const transport = settings.transport ?? (path === undefined ? "tls" : "websocket");
  if (transport === "udp" || (transport === "tcp" && !context.allowCleartext(host)))
    throw new HallwayError("tls-required", { host });
  if (transport !== "tls" && transport !== "tcp" && transport !== "websocket") throw new HallwayError("unsupported");
  const url = transport === "websocket" && path !== undefined ? { url: path } : {};
  return { host, port: settings.port ?? said.port ?? defaultPort[transport], transport, ...url };
}

/**
 * RFC 2782: by priority, and in one priority at random by weight. "." as only target: the service is not offered.
 */
export function orderSrv<T extends { readonly name: string; readonly priority: number; readonly weight: number }>(
  records: readonly T[],
  random: () => number = Math.random,
): readonly T[] {
  const left = records.filter((r) => r.name !== "." && r.name !== "");
  const ordered: T[] = [];
  for (let chosen = drawn(left, random); chosen; chosen = drawn(left, random)) {
    ordered.push(chosen);
    left.splice(left.indexOf(chosen), 1);
  }
  return ordered;
}

/** One of those of the least priority. */
function drawn<T extends { readonly priority: number; readonly weight: number }>(
  records: readonly T[],
  random: () => number,
): T | undefined {
  const priority = Math.min(...records.map((r) => r.priority));
  const same = records.filter((r) => r.priority === priority).sort((a, b) => a.weight - b.weight);
  let mark = random() * same.reduce((sum, r) => sum + r.weight, 0);
  return same.find((r) => (mark -= r.weight) <= 0) ?? same[0];
}

interface Asked<T> {
  readonly records?: readonly T[];
  readonly failure?: "none" | "no-such-name" | "unreachable";
}

/** Asks DNS with a time-out; that there is nothing is an answer, not an error. Error: `cancelled`. */
async function ask<T>(context: LocateContext, query: () => Promise<readonly T[]>): Promise<Asked<T>> {
  try {
    const records = await bounded(query(), context.signal);
    return records.length > 0 ? { records } : { failure: "none" };
  } catch (error) {
    if (error instanceof HallwayError && error.code === "cancelled") throw error;
    const code = nodeCode(error);
    if (code === "ENOTFOUND") return { failure: "no-such-name" };
    return { failure: code === "ENODATA" || code === "EBADNAME" || code === "ENOTIMP" ? "none" : "unreachable" };
  }
}

/** The domain has no NAPTR and no SRV: it may still be a host. Errors: `unknown-host`, `no-network`. */
async function mustExist(domain: string, context: LocateContext): Promise<void> {
  const host = await ask(context, () => context.dns.lookup(domain));
  if (host.failure === "unreachable") throw new HallwayError("no-network");
  if (host.failure !== undefined) throw new HallwayError("unknown-host", { host: domain });
}

/**
 * IP addresses of an endpoint, in order of use. Errors: `unknown-host`, `no-network`, `cancelled`.
 */
export async function resolveHost(host: string, context: LocateContext): Promise<readonly string[]> {
  const literal = host.replace(/^\[|\]$/g, "");
  if (isIP(literal)) return [literal];
  const { records, failure } = await ask(context, () => context.dns.lookup(host));
  if (records) return records.map((r) => r.address).slice(0, 4);
  throw new HallwayError(failure === "unreachable" ? "no-network" : "unknown-host", { host });
}

function bounded<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new HallwayError("timed-out"))), dnsTimeout);
    const onAbort = (): void => finish(() => reject(new HallwayError("cancelled")));
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(error)),
    );
  });
}
