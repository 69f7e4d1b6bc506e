/**
 * A retraction whose message has not come yet: a row of `retraction_ahead` joined with the keys of its conversation and
 * account.
 */
export interface RetractionAhead {
  readonly conversation: string;
  readonly account: string;
  readonly direction: number;
  /** As authorKeyOf says. */
  readonly author: string;
  readonly wire_id: string;
  readonly at: number;
}

export const selectAhead = select("r.author");
/** From a file of before authors. */
export const selectFormerAhead = select("'' AS author");

function select(author: string): string {
  return `SELECT c.key AS conversation, a.key AS account, r.direction, ${author}, r.wire_id, r.at FROM retraction_ahead r
    JOIN conversation c ON c.id = r.conversation JOIN account a ON a.id = c.account`;
}
