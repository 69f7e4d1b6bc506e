import type { KeysFacet } from "../networks/facets/keys.ts";
import { governs } from "./governed.ts";

/** Fetches no keys of whom may not be met. Own public keys say nothing to anybody. */
export const governKeys = governs<KeysFacet>((inner, governor) => ({
  publish: (item) => inner.publish(item),
  async fetch(owner, name) {
    governor.meet(owner);
    return inner.fetch(owner, name);
  },
}));
