/** The rest of the way of an item; resolves with what came of it. */
export type Next<Item, Result = void> = (item: Item) => Promise<Result>;

/**
 * One stage of a list that items pass from top to bottom. It hands the item on, as it is or changed, by calling `next`
 * at most once; an item that it does not hand on ends here.
 */
export type Stage<Item, Result = void> = (item: Item, next: Next<Item, Result>) => Promise<Result>;

/** Puts stages of its own into a list before it is composed: tests watch and interrupt messages with it. */
export type StageHook = <Item, Result>(
  list: "receive" | "to-queue" | "to-network",
  stages: readonly Stage<Item, Result>[],
) => readonly Stage<Item, Result>[];

/**
 * One stage made of a list of stages, as koa-compose and @xmpp/middleware join theirs. An item that leaves the last
 * stage goes to `next`.
 */
export function compose<Item, Result = void>(stages: readonly Stage<Item, Result>[]): Stage<Item, Result> {
  return (item, next) => {
    async function enter(index: number, at: Item): Promise<Result> {
      const stage = stages[index];
      if (!stage) return next(at);
      let isHandedOn = false;
      return stage(at, (changed) => {
        if (isHandedOn) throw new Error("A stage has handed an item on twice");
        isHandedOn = true;
        return enter(index + 1, changed);
      });
    }
    return enter(0, item);
  };
}
