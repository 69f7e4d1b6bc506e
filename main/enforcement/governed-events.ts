import type { NetworkEvent } from "../networks/events.ts";
import type { Governor } from "./governor.ts";

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
