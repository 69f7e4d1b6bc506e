import type { BlockingFacet } from "../networks/facets/blocking.ts";
import { governs } from "./governed.ts";

/** Lets the person block and unblock anybody: no rule stands against keeping somebody away. */
export const governBlocking = governs<BlockingFacet>((inner) => ({
  get everyDevice() {
    return inner.everyDevice;
  },
  block: (address) => inner.block(address),
  unblock: (address) => inner.unblock(address),
}));
