import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Collects the garbage of this thread and gives the room to the system (which V8 does only when it is told to make the
 * most of it). Node has no other way to ask for it than `--expose-gc`, and nothing but this function sees that. Takes
 * some 2 ms for each MB that stays.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (how: { readonly type: "major"; readonly flavor: "last-resort" }) => void;
  setFlagsFromString("--no-expose-gc");
  collect({ type: "major", flavor: "last-resort" });
}
