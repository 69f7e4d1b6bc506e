import type { KeysFacet } from "../networks/facets/keys.ts";
import type { Whole } from "./governed.ts";
import type { Governor } from "./governor.ts";

/** Fetches no keys of whom may not be met. Own public keys say nothing to anybody. */
export class GovernedKeys implements Whole<KeysFacet> {
  readonly #inner: KeysFacet;
  readonly #governor: Governor;

  constructor(inner: KeysFacet, governor: Governor) {
    this.#inner = inner;
    this.#governor = governor;
  }

  readonly publish: KeysFacet["publish"] = (item) => this.#inner.publish(item);

  readonly fetch: KeysFacet["fetch"] = async (owner, name) => {
    this.#governor.meet(owner);
    return this.#inner.fetch(owner, name);
  };
}
