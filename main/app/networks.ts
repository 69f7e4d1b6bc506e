import type { Protocol } from "../../shared/model/account.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { languageFor } from "../../shared/words/words.ts";
import { type GovernedNetwork, governNetwork } from "../enforcement/governed-network.ts";
import type { TrafficRules } from "../enforcement/governor.ts";
import { createProxyChoice } from "../enforcement/proxy.ts";

import type { Host } from "../host/host.ts";
import type { ConnectionRules } from "../networks/connection-rules.ts";
import type { DnsResolver } from "../networks/dns.ts";
import type { NetworkEnvironment } from "../networks/environment.ts";
import type { Log } from "../networks/log.ts";
import type { Network } from "../networks/network.ts";
import { createProxyFinder } from "../networks/proxy/proxy.ts";
import { createRoutedDns, createTunnel } from "../networks/proxy/tunnel.ts";
import { createRevocationCheck } from "../networks/revocation/revocation.ts";
import { createSimpleNetwork } from "../networks/simple/network.ts";
import { createXmppNetwork } from "../networks/xmpp/network.ts";
import type { Profile } from "../profile/profile.ts";

/** Makes the networks that accounts sign in to. */
export type CreateNetworks = (environment: NetworkEnvironment) => readonly Network[];

export interface NetworkParts {
  /** XMPP and SIMPLE when undefined. */
  readonly create: CreateNetworks | undefined;
  readonly environment: NetworkEnvironment;
  readonly traffic: TrafficRules;
}

export interface EnvironmentParts {
  readonly get: ReadSetting;
  readonly rules: ConnectionRules;
  readonly dns: DnsResolver;
  readonly resolveProxy: Host["resolveProxy"];
  /** BCP 47 tag of the desktop's language. */
  readonly locale: Host["locale"];
  /** Keeps what the networks remember. */
  readonly profile: Profile;
  readonly allowCleartext: (host: string) => boolean;
  readonly log: Log;
  readonly now: () => number;
}

/** The networks, with nothing passing that the settings forbid. */
export function createNetworks({
  create = createOwnNetworks,
  environment,
  traffic,
}: NetworkParts): ReadonlyMap<Protocol, GovernedNetwork> {
  return new Map(create(environment).map((network) => [network.description.id, governNetwork(network, traffic)]));
}

/** The surroundings that the settings make: how servers are reached, those of chats and the organization's own. */
export function createEnvironment({
  get,
  rules,
  resolveProxy,
  locale,
  profile,
  allowCleartext,
  log,
  now,
  ...parts
}: EnvironmentParts): NetworkEnvironment {
  const proxyFor = createProxyChoice(get);
  const dns = createRoutedDns(parts.dns, proxyFor);
  const minVersion = () => (get("TlsMinVersion") === "1.3" ? "TLSv1.3" : "TLSv1.2");
  const tunnel = createTunnel({
    choose: proxyFor,
    find: createProxyFinder(resolveProxy, process.env),
    trust: () => ({
      anchors: get("AdditionalTrustAnchors"),
      minVersion: minVersion(),
      mayHave: (proxy, key) => rules.key([proxy], key),
    }),
  });
  return {
    dns,
    tunnel,
    revocation: createRevocationCheck({ mode: () => get("RevocationMode"), dns, tunnel, now }),
    log,
    now,
    get language() {
      return languageFor(get("Language"), locale);
    },
    get extraTrust() {
      return get("AdditionalTrustAnchors");
    },
    get minTlsVersion() {
      return minVersion();
    },
    rules,
    allowCleartext,
    cache: {
      get: (key) => profile.get("network-cache", key),
      set: (key, value) => profile.put([{ namespace: "network-cache", key, value }]),
    },
  };
}

function createOwnNetworks(environment: NetworkEnvironment): readonly Network[] {
  return [createXmppNetwork(environment), createSimpleNetwork(environment)];
}
