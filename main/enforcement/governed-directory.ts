import type { DirectoryFacet } from "../networks/facets/directory.ts";
import type { Whole } from "./governed.ts";
import type { Governor } from "./governor.ts";

/** Finds nobody who may not be met. */
export class GovernedDirectory implements Whole<DirectoryFacet> {
  readonly #inner: DirectoryFacet;
  readonly #governor: Governor;

  constructor(inner: DirectoryFacet, governor: Governor) {
    this.#inner = inner;
    this.#governor = governor;
  }

  readonly search: DirectoryFacet["search"] = async (text, signal) =>
    (await this.#inner.search(text, signal)).filter(({ address }) => this.#governor.mayMeet(address));
}
