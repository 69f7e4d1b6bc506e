/**
 * A retraction whose message has not come yet: a row of `retraction_ahead` joined with the keys of its conversation and
 * account.
 */
export interface RetractionAhead {
  readonly conversation: string;
  readonly account: string;
  readonly direction: number;
  readonly wire_id: string;
  readonly at: number;
}

export const selectAhead = `SELECT c.key AS conversation, a.key AS account, r.direction, r.wire_id, r.at FROM retraction_ahead r
  JOIN conversation c ON c.id = r.conversation JOIN account a ON a.id = c.account`;
