import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useRef } from "preact/hooks";

/**
 * How near the end of a list counts as the end, in CSS pixels: less than a row, so that nothing of the last one is out
 * of view there.
 */
export const atEndWithin = 8;

export interface VirtualOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly estimate: (index: number) => number;
  /** Another function has every row measured again: for a long list, hand in the same one until its rows change. */
  readonly keyOf: (index: number) => string;
  readonly overscan?: number;
  /** `end`: what is read stays in place when older items come before it, and the end is followed (a log). */
  readonly anchor?: "start" | "end";
  /**
   * Whether the row of this key keeps what is read in place, with `anchor: "end"`; else the one after it does. Headings
   * do not: older items may come between them and what they headed.
   */
  readonly holdsPlace?: (key: string) => boolean;
  /** Whether the end is followed now, with `anchor: "end"`. */
  readonly follow?: boolean;
  /** Rows that stay drawn wherever the list is scrolled to: the one with the focus. */
  readonly always?: number;
  readonly onScroll?: (list: VirtualList) => void;
}

export type VirtualList = Virtualizer<HTMLElement, HTMLElement>;

/** Draws only the rows in view (TanStack Virtual); positions are set through the CSSOM, as the CSP allows. */
export function useVirtual(options: VirtualOptions): VirtualList {
  const [, redraw] = useReducer<number, undefined>((n) => n + 1, 0);
  const {
    scroller,
    count,
    estimate,
    keyOf,
    overscan = 8,
    anchor = "start",
    holdsPlace = () => true,
    follow = true,
    always = -1,
    onScroll,
  } = options;
  const settings: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: estimate,
    getItemKey: keyOf,
    overscan,
    scrollToFn: elementScroll,
    observeElementRect: (list, tell) => {
      let height: number | undefined;
      return observeElementRect(list, (rect) => {
        tell(rect);
        // TanStack Virtual tells only of other rows in view; how much of them is in view counts as well.
        if (rect.height !== height && height !== undefined) redraw(undefined);
        height = rect.height;
      });
    },
    observeElementOffset,
    anchorTo: anchor,
    followOnAppend: anchor === "end" && follow,
    scrollEndThreshold: atEndWithin,
    rangeExtractor: (range) => withExtra(range, always),
    onChange: (list) => {
      redraw(undefined);
      onScroll?.(list);
    },
  };
  const made = useRef<VirtualList | undefined>(undefined);
  made.current ??= createList(settings, holdsPlace);
  const list = made.current;
  list.setOptions(settings);
  useLayoutEffect(() => list._didMount(), [list]);
  useLayoutEffect(() => list._willUpdate());
  return list;
}

/** TanStack Virtual keeps what is read in place by the row that it finds at the offset of the list. */
function createList(
  settings: VirtualizerOptions<HTMLElement, HTMLElement>,
  holdsPlace: (key: string) => boolean,
): VirtualList {
  const list = new Virtualizer(settings);
  const rowAt = list.getVirtualItemForOffset;
  list.getVirtualItemForOffset = (offset) => {
    let row = rowAt(offset);
    while (row !== undefined && !holdsPlace(String(row.key))) {
      const next = rowAt(row.end);
      if (next === undefined || next.index <= row.index) break;
      row = next;
    }
    return row;
  };
  return list;
}

function withExtra(range: Range, extra: number): number[] {
  const first = Math.max(0, range.startIndex - range.overscan);
  const last = Math.min(range.count - 1, range.endIndex + range.overscan);
  const indexes: number[] = [];
  if (extra >= 0 && extra < first) indexes.push(extra);
  for (let index = first; index <= last; index++) indexes.push(index);
  if (extra > last && extra < range.count) indexes.push(extra);
  return indexes;
}
