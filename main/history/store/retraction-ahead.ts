import { authorVersion, formerAddress, formerKind, placeVersion } from "./history-schema.ts";

/**
 * A retraction whose message has not come yet: a row of `retraction_ahead` joined with the keys of its conversation and
 * account.
 */
export interface RetractionAhead {
  readonly conversation: string;
  /** As in MessageRow. */
  readonly kind: number;
  readonly peer: string;
  readonly account: string;
  readonly direction: number;
  /** As authorKeyOf says. */
  readonly author: string;
  readonly wire_id: string;
  readonly at: number;
}

export const selectAhead = select("c.kind, c.address AS peer", "r.author");

/** The same from a file of an earlier version, by its `user_version`. */
export function selectAheadOf(version: number): string {
  if (version >= placeVersion) return selectAhead;
  const place = `${formerKind("c.key")} AS kind, ${formerAddress("c.key")} AS peer`;
  return select(place, version >= authorVersion ? "r.author" : "'' AS author");
}

function select(place: string, author: string): string {
  return `SELECT c.key AS conversation, ${place}, a.key AS account, r.direction, ${author}, r.wire_id, r.at FROM retraction_ahead r
    JOIN conversation c ON c.id = r.conversation JOIN account a ON a.id = c.account`;
}
