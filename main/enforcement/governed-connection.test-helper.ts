import type { NetworkEvent } from "../networks/events.ts";
import type { Network, Reach } from "../networks/network.ts";
import { xmppDescription } from "../networks/xmpp/description.ts";
import { wholeConnection } from "./facets.test-helper.ts";
import { governNetwork } from "./governed-network.ts";
import type { TrafficRules } from "./governor.ts";

const allowing: TrafficRules = {
  talk: (address, own) =>
    address.endsWith("inside.test")
      ? undefined
      : { code: "blocked-by-policy", params: { setting: "AllowedDomains", own: own ?? "" } },
  blocklist: { covers: (_, address) => address === "bad@inside.test" },
  learnGateway: () => undefined,
  silenced: () => undefined,
  shown: ({ availability }) => ({ availability }),
};

/** A governed connection over one that has everything; people of inside.test may be met, but for bad@inside.test. */
export function govern(rules: Partial<TrafficRules> = {}) {
  const inner = wholeConnection();
  const events: NetworkEvent[] = [];
  let emit: (event: NetworkEvent) => void = () => undefined;
  let reach: Reach | undefined;
  const network: Network = {
    description: xmppDescription,
    discover: async () => [],
    open(_account, options) {
      ({ emit, reach } = options);
      return inner;
    },
  };
  const governed = governNetwork(network, { ...allowing, ...rules });
  const connection = governed.open(
    { id: "a", protocol: "xmpp", address: "me@inside.test", enabled: true, deviceId: "d", server: {} },
    { credentials: { password: async () => undefined }, emit: (event) => void events.push(event) },
  );
  return { inner, governed, connection, events, emit: (event: NetworkEvent) => emit(event), reach: () => reach };
}
