import { useLayoutEffect } from "preact/hooks";
import type { Ui } from "../state/ui.ts";

/** Takes the marks of a search away at Escape, wherever the focus is, unless Escape closes something else. */
export function useSearched(ui: Ui): void {
  const searched = ui.searched.value;
  // With the marks themselves: a key may come before what is left for later.
  useLayoutEffect(() => {
    if (searched === undefined) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (ui.dialog.peek() === undefined && ui.menu.peek() === undefined) ui.searched.value = undefined;
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [searched, ui]);
}
