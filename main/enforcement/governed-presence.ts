import type { PresenceFacet } from "../networks/facets/presence.ts";
import { governs } from "./governed.ts";

/** Shows no more of the person's presence than others may see. */
export const governPresence = governs<PresenceFacet>((inner, governor) => ({
  set: (presence) => inner.set(governor.shown(presence)),
}));
