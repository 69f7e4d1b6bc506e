import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Focus of an answered request, handed on to its neighbour, or to the heading where none is left. The request as a whole takes it,
 * not one of its buttons: a key that is pressed once more must not answer the next stranger. `ids`: in the order of the list.
 */
export function useHandedOnFocus(ids: readonly string[]): {
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly list: RefObject<HTMLUListElement | null>;
} {
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const shown = useRef(ids);
  shown.current = ids;
  /** The request that had the focus last, and its place. */
  const focused = useRef<{ readonly id: string; readonly index: number } | undefined>(undefined);

  useLayoutEffect(() => {
    const before = focused.current;
    if (before === undefined || ids.includes(before.id)) return;
    focused.current = undefined;
    const at = document.activeElement;
    if (at !== null && at !== document.body) return;
    const rest = list.current?.querySelectorAll<HTMLElement>(":scope > li") ?? [];
    (rest[Math.min(before.index, rest.length - 1)] ?? heading.current)?.focus();
  });

  const isEmpty = ids.length === 0;
  // With the drawing itself: a key may come before the next frame.
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const note = (event: FocusEvent): void => {
      const item = event.target instanceof Element ? event.target.closest("li") : null;
      const index = item === null ? -1 : [...element.children].indexOf(item);
      const id = shown.current[index];
      focused.current = id === undefined ? undefined : { id, index };
    };
    element.addEventListener("focusin", note);
    return () => element.removeEventListener("focusin", note);
  }, [isEmpty]);
  return { heading, list };
}
