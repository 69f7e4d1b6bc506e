import { truncate } from "../text/truncate.ts";
import type { Words } from "../words/words.ts";
import type { Protocol } from "./account.ts";
import { maxStatusLength, type OwnPresence } from "./presence.ts";

/** Availabilities for which XMPP has no word (RFC 6121 section 4.7.2.1), each with the nearest one that it has. */
const nearest = { "in-call": "busy", "in-meeting": "busy", "be-right-back": "away" } as const satisfies Partial<
  Record<OwnPresence["availability"], OwnPresence["availability"]>
>;

function hasNearest(availability: OwnPresence["availability"]): availability is keyof typeof nearest {
  return Object.hasOwn(nearest, availability);
}

/**
 * Own presence as it goes out on a network, and so as others see it; the window shows the person just this. What the
 * network has no word for is said in the status text, in front of the person's own: "Busy" with "In a meeting". SIP has
 * words for all of them (RFC 4480 section 3.2).
 */
export function seenPresence(presence: OwnPresence, protocol: Protocol, { t }: Pick<Words, "t">): OwnPresence {
  const { availability, status = "" } = presence;
  if (protocol !== "xmpp" || !hasNearest(availability)) return presence;
  const name = t(`presence.${availability}`);
  const own = status.trim();
  const isSaid = own.toLocaleLowerCase().startsWith(name.toLocaleLowerCase());
  return {
    ...presence,
    availability: nearest[availability],
    status: truncate(own === "" ? name : isSaid ? own : `${name} · ${own}`, maxStatusLength),
  };
}
