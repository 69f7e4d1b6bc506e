import { noRules } from "../../main/networks/connection-rules.ts";
import type { NetworkEnvironment } from "../../main/networks/environment.ts";
import type { Network } from "../../main/networks/network.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import { createXmppNetwork } from "../../main/networks/xmpp/network.ts";
import type { Protocol } from "../../shared/model/account.ts";

/** A network by itself, without the rest of main, that is told where its server is. */
export function createNetwork(protocol: Protocol): Network {
  const nowhere = async (): Promise<never> => {
    throw Object.assign(new Error("the bench says where its servers are"), { code: "ENOTFOUND" });
  };
  const cache = new Map<string, string>();
  const environment: NetworkEnvironment = {
    dns: { resolveSrv: nowhere, resolveNaptr: nowhere, lookup: async (address) => [{ address, family: 4 }] },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    now: Date.now,
    extraTrust: [],
    minTlsVersion: "TLSv1.2",
    rules: noRules,
    allowCleartext: () => false,
    cache: { get: async (key) => cache.get(key), set: async (key, value) => void cache.set(key, value) },
  };
  return protocol === "xmpp" ? createXmppNetwork(environment) : createSimpleNetwork(environment);
}
