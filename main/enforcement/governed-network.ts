import type { Emit, NetworkEvent, Stored } from "../networks/events.ts";
import type { Network } from "../networks/network.ts";
import { GovernedConnection } from "./governed-connection.ts";
import { judgeEvent } from "./governed-events.ts";
import { Governor, type TrafficRules } from "./governor.ts";
import { HeardPresences } from "./heard-presences.ts";

/** A network through which nothing passes that the rules forbid, in either direction. */
export interface GovernedNetwork extends Network {
  /** The rules have changed: presence that may be seen now is shown, and that of others forgotten. */
  applyPolicy(): void;
}

/**
 * The one place at which it is decided who may be written to, added and heard, on every network: live, from own other
 * devices, and out of the archive. People who may not be talked with stay in the contact list, where they can be
 * removed, but nothing is heard of them. Nor is it of those whom the person has blocked, whatever their server lets
 * through.
 */
export function governNetwork(network: Network, rules: TrafficRules): GovernedNetwork {
  const open = new Set<HeardPresences>();
  return {
    description: network.description,
    discover: (address, settings, signal) => network.discover(address, settings, signal),
    open(account, { credentials, emit }) {
      const governor = new Governor(rules, account);
      const heard = new HeardPresences(governor, emit);
      const inner = network.open(account, {
        credentials,
        emit: (event) => passOn(event, { governor, heard, emit }),
        reach: (address) => governor.silenceFor(address),
      });
      open.add(heard);
      return new GovernedConnection({ inner, governor, heard, closed: () => open.delete(heard) });
    },
    applyPolicy() {
      for (const heard of open) heard.applyRules();
    },
  };
}

interface Hearing {
  readonly governor: Governor;
  readonly heard: HeardPresences;
  readonly emit: Emit;
}

function passOn(event: NetworkEvent, { governor, heard, emit }: Hearing): Stored {
  switch (event.type) {
    case "presence":
      heard.hear(event.address, event.presence);
      return undefined;
    case "gateway":
      governor.learnGateway(event.domain);
      heard.applyRules();
      return undefined;
    default: {
      const verdict = judgeEvent(event, governor);
      if (verdict === "pass") return emit(event) || undefined;
      if (verdict === "unknown") emit({ type: "refused", what: "an event that has no rule" });
      return undefined;
    }
  }
}
