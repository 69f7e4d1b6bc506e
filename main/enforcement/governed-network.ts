import type { AccountConfig, ServerSettings } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { NetworkDescription } from "../../shared/model/network.ts";
import type { Emit, NetworkEvent, Stored } from "../networks/events.ts";
import type { ConnectionOptions, Endpoint, Network } from "../networks/network.ts";
import { GovernedConnection } from "./governed-connection.ts";
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
  return new RuledNetwork(network, rules);
}

class RuledNetwork implements GovernedNetwork {
  readonly description: NetworkDescription;
  readonly #network: Network;
  readonly #rules: TrafficRules;
  readonly #open = new Set<HeardPresences>();

  constructor(network: Network, rules: TrafficRules) {
    this.description = network.description;
    this.#network = network;
    this.#rules = rules;
  }

  discover(address: Address, settings: ServerSettings, signal: AbortSignal): Promise<readonly Endpoint[]> {
    return this.#network.discover(address, settings, signal);
  }

  open(account: AccountConfig, { credentials, emit }: ConnectionOptions): GovernedConnection {
    const governor = new Governor(this.#rules, account);
    const heard = new HeardPresences(governor, emit);
    const inner = this.#network.open(account, {
      credentials,
      emit: (event) => passOn(event, { governor, heard, emit }),
      reach: (address) => governor.silenceFor(address),
    });
    this.#open.add(heard);
    return new GovernedConnection({ inner, governor, heard, closed: () => this.#open.delete(heard) });
  }

  applyPolicy(): void {
    for (const heard of this.#open) heard.applyRules();
  }
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

/**
 * Decision about an event of a connection: it passes, it is dropped, or it is one that the governor handles itself.
 * An event without a rule does not compile here, and one that is unknown at run time is refused.
 */
export type Verdict = "pass" | "drop" | "unknown";

/** Events that say nothing about whether somebody may be heard; the governed network handles the two others itself. */
export type RuledEvent = Exclude<NetworkEvent, { readonly type: "presence" | "gateway" }>;

export function judgeEvent(event: RuledEvent, governor: Governor): Verdict {
  const passIf = (may: boolean): Verdict => (may ? "pass" : "drop");
  switch (event.type) {
    case "message":
      return passIf(governor.mayHear(event.message));
    case "change":
      return passIf(governor.mayHear(event.change));
    case "typing":
    case "read-elsewhere":
      return passIf(governor.mayMeet(event.peer));
    case "subscription-request":
      return passIf(governor.mayMeet(event.address));
    // The account's own state, and what is written on the server's list.
    case "connection-lost":
    case "facets":
    case "roster":
    case "roster-item":
    case "roster-removed":
    case "subscription-settled":
    case "block-list":
    case "block-changed":
    case "refused":
      return "pass";
    // Delivery status of an outgoing message: the person's to know.
    case "delivery":
    case "read-up-to":
      return "pass";
    default:
      return unruled(event);
  }
}

/** For the compiler, which accepts no event here; at run time nothing is known of it that would let it pass. */
function unruled(_event: never): Verdict {
  return "unknown";
}
