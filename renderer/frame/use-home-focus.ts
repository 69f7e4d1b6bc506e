import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { useApp } from "../state/app-context.ts";

/** Where somebody goes on, the first that can be seen: the message that is being written, or the beginning of the list. */
const homes = [".composer-box textarea", '.list-pane :is(input, [tabindex="0"], button)'] as const;

/**
 * Focus for the panes when nothing in the window has it: after the page before them, and when what had it is gone (`ui.focusHome`).
 * Keys always go somewhere that can be seen.
 */
export function useHomeFocus(panes: RefObject<HTMLElement | null>): void {
  const { ui } = useApp();
  const asked = ui.focusHome.value;
  useLayoutEffect(() => {
    const at = document.activeElement;
    if (at !== null && at !== document.body) return;
    for (const home of homes) {
      const element = panes.current?.querySelector<HTMLElement>(home);
      element?.focus({ preventScroll: true });
      if (element !== null && document.activeElement === element) return;
    }
  }, [asked]);
}
