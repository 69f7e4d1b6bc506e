import { truncate } from "../text/truncate.ts";
import type { Words } from "../words/words.ts";
import type { NetworkDescription } from "./network.ts";
import { maxStatusLength, type OwnPresence } from "./presence.ts";

/**
 * Own presence as it goes out on a network, and so as others see it; the window shows the person just this. What the
 * network has no word for is said in the status text, in front of the person's own: "Busy" with "In a meeting".
 */
export function seenPresence(
  presence: OwnPresence,
  network: Pick<NetworkDescription, "nearest"> | undefined,
  { t }: Pick<Words, "t">,
): OwnPresence {
  const { availability, status = "" } = presence;
  const nearest = network?.nearest[availability];
  if (nearest === undefined) return presence;
  const name = t(`presence.${availability}`);
  const own = status.trim();
  const isSaid = own.toLocaleLowerCase().startsWith(name.toLocaleLowerCase());
  return {
    ...presence,
    availability: nearest,
    status: truncate(own === "" ? name : isSaid ? own : `${name} · ${own}`, maxStatusLength),
  };
}
