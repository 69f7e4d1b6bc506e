import type { RefObject } from "preact";
import { useEffect, useMemo, useReducer } from "preact/hooks";
import { useVirtual, type VirtualList } from "../../widgets/virtual.ts";
import { isMessageLine, type LogItem } from "../messages.ts";
import type { Conversation } from "../model.ts";
import { ReadingPlace } from "./reading-place.ts";
import { useScrollingByHand } from "./scrolling-by-hand.ts";
import { type Heading, useHeading } from "./use-heading.ts";

/**
 * How near the edge of what is loaded the next page is asked for, in CSS pixels; in a taller window, as near as it is
 * tall.
 */
const reach = 600;

export interface LogScroll {
  readonly list: VirtualList;
  readonly heading: Heading;
  readonly place: ReadingPlace;
}

/**
 * Scrolling of the list of messages: by hand, to a row, and with the end. Near the edges of what is loaded it loads
 * more.
 */
export function useLogScroll(conversation: Conversation, scroller: RefObject<HTMLElement | null>): LogScroll {
  const [, redraw] = useReducer<number, undefined>((n) => n + 1, 0);
  const place = useMemo(() => new ReadingPlace(conversation), [conversation]);
  const items = conversation.items.value;
  const state = conversation.state.value;

  const list = useVirtual({
    scroller,
    count: items.length,
    estimate: (index) => estimate(items[index]),
    keyOf: (index) => items[index]?.key ?? String(index),
    anchor: "end",
    holdsPlace: isMessageLine,
    follow: !place.scrollingUp.current,
    onScroll: (moved) => {
      if (place.isSettled) remember(moved);
    },
  });

  const remember = (moved: VirtualList, isRest = false): void => {
    if (heading.isOnTheWay()) return;
    place.remember(moved, isRest);
    if (heading.isAtRest()) loadAhead(conversation, moved);
  };

  const heading = useHeading({
    list,
    items,
    onArrive: () => {
      remember(list);
      // The last step may have been too small to be told of, and what is in view counts as seen.
      redraw(undefined);
    },
  });

  useScrollingByHand({
    scroller,
    up: place.scrollingUp,
    // A hand on the list ends every movement of our own: the row that it was to bring into view may never come into
    // view.
    onTake: () => {
      heading.leave();
      if (!place.isSettled) return;
      place.measureFrom(list);
      // Where the list cannot move it tells of no scrolling.
      loadAhead(conversation, list);
    },
    onRest: () => {
      if (place.isSettled) remember(list, true);
    },
  });

  // A page that came may not be enough: it is short, the window is tall, or the person has come to its edge meanwhile.
  useEffect(() => {
    if (place.isSettled && state === "ready" && heading.isAtRest()) loadAhead(conversation, list);
  }, [items, state]);

  return { list, heading, place };
}

function loadAhead(conversation: Conversation, list: VirtualList): void {
  const ahead = Math.max(reach, list.scrollRect?.height ?? 0);
  if ((list.scrollOffset ?? 0) < ahead) void conversation.loadOlder();
  if (list.getDistanceFromEnd() < ahead) void conversation.loadNewer();
}

/** A first guess at a row's height, in CSS pixels; it is measured when drawn. */
function estimate(item: LogItem | undefined): number {
  if (item?.kind !== "message") return 40;
  return 38 + Math.floor(item.message.body.length / 80) * 20;
}
