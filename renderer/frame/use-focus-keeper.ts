import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { FocusKeeper } from "./focus-keeper.ts";

/** Keeps the focus of the whole window (focus-keeper.ts); `ui.focusHome` has it look at once. */
export function useFocusKeeper(): void {
  const { ui } = useApp();
  const keeper = useRef<FocusKeeper | undefined>(undefined);
  useLayoutEffect(() => {
    const made = new FocusKeeper(document);
    keeper.current = made;
    return () => made.dispose();
  }, []);
  const asked = ui.focusHome.value;
  useLayoutEffect(() => keeper.current?.check(), [asked]);
}
