import * as v from "valibot";
import { AddressSchema, maxAddressLength } from "./address.ts";
import type { Author } from "./author.ts";
import { type ConversationId, ConversationIdSchema } from "./conversation-id.ts";

/** Author that a search looks for: the person, somebody under an address, or an occupant of a room. */
export const SearchAuthorSchema = v.union([
  v.strictObject({ isSelf: v.literal(true) }),
  v.strictObject({ address: AddressSchema }),
  v.strictObject({
    conversationId: ConversationIdSchema,
    /** As in Author: only within its room does it say who somebody is. */
    occupant: v.pipe(v.string(), v.minLength(1), v.maxLength(maxAddressLength)),
  }),
]);
export type SearchAuthor = v.InferOutput<typeof SearchAuthorSchema>;

/** Authors that a search looks for; one of them must have written a message. */
export const SearchAuthorsSchema = v.pipe(v.array(SearchAuthorSchema), v.minLength(1), v.maxLength(200));

/** Whether an author is one that is looked for. Own messages are found as the person's alone. */
export function isSought(author: Author, conversationId: ConversationId, sought: readonly SearchAuthor[]): boolean {
  return sought.some((one) => {
    if ("isSelf" in one) return author.isSelf;
    if (author.isSelf) return false;
    if ("address" in one) return author.address === one.address;
    return author.occupant === one.occupant && conversationId === one.conversationId;
  });
}
