import { type ConversationId, type ConversationPlace, placeOf } from "../../shared/model/conversation-id.ts";

/** The item with the place of its conversation. */
export function placed<Item extends { readonly conversationId: ConversationId }>(
  item: Item,
): Item & { readonly place: ConversationPlace } {
  return { ...item, place: placeOf(item.conversationId) };
}
