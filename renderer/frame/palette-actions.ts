import type { ContactRecord } from "../../shared/model/contact.ts";
import { contactIdOf } from "../../shared/model/conversation-contact.ts";
import { ownAvailabilities } from "../../shared/model/presence.ts";
import { personActions } from "../roster/person-actions.ts";
import type { AppParts } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import type { IconName } from "../widgets/icons.tsx";
import { shortcuts } from "./shortcuts.ts";

/** Something that the palette has the window do. */
export interface PaletteAction {
  readonly label: string;
  readonly icon: IconName;
  readonly keys?: readonly string[];
  readonly run: () => void;
}

/**
 * All actions of the palette, as of now; those for the open conversation come first. `asked`: people who have not
 * answered a request.
 */
export function paletteActions(app: AppParts, asked: readonly ContactRecord[]): readonly PaletteAction[] {
  return [
    ...conversationActions(app),
    ...windowActions(app),
    ...requestsForPresence(app, asked),
    ...presenceActions(app),
  ];
}

/** Actions for the open conversation; none where none is open. */
function conversationActions(app: AppParts): readonly PaletteAction[] {
  const { ui, actions, words, replica } = app;
  const { t } = words.value;
  const id = ui.conversationId.peek();
  if (id === undefined) return [];
  const name = actions.nameOf(id);
  const about = replica.conversations.peek(id)?.kind === "room" ? [] : personActions(app, contactIdOf(id));
  return [
    { label: t("action.searchChat"), icon: "search", ...keysOf("search-chat"), run: () => actions.search("chat") },
    ...about.map(({ label, icon, onSelect }) => ({
      label: t("palette.about", { action: label, name }),
      icon,
      run: onSelect,
    })),
  ];
}

function windowActions({ client, replica, ui, actions, words }: AppParts): readonly PaletteAction[] {
  const { t } = words.value;
  const showOffline = settingValue(replica, "ShowOffline");
  return [
    {
      label: t("action.newChat"),
      icon: "chats",
      ...keysOf("new-chat"),
      run: () => (ui.dialog.value = { kind: "new-chat" }),
    },
    { label: t("action.addContact"), icon: "userPlus", run: () => (ui.dialog.value = { kind: "add-contact" }) },
    { label: t("action.searchAll"), icon: "history", ...keysOf("search-all"), run: () => actions.search("everywhere") },
    { label: t("action.settings"), icon: "settings", ...keysOf("settings"), run: () => actions.show("settings") },
    { label: t("action.lock"), icon: "lock", ...keysOf("lock"), run: () => actions.lock() },
    { label: t("view.requests"), icon: "requests", run: () => actions.show("requests") },
    {
      label: t(showOffline ? "action.hideOffline" : "action.showOffline"),
      icon: "listFilter",
      run: () =>
        void client.request("settings.set", { key: "ShowOffline", value: !showOffline }).catch(() => undefined),
    },
    { label: t("action.addAccount"), icon: "plus", run: () => (ui.dialog.value = { kind: "add-account" }) },
  ];
}

function requestsForPresence({ actions, words }: AppParts, asked: readonly ContactRecord[]): readonly PaletteAction[] {
  const { t } = words.value;
  return asked.map(({ id, name }) => ({
    label: t("askAgain.label", { name }),
    icon: "refresh",
    run: () => actions.askAgain(id),
  }));
}

function presenceActions({ client, replica, words }: AppParts): readonly PaletteAction[] {
  const { t } = words.value;
  const presence = replica.app.peek("app")?.presence;
  return ownAvailabilities.map((availability) => ({
    label: t("palette.setPresence", { presence: t(`presence.${availability}`) }),
    icon: "user",
    run: () =>
      void client
        .request("presence.set", {
          presence: { availability, ...(presence?.status === undefined ? {} : { status: presence.status }) },
        })
        .catch(() => undefined),
  }));
}

function keysOf(name: string): { readonly keys?: readonly string[] } {
  const shown = shortcuts.find(({ action }) => action === name)?.shown;
  return shown === undefined ? {} : { keys: shown };
}
