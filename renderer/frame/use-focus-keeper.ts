import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { FocusKeeper } from "./focus-keeper.ts";

/**
 * Keeps the focus of the whole window (focus-keeper.ts); `ui.focusHome` has it look at once. The Enter after which an
 * element was gone, pressed once more, does not send the draft in the message field that gets its focus.
 */
export function useFocusKeeper(): void {
  const { ui, typing } = useApp();
  const keeper = useRef<FocusKeeper | undefined>(undefined);
  useLayoutEffect(() => {
    const made = new FocusKeeper(document, (element) => {
      if (element instanceof HTMLTextAreaElement) typing.holdEnter();
    });
    keeper.current = made;
    return () => made.dispose();
  }, []);
  const asked = ui.focusHome.value;
  useLayoutEffect(() => keeper.current?.check(), [asked]);
}
