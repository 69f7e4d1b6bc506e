import { useEffect } from "preact/hooks";
import type { VirtualList } from "../../widgets/virtual.ts";
import type { LogItem } from "../messages.ts";
import type { Conversation } from "../model.ts";

/** How long a message must be in view to count as seen, in milliseconds. */
const seenAfter = 250;

/** Marks messages as read once they are in view, in a window that has the focus (`attentive`). */
export function useSeen(conversation: Conversation, list: VirtualList, attentive: boolean): void {
  const items = conversation.items.value;
  const state = conversation.state.value;
  const lastSeen = attentive && state === "ready" ? lastIncoming(items, list) : undefined;
  useEffect(() => {
    if (lastSeen === undefined) return undefined;
    const timer = setTimeout(() => conversation.seen(lastSeen), seenAfter);
    return () => clearTimeout(timer);
  }, [lastSeen, conversation]);
}

/** The lowest message of theirs that is wholly or mostly in view. */
function lastIncoming(items: readonly LogItem[], list: VirtualList): string | undefined {
  const bottom = (list.scrollOffset ?? 0) + (list.scrollRect?.height ?? 0);
  let found: string | undefined;
  for (const row of list.getVirtualItems()) {
    const item = items[row.index];
    if (row.start + Math.min(row.size, 32) > bottom + 2) break;
    if (item?.kind === "message" && item.message.direction === "in") found = item.key;
  }
  return found;
}
