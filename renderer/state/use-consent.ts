import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { useApp } from "./app-context.ts";
import { typingPause } from "./typing-watch.ts";

/**
 * Protection of a page or dialog that asks for consent: what is typed when it appears was meant for something else. It
 * focuses its heading, takes no keys of a text until the person has paused, and a key that is held down never counts as
 * a press. `uncalled`: it appears by itself, so that the first moment takes no keys whoever types.
 */
export function useConsent(
  place: RefObject<HTMLElement | null>,
  { enabled, uncalled = false }: { readonly enabled: boolean; readonly uncalled?: boolean },
): void {
  const { typing } = useApp();
  useLayoutEffect(() => {
    const element = place.current;
    if (!enabled || element === null) return undefined;
    element.querySelector<HTMLElement>("[data-heading]")?.focus();
    const release = typing.hold(uncalled ? typingPause : 0);
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
    };
    element.addEventListener("keydown", onKeyDown, true);
    return () => {
      element.removeEventListener("keydown", onKeyDown, true);
      release();
      typing.holdEnter();
    };
  }, [enabled]);
}
