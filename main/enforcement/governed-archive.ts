import type { ArchiveFacet } from "../networks/facets/archive.ts";
import type { Whole } from "./governed.ts";
import type { Governor } from "./governor.ts";

/** Leaves out of the archive what would not have been heard live. */
export class GovernedArchive implements Whole<ArchiveFacet> {
  readonly #inner: ArchiveFacet;
  readonly #governor: Governor;

  constructor(inner: ArchiveFacet, governor: Governor) {
    this.#inner = inner;
    this.#governor = governor;
  }

  readonly catchUp: ArchiveFacet["catchUp"] = async (since, take, signal) => {
    const mayHear = this.#governor.mayHear.bind(this.#governor);
    await this.#inner.catchUp(
      since,
      (page) => take({ ...page, messages: page.messages.filter(mayHear), changes: page.changes.filter(mayHear) }),
      signal,
    );
  };

  readonly markAt: ArchiveFacet["markAt"] = (archiveId, at) => this.#inner.markAt(archiveId, at);
}
