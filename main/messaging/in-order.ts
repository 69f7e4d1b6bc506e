import { KeyedQueue } from "../../shared/keyed-queue.ts";
import type { Stage } from "./stage.ts";

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
