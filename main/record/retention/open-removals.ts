import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { RemovalMethods } from "./removal-methods.ts";
import type { Removals } from "./removals.ts";

/** Deleting, as the worker does it. */
export function createRemovals(worker: DatabaseWorker<RemovalMethods>): Removals {
  return {
    keep: (policy) => worker.call("history.keep", policy),
    hideSome: (what, cursor, moment) => worker.call("history.hideSome", what, cursor, moment),
    purgeSome: (cursor, moment) => worker.call("history.purgeSome", cursor, moment),
    rewriteIndexSome: (begin) => worker.call("history.rewriteIndexSome", begin),
    scrub: () => worker.call("history.scrub"),
    tallies: () => worker.call("history.tallies"),
    audited: (tallies) => worker.call("history.audited", tallies),
  };
}
