import type { ExportQuery } from "../../../shared/model/export.ts";
import type { RecordQuery } from "../../history/recorded-message.ts";

/** Query to the record. `deleted`: also what the person deleted and a rule keeps. */
export function recordQuery(query: ExportQuery, deleted: boolean): RecordQuery {
  const { accountId, conversationId, peers, from, to, direction, authors, text, hasFile } = query;
  return {
    ...(accountId === undefined ? {} : { accountId }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(peers === undefined ? {} : { peers }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(direction === undefined ? {} : { direction }),
    ...(authors === undefined ? {} : { authors }),
    ...(text === undefined ? {} : { text }),
    ...(hasFile === undefined ? {} : { hasFile }),
    ...(deleted ? { deleted } : {}),
  };
}
