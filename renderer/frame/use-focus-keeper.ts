import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { createFocusKeeper } from "./focus-keeper.ts";

/** Keeps the focus of the whole window (focus-keeper.ts); `ui.focusHome` has it look at once. */
export function useFocusKeeper(): void {
  const { ui } = useApp();
  const keeper = useRef<ReturnType<typeof createFocusKeeper> | undefined>(undefined);
  useLayoutEffect(() => {
    const made = createFocusKeeper(document);
    keeper.current = made;
    return () => made.dispose();
  }, []);
  const asked = ui.focusHome.value;
  useLayoutEffect(() => keeper.current?.check(), [asked]);
}
