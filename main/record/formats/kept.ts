import { Memo } from "../../../shared/memo.ts";

/** Longest key that is kept, in UTF-16 units, and how many. */
const maxKey = 500;
const maxKept = 500;

/**
 * Keeps the last texts that were made, by what they were made from: the mails of a conversation have the same headers
 * from day to day. The same key must always mean the same text.
 */
export function createKept(): (key: string, make: () => string) => string {
  const kept = new Memo<string, string>(maxKept);
  return (key, make) => (key.length > maxKey ? make() : kept.get(key, make));
}
