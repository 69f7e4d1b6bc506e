import * as v from "valibot";
import {
  type ConversationId,
  ConversationKindSchema,
  type ConversationPlace,
  placeOf,
} from "../../shared/model/conversation-id.ts";

/** Place of a conversation as the profile keeps it, beside what belongs to the conversation. */
export const KeptPlaceSchema = v.object({
  accountId: v.string(),
  kind: ConversationKindSchema,
  address: v.string(),
});

/** Place of a conversation of which an earlier version kept the id alone: ids were made of the place then. */
export function formerPlace(id: ConversationId): ConversationPlace {
  return placeOf(id);
}
