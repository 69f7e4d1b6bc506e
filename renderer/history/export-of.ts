import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { ExportQuery } from "../../shared/model/export.ts";
import type { SearchRequest } from "./search-model.ts";

/** Place of a conversation, if it is known. */
type PlaceOf = (id: ConversationId) => ConversationPlace | undefined;

/** Query of an export for the results of a search. */
export function exportOf({ text, filter = {} }: SearchRequest, placeOf: PlaceOf): ExportQuery {
  const { conversationIds, authors, from, to, hasFile } = filter;
  const [first, ...more] = conversationIds ?? [];
  return {
    ...(text.trim() === "" ? {} : { text: text.trim() }),
    ...(first === undefined
      ? {}
      : more.length === 0
        ? { conversationId: first }
        : { peers: peersOf([first, ...more], placeOf) }),
    ...(authors === undefined ? {} : { authors }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(hasFile === undefined ? {} : { hasFile }),
  };
}

function peersOf(conversationIds: readonly ConversationId[], placeOf: PlaceOf): string[] {
  return [...new Set(conversationIds.flatMap((id) => placeOf(id)?.address ?? []))];
}
