import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { ReadingPlace } from "./reading-place.ts";

/** Keeps a person at the end there when a row turns out higher than was thought, or the composer grows. */
export function useFollowingEnd(place: ReadingPlace, scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const keep = new ResizeObserver(() => {
      if (place.isFollowing) element.scrollTop = element.scrollHeight;
    });
    keep.observe(element);
    if (element.firstElementChild !== null) keep.observe(element.firstElementChild);
    return () => keep.disconnect();
  }, [place]);
}
