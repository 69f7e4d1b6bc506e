import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { TreeRow } from "./tree.ts";

/** Moves the focus to the row with the tab stop, `stop`, once it is drawn. Returns what asks for that. */
export function useRowFocus(scroller: RefObject<HTMLElement | null>, stop: TreeRow | undefined): () => void {
  const isWanted = useRef(false);
  // With the drawing itself: the next key may come before an effect would run. A row becomes another one once main has
  // said whose it is, and has to have the focus again.
  useLayoutEffect(() => {
    if (!isWanted.current) return;
    isWanted.current = stop?.kind === "contact" && stop.id === undefined;
    const { activeElement } = document;
    const isElsewhere = activeElement !== document.body && scroller.current?.contains(activeElement) === false;
    if (isElsewhere && activeElement?.matches('[role="searchbox"], input[type="search"]') === false) return;
    scroller.current?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus({ preventScroll: true });
  });
  return () => {
    isWanted.current = true;
  };
}
