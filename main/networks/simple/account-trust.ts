import { isIP } from "node:net";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { domainOf } from "../../../shared/model/address.ts";
import { parseHostPort } from "../../addressing/host-port.ts";
import { asciiDomain } from "../../addressing/parse-address.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { Trust } from "./transports/trust.ts";

/** Whom an account believes to be its server. `host`: the server's, which pins may name beside the domain. */
export function accountTrust({ server, address }: AccountConfig, environment: NetworkEnvironment, host: string): Trust {
  const domain = asciiDomain(domainOf(address)) ?? domainOf(address);
  const { extraTrust, minTlsVersion, revocation, rules } = environment;
  const fixed = server.host === undefined ? undefined : parseHostPort(server.host)?.host;
  return {
    // A host that the person fixed by hand is one whom they trust; one that DNS named is not (RFC 5922 section 7.3).
    names: fixed !== undefined && isIP(fixed) === 0 ? [domain, fixed] : [domain],
    anchors: [...extraTrust, ...(server.caPem === undefined ? [] : [server.caPem])],
    pins: server.pins ?? [],
    mayHave: (names, key) => rules.key([host, ...names], key),
    minVersion: minTlsVersion,
    revocation,
  };
}
