import { useApp } from "../state/app-context.ts";
import type { View } from "../state/ui.ts";
import { Icon, type IconName } from "../widgets/icons.tsx";

const icons: Readonly<Record<View, IconName>> = {
  people: "people",
  chats: "chats",
  requests: "requests",
  history: "history",
  settings: "settings",
};

/** The window's views, down its edge. */
export function Rail() {
  const { ui, roster, replica, words, actions } = useApp();
  const { t } = words.value;
  const unread = roster.unread.value;
  replica.requests.version.value;
  const requests = replica.requests.size;
  const item = (view: View, count = 0) => {
    const name = t(`view.${view}`);
    const label =
      count === 0 ? name : t(view === "requests" ? "view.withRequests" : "view.withUnread", { view: name, count });
    const on = ui.view.value === view;
    return (
      <button
        type="button"
        class={`rail-item${on ? " on" : ""}`}
        aria-label={label}
        title={name}
        {...(on ? { "aria-current": "page" as const } : {})}
        onClick={() => actions.show(view)}
      >
        <Icon name={icons[view]} />
        {count > 0 && (
          <span class="badge" aria-hidden="true">
            {count > 99 ? "99+" : words.value.number(count)}
          </span>
        )}
      </button>
    );
  };
  return (
    <nav class="rail" aria-label={t("app.views")}>
      {item("people")}
      {item("chats", unread)}
      {item("requests", requests)}
      {item("history")}
      <span class="rail-gap" />
      {item("settings")}
    </nav>
  );
}
