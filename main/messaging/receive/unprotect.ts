import { KeyedQueue } from "../../../shared/keyed-queue.ts";
import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { Log } from "../../networks/log.ts";
import { conversationOf, type Received, type ReceiveStage } from "../delivery.ts";
import type { ProtectionMethod } from "../protection-method.ts";
import type { Stage } from "../stage.ts";

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

/** Places that items may hold at the same time, of all keys. */
const maxPlaces = 50_000;

/**
 * The stage, with items that have a key in common leaving it in the order in which they came, however long it takes for
 * each; other items do not wait. An item of several keys holds its place in all of them. An item that ends in the stage
 * or fails there makes way for the next. Error: `rate-limited` where too many wait.
 */
export function inOrder<Item, Key, Result = void>(
  keysOf: (item: Item) => Iterable<Key>,
  stage: Stage<Item, Result>,
): Stage<Item, Result> {
  const places = new KeyedQueue<Key>({ maxLength: maxPlaces });
  return async (item, next) => {
    const left = Promise.withResolvers<void>();
    try {
      // All places are taken at once, so that two items of several keys stand in the same order in each of them.
      const entered = [...new Set(keysOf(item))].map((key) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        void places.run(key, () => {
          resolve();
          return left.promise;
        });
        return promise;
      });
      await Promise.all(entered);
      return await stage(item, (changed) => {
        const passed = next(changed);
        left.resolve();
        return passed;
      });
    } finally {
      left.resolve();
    }
  };
}
