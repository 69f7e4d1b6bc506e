import type { ContactId } from "../../shared/model/contact.ts";
import type { KnownPlace } from "./model.ts";
import type { RowPlace, TreeRow, TreeRows } from "./tree.ts";

/** The row with the tab stop, as it was chosen; without `id` it is a group's, or main has not said yet whose it is. */
export type ActiveRow = RowPlace & { readonly id?: ContactId | undefined };

export interface ActiveRowInput {
  readonly active: ActiveRow | undefined;
  /** Person of the open conversation. */
  readonly open: ContactId | undefined;
  readonly places: readonly KnownPlace[];
  /** Where the active row stood last: its neighbour there takes its place when it is gone. */
  readonly lastAt: number;
}

export function activeRowOf(row: TreeRow): ActiveRow {
  return row.kind === "group" ? { group: row.key } : { group: row.group, at: row.at, id: row.id };
}

/**
 * Index of the row with the tab stop: the active one, the same person in another group (pinned, moved), its neighbour,
 * or the open chat.
 */
export function activeIndex(rows: TreeRows, { active, open, places, lastAt }: ActiveRowInput): number {
  const of = (id: ContactId, group?: string): number => {
    const drawn = rows.find(id, group);
    if (drawn !== -1) return drawn;
    const place = places.find((one) => one.id === id && (group === undefined || one.group === group));
    return place === undefined ? -1 : rows.indexOf(place);
  };
  if (active === undefined) return open === undefined ? 0 : Math.max(0, of(open));
  const here = active.id === undefined ? rows.indexOf(active) : of(active.id, active.group);
  if (here !== -1) return here;
  const moved = active.id === undefined ? -1 : of(active.id);
  return moved !== -1 ? moved : Math.max(0, Math.min(lastAt, rows.length - 1));
}
