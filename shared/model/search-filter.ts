import * as v from "valibot";
import { ConversationIdSchema } from "./conversation-id.ts";
import { SearchAuthorsSchema } from "./search-author.ts";

/** Filter of a search through history; everything that is given must be met. */
export const SearchFilterSchema = v.object({
  /** One of these; empty: none at all. */
  conversationIds: v.optional(v.pipe(v.array(ConversationIdSchema), v.maxLength(200))),
  /** Written by one of these. */
  authors: v.optional(SearchAuthorsSchema),
  /** When it was said, milliseconds since the epoch: from `from` on, before `to`. */
  from: v.optional(v.number()),
  to: v.optional(v.number()),
  hasFile: v.optional(v.boolean()),
});
export type SearchFilter = v.InferOutput<typeof SearchFilterSchema>;
