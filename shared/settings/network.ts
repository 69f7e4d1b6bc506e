import * as v from "valibot";
import { absent, declare, itDecides, personOrPolicy } from "./declare.ts";
import { domainPattern, url } from "./forms.ts";
import { boolean, choice, list, someOf, structure } from "./kinds.ts";
import { policyProtocols } from "./protocols.ts";

/** `blocked`: no connection at all. */
const ProxySchema = v.variant("mode", [
  v.strictObject({ mode: v.literal("system") }),
  v.strictObject({ mode: v.literal("direct") }),
  v.strictObject({
    mode: v.literal("fixed"),
    url: url("http", "https", "socks5"),
    bypass: v.optional(v.pipe(v.array(domainPattern), v.maxLength(1000))),
  }),
  v.strictObject({ mode: v.literal("script"), url: url("http", "https") }),
  v.strictObject({ mode: v.literal("blocked") }),
]);

export const network = {
  AllowedProtocols: declare({
    ...someOf(policyProtocols),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/accounts.test.ts: only allowed protocols are signed in to",
    default: policyProtocols,
    restricted: [],
    example: ["xmpp", "simple"],
  }),
  /** Hosts that may be connected to. */
  AllowedServers: declare({
    ...list(domainPattern, 1000),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/network.test.ts: a server that policy does not allow is left, and not connected to",
    default: ["*"],
    restricted: [],
    example: ["chat.example.com", "sip.example.com", "*.im.example.com"],
  }),
  /** With whom one may talk outside the domains of one's own accounts: everyone, those of AllowedDomains, nobody. */
  FederationMode: declare({
    ...choice(["open", "list", "none"]),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/federation.test.ts: people outside the allowed domains are neither written to, added nor heard, from the moment policy says so",
    group: "federation",
    default: "open",
    restricted: "none",
    example: "list",
  }),
  AllowedDomains: declare({
    ...list(domainPattern, 10_000),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/federation.test.ts: people outside the allowed domains are neither written to, added nor heard, from the moment policy says so",
    group: "federation",
    default: [],
    restricted: [],
    example: ["partner.example"],
  }),
  BlockedDomains: declare({
    ...list(domainPattern, 10_000),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/federation.test.ts: people of a blocked domain are shut out on every way, the archive too, whatever else allows them",
    group: "federation",
    default: [],
    restricted: ["*"],
    example: ["*.spam.example"],
  }),
  /** Accounts of other networks behind a gateway (XEP-0100). */
  GatewaysEnabled: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/gateways.test.ts: people behind a gateway are neither written to, added nor heard, from the moment policy says so",
    default: true,
    restricted: false,
    example: false,
  }),
  ProxySettings: declare({
    ...structure(ProxySchema),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/proxy.test.ts: a connection goes through the proxy that policy names, and through nothing else, from the moment policy says so",
    default: { mode: "system" },
    restricted: { mode: "blocked" },
    example: { mode: "fixed", url: "http://proxy.example.com:3128", bypass: ["*.example.com"] },
  }),
  /** May Hallway fetch what is behind a link, to show a preview? */
  LinkLookupsEnabled: declare({
    ...boolean(),
    ...personOrPolicy,
    ...absent,
    tighten: true,
    default: false,
    restricted: false,
    example: false,
  }),
} as const;
