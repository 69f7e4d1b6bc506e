import type { RetentionPolicy } from "../../history/keeping-policy.ts";
import type { Moment } from "../../history/store/candidates.ts";
import type { Hidden, HideCursor, PurgeCursor, Purged, Selection, Tally } from "./removals.ts";

/** Deleting in the thread with the databases. */
export interface RemovalMethods {
  "history.keep": { readonly args: readonly [policy: RetentionPolicy]; readonly result: undefined };
  "history.hideSome": {
    readonly args: readonly [what: Selection, cursor: HideCursor | undefined, moment: Moment];
    readonly result: Hidden;
  };
  "history.purgeSome": {
    readonly args: readonly [cursor: PurgeCursor | undefined, moment: Moment];
    readonly result: Purged;
  };
  "history.rewriteIndexSome": { readonly args: readonly [begin: boolean]; readonly result: boolean };
  "history.scrub": { readonly args: readonly []; readonly result: undefined };
  "history.tallies": { readonly args: readonly []; readonly result: readonly Tally[] };
  "history.audited": { readonly args: readonly [tallies: readonly Tally[]]; readonly result: undefined };
}
