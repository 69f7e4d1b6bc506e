import { useLayoutEffect, useRef } from "preact/hooks";
import type { VirtualList } from "../../widgets/virtual.ts";
import type { LogItem } from "../messages.ts";

/** Frames and milliseconds for which nothing may move before a row counts as reached. */
const stillFrames = 3;
const stillFor = 100;
/** Longest way, in milliseconds. */
const longestWay = 5_000;
/** How far from its place a row may come to rest, in CSS pixels: the browser rounds. */
const roundedBy = 2;

type Align = "start" | "center" | "end";

interface Way {
  /** Row that it leads to; undefined: the last one, whichever that is by then. */
  readonly key: string | undefined;
  readonly align: Align;
  index: number;
}

export interface Heading {
  /** Brings a row into view, whatever comes before it or is measured meanwhile. */
  readonly to: (key: string, align: "start" | "center") => void;
  /** Brings the end into view, whatever comes after it meanwhile. */
  readonly toEnd: () => void;
  /** Until the row is in its place, where the list stands is nobody's reading place. */
  readonly isOnTheWay: () => boolean;
  /** Nothing is asked for any more, or what was has come to rest in view. */
  readonly isAtRest: () => boolean;
  /** The person has taken the list into their own hand. */
  readonly leave: () => void;
}

/**
 * Ways of a list to a row. TanStack Virtual goes to an index, over several frames while rows turn out higher than was
 * thought; older messages that come meanwhile would give that index to another row, so the way goes on to where the row
 * is then. A message that comes on the way to the end is the new end. A glide of the browser's own, from a key pressed
 * before, may still take the list on for a few frames: then the way begins again from there.
 */
export function useHeading(parts: {
  readonly list: VirtualList;
  readonly items: readonly LogItem[];
  readonly onArrive: () => void;
}): Heading {
  const latest = useRef(parts);
  latest.current = parts;
  const way = useRef<Way | undefined>(undefined);
  const indexOf = (key: string | undefined): number => {
    const { items } = latest.current;
    return key === undefined ? items.length - 1 : items.findIndex((item) => item.key === key);
  };
  const leave = (): void => {
    way.current = undefined;
  };

  useLayoutEffect(() => {
    const now = way.current;
    if (now === undefined) return;
    const index = indexOf(now.key);
    if (index === now.index) return;
    // The row has been let go; one that is still to be drawn is waited for.
    if (index === -1) return leave();
    now.index = index;
    parts.list.scrollToIndex(index, { align: now.align });
  }, [parts.items]);
  useLayoutEffect(() => leave, []);

  const go = (key: string | undefined, align: Align): void => {
    const index = indexOf(key);
    const here = { key, align, index };
    way.current = here;
    if (index !== -1) latest.current.list.scrollToIndex(index, { align });
    const until = performance.now() + longestWay;
    let still = 0;
    let since = 0;
    let stood = "";
    const look = (): void => {
      if (way.current !== here) return;
      const { list } = latest.current;
      const now = performance.now();
      const stands = `${here.index} ${list.scrollOffset} ${list.getTotalSize()}`;
      if (stands === stood) still++;
      else [still, since] = [0, now];
      stood = stands;
      const isStill = still >= stillFrames && now - since >= stillFor;
      if (now < until && !(isStill && isThere(list, here))) {
        if (isStill && here.index !== -1) list.scrollToIndex(here.index, { align });
        if (isStill) since = now;
        requestAnimationFrame(look);
        return;
      }
      leave();
      latest.current.onArrive();
    };
    requestAnimationFrame(look);
  };

  const isOnTheWay = (): boolean => way.current !== undefined && !isThere(latest.current.list, way.current);
  const handOver = (): void => {
    leave();
    // TanStack Virtual would go on to the index that it was sent to as soon as a row is measured.
    latest.current.list.cancelScroll();
  };
  return {
    to: go,
    toEnd: () => go(undefined, "end"),
    isOnTheWay,
    isAtRest: () => way.current === undefined,
    leave: handOver,
  };
}

function isThere(list: VirtualList, { index, align }: Way): boolean {
  const { range } = list;
  if (range === null || index < range.startIndex || index > range.endIndex) return false;
  const [offset] = list.getOffsetForIndex(index, align) ?? [];
  return offset !== undefined && Math.abs(offset - (list.scrollOffset ?? 0)) <= roundedBy;
}
