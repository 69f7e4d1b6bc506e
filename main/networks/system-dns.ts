import { promises as dns } from "node:dns";
import type { DnsResolver } from "./dns.ts";

/** Time-out and tries for each name server, so that a dead resolver costs seconds, not minutes. Milliseconds. */
const limits = { timeout: 3_000, tries: 2 };

/**
 * Asks the system's name servers; `servers` (address:port) replaces them, for tests. Host names go through the system's
 * own lookup (hosts file, mDNS) unless `servers` is given. Rejects with the codes of `node:dns` (ENOTFOUND,
 * ENODATA...).
 */
export function createSystemDns(servers?: readonly string[]): DnsResolver {
  const resolver = new dns.Resolver(limits);
  if (servers) resolver.setServers(servers);

  async function lookupAt(host: string): Promise<{ address: string; family: 4 | 6 }[]> {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found: { address: string; family: 4 | 6 }[] = [];
    if (v6.status === "fulfilled") found.push(...v6.value.map((address) => ({ address, family: 6 as const })));
    if (v4.status === "fulfilled") found.push(...v4.value.map((address) => ({ address, family: 4 as const })));
    if (found.length === 0 && v4.status === "rejected") throw v4.reason;
    return found;
  }

  return {
    resolveSrv: (name) => resolver.resolveSrv(name),
    resolveNaptr: (name) => resolver.resolveNaptr(name),
    async lookup(host) {
      if (servers) return lookupAt(host);
      const all = await dns.lookup(host, { all: true, order: "verbatim" });
      return all.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
    },
  };
}
