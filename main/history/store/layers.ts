import type { Page } from "../../../shared/ipc/contract.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { ConversationSummary } from "../history.ts";
import type { Slice, SliceQuery } from "./slice.ts";

/** Order within a conversation. */
export function compareMessages(
  a: { readonly at: number; readonly seq: number },
  b: { readonly at: number; readonly seq: number },
): number {
  return a.at - b.at || a.seq - b.seq;
}

/**
 * Two stores' rows of one conversation as one, each oldest first and of at most `limit` + 1; where both have a message,
 * `over` counts.
 */
export function mergePages(
  { over, under }: { readonly over: readonly MessageRecord[]; readonly under: readonly MessageRecord[] },
  { limit, way }: Pick<SliceQuery, "limit" | "way">,
): Slice {
  const ids = new Set(over.map((message) => message.id));
  const all =
    over.length === 0
      ? [...under]
      : [...over, ...under.filter((message) => !ids.has(message.id))].sort(compareMessages);
  const rows = way === "before" ? all.slice(-limit) : all.slice(0, limit);
  return { rows, more: all.length > limit };
}

/** A page around a message: half of it older, half newer, and what one side lacks the other gives. */
export function balance(
  { older, middle, newer }: { readonly older: Slice; readonly middle: MessageRecord; readonly newer: Slice },
  limit: number,
): Page {
  const room = Math.max(0, limit - 1);
  const half = Math.floor(room / 2);
  const after = Math.min(newer.rows.length, Math.max(room - half, room - older.rows.length));
  const before = Math.min(older.rows.length, room - after);
  return {
    messages: [...older.rows.slice(older.rows.length - before), middle, ...newer.rows.slice(0, after)],
    before: older.more || before < older.rows.length,
    after: newer.more || after < newer.rows.length,
  };
}

/** Two stores' conversations as one: unread add up, the newer last line counts. */
export function mergeSummaries(
  under: readonly ConversationSummary[],
  over: readonly ConversationSummary[],
): ConversationSummary[] {
  if (over.length === 0) return [...under];
  const result = new Map(under.map((summary) => [summary.conversationId, summary]));
  for (const summary of over) {
    const other = result.get(summary.conversationId);
    result.set(
      summary.conversationId,
      other
        ? {
            ...other,
            unread: other.unread + summary.unread,
            firstUnread: other.firstUnread ?? summary.firstUnread,
            last: newer(other.last, summary.last),
          }
        : summary,
    );
  }
  return [...result.values()];
}

function newer(a: ConversationSummary["last"], b: ConversationSummary["last"]): ConversationSummary["last"] {
  if (!a || !b) return a ?? b;
  return b.at >= a.at ? b : a;
}
