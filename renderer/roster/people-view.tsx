import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { EarlyArrows } from "../widgets/early-arrows.ts";
import { Empty } from "../widgets/empty.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Keys } from "../widgets/keys.tsx";
import { SearchBox } from "../widgets/search-box.tsx";
import { ContactTree } from "./contact-tree.tsx";

/** The contact list with its search box. */
export function PeopleView() {
  const { ui, roster, replica, client, words, actions } = useApp();
  const { t } = words.value;
  const found = roster.found.value;
  const showOffline = settingValue(replica, "ShowOffline");
  useEffect(() => {
    if (found !== undefined) ui.announcement.value = t("roster.found", { count: found });
  }, [found, t, ui]);

  const early = useRef(new EarlyArrows()).current;
  const isCurrent = roster.isCurrent.value;
  useLayoutEffect(() => {
    if (isCurrent) early.follow(enterTree);
  }, [isCurrent]);

  // Enter in the search box opens the first person found; the arrow goes down into the list.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown") early.forget();
    if (event.key === "Enter" && ui.filter.peek().trim() !== "") {
      event.preventDefault();
      void roster.firstFound().then((id) => {
        if (id !== undefined) actions.openConversation(conversationWith(id));
      });
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      if (roster.isCurrent.peek()) enterTree();
      else early.press();
    }
  };
  const offlineLabel = t(showOffline ? "action.hideOffline" : "action.showOffline");

  return (
    <>
      <div class="list-head">
        <h1 class="visually-hidden">{t("roster.label")}</h1>
        <SearchBox
          label={t("roster.search")}
          value={ui.filter.value}
          onValue={(text) => (ui.filter.value = text)}
          onKeyDown={onKeyDown}
          end={<Keys keys={["ctrl", "K"]} />}
        />
        <button
          type="button"
          class="icon-button"
          aria-pressed={!showOffline}
          aria-label={offlineLabel}
          title={offlineLabel}
          onClick={() =>
            void client.request("settings.set", { key: "ShowOffline", value: !showOffline }).catch(() => undefined)
          }
        >
          <Icon name="listFilter" size={18} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={t("action.addContact")}
          title={t("action.addContact")}
          onClick={() => (ui.dialog.value = { kind: "add-contact" })}
        >
          <Icon name="userPlus" size={18} />
        </button>
      </div>
      {roster.rows.value.length > 0 ? (
        <ContactTree />
      ) : found === 0 ? (
        <Empty
          icon="search"
          title={t("roster.noneFound", { text: ui.filter.value.trim() })}
          text={t("roster.noneFoundNext")}
        />
      ) : (
        <Empty icon="people" title={t("roster.empty")} text={t("roster.emptyNext")}>
          <button type="button" class="button" onClick={() => (ui.dialog.value = { kind: "add-contact" })}>
            <Icon name="userPlus" size={16} /> {t("action.addContact")}
          </button>
        </Empty>
      )}
    </>
  );
}

function enterTree(): void {
  document.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus();
}
