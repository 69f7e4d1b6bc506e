import * as v from "valibot";
import { ConversationIdSchema } from "./conversation-id.ts";
import { MessageIdSchema } from "./message.ts";

/** Most reading places that are kept; the longest unused go first. */
export const maxPlaces = 100;
export const maxFolded = 500;

/**
 * How the window was left, kept over restarts: which groups of the contact list are folded, and where chats were read.
 */
export const WindowStateSchema = v.object({
  /** Keys of groups as the contact list has them. */
  folded: v.pipe(v.array(v.pipe(v.string(), v.maxLength(1_100))), v.maxLength(maxFolded)),
  /** Chats that were not left at their end: the message at the top of the view. The last one left comes last. */
  places: v.pipe(
    v.array(v.object({ conversationId: ConversationIdSchema, messageId: MessageIdSchema })),
    v.maxLength(maxPlaces),
  ),
});
export type WindowState = v.InferOutput<typeof WindowStateSchema>;
