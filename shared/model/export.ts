import * as v from "valibot";
import { ErrorInfoSchema } from "../errors.ts";
import { AccountIdSchema } from "./account.ts";
import { AddressSchema } from "./address.ts";
import { ConversationIdSchema } from "./conversation-id.ts";
import { SearchAuthorsSchema } from "./search-author.ts";

/**
 * Formats of an export: JSON Lines, mail (one file for each conversation and day), XML in Actiance Vantage style, pages
 * for reading, a table.
 */
export const exportFormats = ["json", "eml", "xml", "html", "csv"] as const;
export const ExportFormatSchema = v.picklist(exportFormats);
export type ExportFormat = v.InferOutput<typeof ExportFormatSchema>;

/**
 * Which messages are exported; everything that is given must be met. Times are milliseconds since the epoch, without
 * `to`.
 */
export const ExportQuerySchema = v.object({
  accountId: v.optional(AccountIdSchema),
  conversationId: v.optional(ConversationIdSchema),
  peers: v.optional(v.pipe(v.array(AddressSchema), v.minLength(1), v.maxLength(100))),
  from: v.optional(v.pipe(v.number(), v.finite())),
  to: v.optional(v.pipe(v.number(), v.finite())),
  /** Which way it travelled. */
  direction: v.optional(v.picklist(["in", "out"])),
  /** Written by one of these. */
  authors: v.optional(SearchAuthorsSchema),
  text: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(500))),
  hasFile: v.optional(v.boolean()),
});
export type ExportQuery = v.InferOutput<typeof ExportQuerySchema>;

/**
 * The export that is being made, or how the last one ended.
 *
 *   running -> done
 *      |  \--> failed (`error`)
 *      \-----> cancelled
 */
export const ExportStateSchema = v.object({
  state: v.picklist(["running", "done", "failed", "cancelled"]),
  format: ExportFormatSchema,
  /** Messages written so far. */
  messages: v.number(),
  /** Messages there are to write, where that can be known before. */
  total: v.optional(v.number()),
  /** Where it lies, in state `done`. */
  folder: v.optional(v.string()),
  error: v.optional(ErrorInfoSchema),
});
export type ExportState = v.InferOutput<typeof ExportStateSchema>;
