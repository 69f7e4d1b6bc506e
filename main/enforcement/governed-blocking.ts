import type { BlockingFacet } from "../networks/facets/blocking.ts";
import type { Whole } from "./governed.ts";

/** Lets the person block and unblock anybody: no rule stands against keeping somebody away. */
export class GovernedBlocking implements Whole<BlockingFacet> {
  readonly #inner: BlockingFacet;

  constructor(inner: BlockingFacet) {
    this.#inner = inner;
  }

  get everyDevice(): boolean {
    return this.#inner.everyDevice;
  }

  readonly block: BlockingFacet["block"] = (address) => this.#inner.block(address);

  readonly unblock: BlockingFacet["unblock"] = (address) => this.#inner.unblock(address);
}
