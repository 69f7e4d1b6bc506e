import type { LookupFunction } from "node:net";
import type { DnsResolver } from "./dns.ts";

/** The house's resolver in the shape that sockets ask for. */
export function socketLookup(lookup: DnsResolver["lookup"]): LookupFunction {
  return (host, options, callback) => {
    lookup(host).then(
      (addresses) => {
        const usable =
          options.family === 4 || options.family === 6
            ? addresses.filter((a) => a.family === options.family)
            : addresses;
        const [first] = usable;
        if (!first) callback(Object.assign(new Error("no address"), { code: "ENOTFOUND" }), "", 4);
        else if (options.all)
          callback(
            null,
            usable.map(({ address, family }) => ({ address, family })),
          );
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error("lookup failed"), "", 4),
    );
  };
}
