import { blank, invisible } from "./invisible.ts";
import { truncate } from "./truncate.ts";

const nothing = new RegExp(`^(?:${invisible.source}|${blank.source})*$`, "u");

/** Does nothing of this text show? */
export function isInvisible(text: string): boolean {
  return nothing.test(text);
}

/**
 * A name that somebody gave, as it is shown, in at most so many UTF-16 units; undefined: there is nothing in it that
 * shows.
 */
export function visibleName(text: string | undefined, length: number): string | undefined {
  if (text === undefined) return undefined;
  const name = truncate(text.trim(), length);
  return isInvisible(name) ? undefined : name;
}
