import type { Stage } from "./stage.ts";

/** The item as a stage hands it on; undefined: it does not. */
export async function passed<Item, Result>(
  stage: Stage<Item, Result | undefined>,
  given: Item,
): Promise<Item | undefined> {
  let handedOn: Item | undefined;
  await stage(given, async (changed) => {
    handedOn = changed;
    return undefined;
  });
  return handedOn;
}
