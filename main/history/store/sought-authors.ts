import { directConversation } from "../../../shared/model/conversation-id.ts";
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
  const found = new Set<number>();
  const add = (key: string): void => {
    const number = sql.number("SELECT id FROM conversation WHERE key = ?", [key]);
    if (number !== undefined) found.add(number);
  };
  const addresses: string[] = [];
  for (const one of authors) {
    if ("isSelf" in one) return undefined;
    if ("address" in one) addresses.push(one.address);
    else add(one.conversationId);
  }
  const accounts = sql.all<{ key: string }>("SELECT key FROM account", []);
  for (const address of addresses) for (const { key } of accounts) add(directConversation(key, address));
  for (const { conversation } of sql.all<{ conversation: number }>(wroteIn, [JSON.stringify(addresses)]))
    found.add(conversation);
  return found;
}

const wroteIn = `SELECT DISTINCT m.conversation FROM author w CROSS JOIN message m ON m.author = w.id
  WHERE CASE WHEN json_valid(w.value) THEN w.value ->> '$.address' END IN (SELECT value FROM json_each(?))`;
