/** The part of `node:dns/promises` that networks use, so that tests hand in their own. */
export interface DnsResolver {
  resolveSrv(name: string): Promise<readonly { name: string; port: number; priority: number; weight: number }[]>;
  resolveNaptr(name: string): Promise<
    readonly {
      flags: string;
      service: string;
      regexp: string;
      replacement: string;
      order: number;
      preference: number;
    }[]
  >;
  /** Addresses of a host, in order of use. */
  lookup(host: string): Promise<readonly { address: string; family: 4 | 6 }[]>;
}
