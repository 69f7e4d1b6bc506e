import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { Log } from "../../networks/log.ts";
import { conversationOf, type Received, type ReceiveStage } from "../delivery.ts";
import { inOrder } from "../in-order.ts";
import type { ProtectionMethod } from "../protection-method.ts";

/**
 * Reads what is protected. Conversations do not wait for each other; the order within each holds. What no method can
 * read passes as the network brought it: its notice says what it is.
 */
export function unprotect({
  methods,
  log,
}: {
  readonly methods: readonly ProtectionMethod[];
  readonly log: Log;
}): ReceiveStage {
  async function inClear(item: Received): Promise<Received> {
    for (const method of methods) {
      try {
        const event = await method.unprotect(item.event);
        if (event) return { ...item, event };
      } catch (error) {
        log.warn("A protected message could not be read", { type: item.event.type, error });
      }
    }
    return item;
  }

  const keysOf: (delivery: Parameters<ReceiveStage>[0]) => ConversationId[] = ({ accountId, items }) =>
    items.map(({ event }) => conversationOf(accountId, event));

  return inOrder(keysOf, async (delivery, next) => {
    const { accountId } = delivery;
    const lanes = Map.groupBy(delivery.items.entries(), ([, { event }]) => conversationOf(accountId, event));
    const items = [...delivery.items];
    await Promise.all(
      [...lanes.values()].map(async (lane) => {
        for (const [index, item] of lane) items[index] = await inClear(item);
      }),
    );
    return next({ ...delivery, items });
  });
}
