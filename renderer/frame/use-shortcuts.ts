import { useLayoutEffect } from "preact/hooks";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { useApp } from "../state/app-context.ts";
import { showsConversation } from "../state/ui.ts";
import { shortcutOf } from "./shortcuts.ts";

/**
 * Listens for the window's shortcuts, from the moment that the window is drawn: a key that comes before the next frame
 * is not lost.
 */
export function useShortcuts(listed: () => readonly ConversationId[]): void {
  const { ui, actions, replica } = useApp();
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const pressed = shortcutOf(event, replica.app.peek("app")?.platform === "darwin");
      if (pressed === undefined) return;
      // Whatever is open: whoever leaves their place leaves at once.
      if (pressed.action === "lock") {
        event.preventDefault();
        actions.lock();
        return;
      }
      // Behind a dialog nothing moves, but the palette may be left with its own key.
      const dialog = ui.dialog.peek();
      if (dialog !== undefined && dialog.kind !== "palette") return;
      event.preventDefault();
      switch (pressed.action) {
        case "palette":
          ui.menu.value = undefined;
          ui.dialog.value = dialog === undefined ? { kind: "palette" } : undefined;
          break;
        case "new-chat":
          ui.menu.value = undefined;
          ui.dialog.value = { kind: "new-chat" };
          break;
        case "search-chat":
          actions.search("chat");
          break;
        case "search-all":
          actions.search("everywhere");
          break;
        case "settings":
          ui.dialog.value = undefined;
          actions.show("settings");
          break;
        case "close":
          if (!showsConversation(ui.view.peek())) actions.show("people");
          else actions.closeConversation();
          break;
        case "jump": {
          const id = listed()[pressed.digit - 1];
          if (id !== undefined) actions.openConversation(id);
          break;
        }
        case "previous-unread":
          actions.unread(-1);
          break;
        case "next-unread":
          actions.unread(1);
          break;
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [ui, actions, replica, listed]);
}
