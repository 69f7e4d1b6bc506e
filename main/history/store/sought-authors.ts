import type { SearchAuthor } from "../../../shared/model/search-author.ts";
import type { Statements } from "../../database/statements.ts";

/** Numbers that the directions of messages by these authors lie between, where the direction says the author. */
export function directionsOf(authors: readonly SearchAuthor[] | undefined): readonly [low: number, high: number] {
  const ofPerson = authors?.filter((one) => "isSelf" in one).length ?? 0;
  if (authors === undefined || (ofPerson > 0 && ofPerson < authors.length)) return [0, 1];
  return ofPerson > 0 ? [1, 1] : [0, 0];
}

/**
 * Numbers of the conversations in which one of these may have written: direct ones with their addresses, and rooms
 * where a message has them for its author. Undefined: the person is one of them, who writes everywhere.
 */
export function conversationsOf(sql: Statements, authors: readonly SearchAuthor[]): ReadonlySet<number> | undefined {
  const addresses: string[] = [];
  const rooms: string[] = [];
  for (const one of authors) {
    if ("isSelf" in one) return undefined;
    if ("address" in one) addresses.push(one.address);
    else rooms.push(one.conversationId);
  }
  const parameters = [JSON.stringify(addresses), JSON.stringify(addresses), JSON.stringify(rooms)];
  return new Set(sql.all<{ conversation: number }>(wroteIn, parameters).map(({ conversation }) => conversation));
}

const oneOf = "IN (SELECT value FROM json_each(?))";
const wroteIn = `SELECT id AS conversation FROM conversation WHERE kind = 0 AND address ${oneOf}
  UNION SELECT m.conversation FROM author w CROSS JOIN message m ON m.author = w.id
    WHERE CASE WHEN json_valid(w.value) THEN w.value ->> '$.address' END ${oneOf}
  UNION SELECT id FROM conversation WHERE key ${oneOf}`;
