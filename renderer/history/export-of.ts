import { placeOf } from "../../shared/model/conversation-id.ts";
import type { ExportQuery } from "../../shared/model/export.ts";
import type { SearchRequest } from "./search-model.ts";

/** Query of an export for the results of a search. */
export function exportOf({ text, filter = {} }: SearchRequest): ExportQuery {
  const { conversationIds, authors, from, to, hasFile } = filter;
  const [first, ...more] = conversationIds ?? [];
  return {
    ...(text.trim() === "" ? {} : { text: text.trim() }),
    ...(first === undefined
      ? {}
      : more.length === 0
        ? { conversationId: first }
        : { peers: peersOf([first, ...more]) }),
    ...(authors === undefined ? {} : { authors }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(hasFile === undefined ? {} : { hasFile }),
  };
}

function peersOf(conversationIds: readonly string[]): string[] {
  return [...new Set(conversationIds.map((id) => placeOf(id).address))];
}
