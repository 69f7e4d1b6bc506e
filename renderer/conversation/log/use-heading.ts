import { useLayoutEffect, useRef } from "preact/hooks";
import type { VirtualList } from "../../widgets/virtual.ts";
import type { LogItem } from "../messages.ts";

/** Frames for which nothing may move before a row counts as reached, and the longest way, in milliseconds. */
const stillFrames = 3;
const longestWay = 5_000;

type Align = "start" | "center" | "end";

export interface Heading {
  /** Brings a row into view, whatever comes before it or is measured meanwhile. */
  readonly to: (key: string, align: Align) => void;
  /** Until the row is in view, where the list stands is nobody's reading place. */
  readonly isOnTheWay: () => boolean;
  /** Nothing is asked for any more, or what was has come to rest in view. */
  readonly isAtRest: () => boolean;
  /** The person has taken the list into their own hand. */
  readonly leave: () => void;
}

/**
 * Ways of a list to a row. TanStack Virtual goes to an index, over several frames while rows turn out higher than was
 * thought; older messages that come meanwhile would give that index to another row, so the way goes on to where the row
 * is then.
 */
export function useHeading(parts: {
  readonly list: VirtualList;
  readonly items: readonly LogItem[];
  readonly onArrive: () => void;
}): Heading {
  const latest = useRef(parts);
  latest.current = parts;
  const way = useRef<{ readonly key: string; readonly align: Align; index: number } | undefined>(undefined);
  const indexOf = (key: string): number => latest.current.items.findIndex((item) => item.key === key);
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

  const to = (key: string, align: Align): void => {
    const index = indexOf(key);
    const here = { key, align, index };
    way.current = here;
    if (index !== -1) latest.current.list.scrollToIndex(index, { align });
    const until = performance.now() + longestWay;
    let still = 0;
    let stood = "";
    const look = (): void => {
      if (way.current !== here) return;
      const { list } = latest.current;
      const stands = `${here.index} ${list.scrollOffset} ${list.getTotalSize()}`;
      still = stands === stood && isInView(list, here.index) ? still + 1 : 0;
      stood = stands;
      if (still < stillFrames && performance.now() < until) requestAnimationFrame(look);
      else {
        leave();
        latest.current.onArrive();
      }
    };
    requestAnimationFrame(look);
  };

  const isOnTheWay = (): boolean => way.current !== undefined && !isInView(latest.current.list, way.current.index);
  const handOver = (): void => {
    leave();
    // TanStack Virtual would go on to the index that it was sent to as soon as a row is measured.
    latest.current.list.cancelScroll();
  };
  return { to, isOnTheWay, isAtRest: () => way.current === undefined, leave: handOver };
}

function isInView({ range }: VirtualList, index: number): boolean {
  return range !== null && index >= range.startIndex && index <= range.endIndex;
}
