import { useEffect, useState } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { showsConversation } from "../state/ui.ts";

/** Whether somebody can be looking: the window is visible and has the focus. */
export function hasAttention(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Whether the window shows one pane at a time (styles/panes.css). */
const narrowWindow = "(max-width: 700px)";

function useNarrow(): boolean {
  const [query] = useState(() =>
    typeof window.matchMedia === "function" ? window.matchMedia(narrowWindow) : undefined,
  );
  const [narrow, setNarrow] = useState(query?.matches === true);
  useEffect(() => {
    const look = (): void => setNarrow(query?.matches === true);
    query?.addEventListener("change", look);
    return () => query?.removeEventListener("change", look);
  }, [query]);
  return narrow;
}

/** Follows whether the window has attention, and tells main of it together with the open conversation. */
export function useAttention(): boolean {
  const { client, ui } = useApp();
  const [focused, setFocused] = useState(hasAttention);
  const narrow = useNarrow();
  // In a narrow window the list hides the chat: nobody reads what arrives in it, and it is announced.
  const isShown = showsConversation(ui.view.value) && !(narrow && ui.pane.value === "list");
  const conversationId = isShown ? ui.conversationId.value : undefined;
  useEffect(() => {
    const look = (): void => setFocused(hasAttention());
    const events = ["focus", "blur"] as const;
    for (const event of events) window.addEventListener(event, look);
    document.addEventListener("visibilitychange", look);
    return () => {
      for (const event of events) window.removeEventListener(event, look);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  useEffect(() => {
    client
      .request("app.attention", { focused, ...(conversationId === undefined ? {} : { conversationId }) })
      .catch(() => undefined);
  }, [client, focused, conversationId]);
  return focused;
}
