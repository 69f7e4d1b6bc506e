import type { Protocol } from "../../shared/model/account.ts";

/** Registered schemes of addresses, and the network that each names; `im:` and `pres:` name none (RFC 3861). */
export const schemes: Readonly<Record<string, Protocol | undefined>> = {
  sip: "simple",
  sips: "simple",
  xmpp: "xmpp",
  im: undefined,
  pres: undefined,
};

/** Scheme of a network's own URIs (RFC 5122, RFC 3261 section 19.1); `im` (RFC 3860) where it has none. */
export function schemeOf(protocol: Protocol | undefined): string {
  return Object.keys(schemes).find((scheme) => protocol !== undefined && schemes[scheme] === protocol) ?? "im";
}
