import type { ArchiveFacet } from "../networks/facets/archive.ts";
import { governs } from "./governed.ts";

/** Leaves out of the archive what would not have been heard live. */
export const governArchive = governs<ArchiveFacet>((inner, governor) => ({
  async catchUp(since, take, signal) {
    const mayHear = governor.mayHear.bind(governor);
    await inner.catchUp(
      since,
      (page) => take({ ...page, messages: page.messages.filter(mayHear), changes: page.changes.filter(mayHear) }),
      signal,
    );
  },
  markAt: (archiveId, at) => inner.markAt(archiveId, at),
}));
