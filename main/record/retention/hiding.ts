import type { Listeners } from "../../../shared/listeners.ts";
import type { Deletion } from "../../../shared/model/deletion.ts";
import type { Moment } from "../../history/store/candidates.ts";
import type { HideCursor, Removals, Removed, Selection, Withdrawn } from "./removals.ts";

/** Messages named one by one that one step hides. */
const idsAtOnce = 20;

export interface HidingOptions {
  readonly removals: Removals;
  readonly removed: Listeners<Removed>;
  readonly withdrawn: Listeners<Withdrawn>;
  readonly moment: () => Moment;
}

/** Takes messages out of the person's sight, step by step; what no rule keeps goes off the disk at once. */
export async function hide(what: Selection, options: HidingOptions): Promise<Deletion> {
  if ("messageIds" in what && what.messageIds.length > idsAtOnce) {
    const rest = await hide({ ...what, messageIds: what.messageIds.slice(idsAtOnce) }, options);
    return sum(await hide({ ...what, messageIds: what.messageIds.slice(0, idsAtOnce) }, options), rest);
  }
  let cursor: HideCursor | undefined;
  let deleted = 0;
  let kept = 0;
  let held = false;
  let until: number | undefined;
  const when = options.moment();
  do {
    const step = await options.removals.hideSome(what, cursor, when);
    cursor = step.next;
    for (const one of step.withdrawn) options.withdrawn.emit(one);
    if (step.ids.size > 0 || step.summaries.length > 0) options.removed.emit(step);
    deleted += step.erased;
    kept += step.kept;
    held ||= step.held;
    if (step.until !== undefined) until = Math.max(until ?? 0, step.until);
  } while (cursor);
  return { deleted, kept, held, ...(until === undefined ? {} : { until }) };
}

function sum(a: Deletion, b: Deletion): Deletion {
  const until = Math.max(a.until ?? 0, b.until ?? 0);
  return {
    deleted: a.deleted + b.deleted,
    kept: a.kept + b.kept,
    held: a.held || b.held,
    ...(until === 0 ? {} : { until }),
  };
}
