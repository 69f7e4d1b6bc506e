import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Keys by which the browser scrolls a list. */
const scrollKeys: ReadonlySet<string> = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown"]);

export interface ScrollingByHandOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  /** Is told whether the person is scrolling the list up. */
  readonly up: { current: boolean };
  /** The person has begun to move the list. */
  readonly onTake: () => void;
  /** The list has come to rest. */
  readonly onRest: () => void;
}

/**
 * Whether the person is scrolling the list up by wheel, finger, key or scroll bar, until it comes to rest. A list also
 * moves by itself: rows turn out higher than was thought, older ones are let go. Its offset alone does not tell one
 * from the other.
 */
export function useScrollingByHand(options: ScrollingByHandOptions): void {
  const latest = useRef(options);
  latest.current = options;
  const { scroller, up } = options;
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    // The browser scrolls before it tells: where the list stood when it last told of it.
    let stood = element.scrollTop;
    const onScroll = (): void => {
      stood = element.scrollTop;
    };
    const take = (isUp: boolean): void => {
      // At the very top nothing moves, and no rest would be told.
      up.current = isUp && Math.max(element.scrollTop, stood) > 0;
      latest.current.onTake();
    };
    const onWheel = ({ deltaY, ctrlKey }: WheelEvent): void => {
      if (!ctrlKey) take(deltaY < 0); // With Ctrl, the wheel zooms.
    };
    const onTouch = (): void => take(true);
    const onPointerDown = ({ target }: PointerEvent): void => {
      if (target === element) take(true); // Its scroll bar.
    };
    const onKey = (event: KeyboardEvent): void => {
      const { key } = event;
      if (!scrollKeys.has(key) || event.altKey || event.ctrlKey || event.metaKey) return;
      if (!event.defaultPrevented) take(key === "PageUp" || key === "ArrowUp");
      // A key that took the focus to a message has scrolled only where that was out of view: else there is no rest.
      else if (element.scrollTop !== stood) take(element.scrollTop < stood);
    };
    const onRest = (): void => {
      if (!up.current) return;
      up.current = false;
      latest.current.onRest();
    };
    const listening = new AbortController();
    const quiet = { passive: true, signal: listening.signal };
    element.addEventListener("wheel", onWheel, quiet);
    element.addEventListener("touchmove", onTouch, quiet);
    element.addEventListener("pointerdown", onPointerDown, quiet);
    element.addEventListener("pointerup", onRest, quiet);
    element.addEventListener("keydown", onKey, quiet);
    element.addEventListener("scroll", onScroll, quiet);
    element.addEventListener("scrollend", onRest, quiet);
    return () => listening.abort();
  }, [scroller, up]);
}
