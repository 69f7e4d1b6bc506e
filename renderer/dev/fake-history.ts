import { matchEnd, matchStart } from "../../shared/model/message.ts";
import { isSought } from "../../shared/model/search-author.ts";
import { findMatches, matches, parseQuery, type WordQuery } from "../../shared/search/query.ts";
import type { HandlersOf } from "./fake-handlers.ts";

/** Deletion, export and search of the stand-in for main; an export stays under way. */
export const historyHandlers: HandlersOf = (store) => ({
  "history.retention": () => ({
    minimumDays: store.settings.get("HistoryMinimumDays")?.value ?? 0,
    held: store.settings.get("LegalHoldSubjects")?.origin === "policy",
  }),
  "history.delete": ({ conversationId, messageIds }) => store.hide(conversationId, messageIds),
  "history.export": ({ format }) => {
    store.putApp({ ...store.app, export: { state: "running", format, messages: 12_400, total: 31_000 } });
    return { started: true };
  },
  "history.cancelExport": () => {
    if (store.app.export) store.putApp({ ...store.app, export: { ...store.app.export, state: "cancelled" } });
    return {};
  },
  "history.search": ({ text, filter = {}, limit, beforeSeq }) => {
    const query = parseQuery(text);
    const hits = [...store.messages.values()]
      .flat()
      .filter(
        (message) =>
          filter.conversationIds?.includes(message.conversationId) !== false &&
          (filter.authors === undefined || isSought(message.author, message.conversationId, filter.authors)) &&
          message.at >= (filter.from ?? Number.NEGATIVE_INFINITY) &&
          message.at < (filter.to ?? Number.POSITIVE_INFINITY) &&
          filter.hasFile !== true &&
          (beforeSeq === undefined || message.seq < beforeSeq),
      )
      .filter((message) => query === undefined || matches(message.body, query))
      .sort((a, b) => b.seq - a.seq);
    return {
      hits: hits.slice(0, limit).map((message) => ({ message, snippet: snippetOf(message.body, query) })),
      more: hits.length > limit,
    };
  },
});

function snippetOf(body: string, query: WordQuery | undefined): string {
  const place = query && findMatches(body, query).next().value;
  return place
    ? body.slice(0, place.start) + matchStart + body.slice(place.start, place.end) + matchEnd + body.slice(place.end)
    : body;
}
