import type { FirstMessages } from "../../enforcement/first-messages.ts";
import type { Tables } from "../../store/tables.ts";
import type { SendStage } from "../outgoing.ts";

/**
 * Counts people who are written to for the first time (policy OutboundBurstLimit); after the guard, so that a message
 * that it holds back does not count. Nobody is new with whom something was said before, by either side.
 */
export function limit({
  tables,
  firstMessages,
}: {
  readonly tables: Tables;
  readonly firstMessages: Pick<FirstMessages, "admit">;
}): SendStage {
  return async (item, next) => {
    if (item.kind === "text" && !tables.get("conversations", item.conversationId)?.last) firstMessages.admit();
    return next(item);
  };
}
