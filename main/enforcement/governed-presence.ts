import type { PresenceFacet } from "../networks/facets/presence.ts";
import type { Whole } from "./governed.ts";
import type { Governor } from "./governor.ts";

/** Shows no more of the person's presence than others may see. */
export class GovernedPresence implements Whole<PresenceFacet> {
  readonly #inner: PresenceFacet;
  readonly #governor: Governor;

  constructor(inner: PresenceFacet, governor: Governor) {
    this.#inner = inner;
    this.#governor = governor;
  }

  readonly set: PresenceFacet["set"] = (presence) => this.#inner.set(this.#governor.shown(presence));
}
