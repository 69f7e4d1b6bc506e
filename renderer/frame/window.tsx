import { useCallback, useLayoutEffect, useState } from "preact/hooks";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import type { WordKey } from "../../shared/words/words.ts";
import { FirstStart } from "../accounts/first-start.tsx";
import { LockPage } from "../accounts/lock-page.tsx";
import { isManagedStart, isManagedStartOver, ManagedStart } from "../accounts/managed-start.tsx";
import { OwnPresenceButton } from "../accounts/own-presence.tsx";
import { VaultPage } from "../accounts/vault-page.tsx";
import { ConversationPane } from "../conversation/conversation-pane.tsx";
import { Details } from "../conversation/details.tsx";
import { HistoryView } from "../history/history-view.tsx";
import { NoticePage } from "../policy/notice-page.tsx";
import { PolicyPage } from "../policy/policy-page.tsx";
import { RequestsList } from "../requests/requests-list.tsx";
import { RequestsView } from "../requests/requests-view.tsx";
import { ChatsView } from "../roster/chats-view.tsx";
import { ContactMenu } from "../roster/contact-menu.tsx";
import { PeopleView } from "../roster/people-view.tsx";
import { SettingsNav, SettingsView } from "../settings/settings-view.tsx";
import { useApp } from "../state/app-context.ts";
import { isNarrow } from "../state/narrow.ts";
import { showsConversation, type View } from "../state/ui.ts";
import { Empty } from "../widgets/empty.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Banners } from "./banners.tsx";
import { Dialogs } from "./dialogs.tsx";
import { Rail } from "./rail.tsx";
import { useActivity } from "./use-activity.ts";
import { useAppearance } from "./use-appearance.ts";
import { useAttention } from "./use-attention.ts";
import { useConfinement } from "./use-confinement.ts";
import { useFocusKeeper } from "./use-focus-keeper.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** The whole window: what comes before there is an account, or the four panes. */
export function Window() {
  const { replica, words } = useApp();
  useAppearance();
  useFocusKeeper();
  const hidden = useConfinement();
  const [managedStart, setManagedStart] = useState<"unseen" | "shown" | "over">("unseen");
  if (!replica.ready.value) return <p class="loading">{words.value.t("app.loading")}</p>;
  const app = replica.app.get("app");
  replica.accounts.version.value;
  if (app === undefined || app.vault === "opening") return <p class="loading">{words.value.t("app.loading")}</p>;
  if (app.vault !== "ready") return <VaultPage app={app} />;
  if (app.lockedBy !== undefined) return <LockPage by={app.lockedBy} />;
  if (app.noticePending === true) return <NoticePage />;
  if (replica.accounts.size === 0) {
    return (
      <>
        <BeforeAccounts />
        <Dialogs />
      </>
    );
  }
  if (managedStart === "unseen" && isManagedStart(replica)) setManagedStart("shown");
  else if (managedStart === "shown" && isManagedStartOver(replica)) setManagedStart("over");
  if (managedStart === "shown") return <ManagedStart onLater={() => setManagedStart("over")} />;
  // Drawn on, so that nothing that is typed or open is lost; only not to be seen.
  return (
    <>
      <div class={hidden ? "contained unseen" : "contained"}>
        <Panes />
      </div>
      {hidden && (
        <div class="cover" role="status">
          <Icon name="eyeOff" size={28} />
          <p>{words.value.t("app.covered")}</p>
        </div>
      )}
    </>
  );
}

/** Pages before there is an account: the first page, or every rule of the policy, which it links to. */
function BeforeAccounts() {
  const { ui, words, actions } = useApp();
  if (ui.view.value !== "settings" || ui.settingsPage.value !== "policy") return <FirstStart />;
  return (
    <main class="policy-alone">
      <button type="button" class="button" onClick={() => actions.show("people")}>
        <Icon name="back" size={16} class="mirrored" /> {words.value.t("button.back")}
      </button>
      <PolicyPage />
    </main>
  );
}

const listLabels = {
  people: "roster.label",
  chats: "view.chats",
  requests: "requests.list",
  history: "view.history",
  settings: "settings.sections",
} as const satisfies Readonly<Record<View, WordKey>>;

function Panes() {
  const { ui, words, roster, actions, typing } = useApp();
  const { t } = words.value;
  const listed = useCallback(
    () => (ui.view.peek() === "chats" ? roster.recent.peek() : roster.first(9).map(conversationWith)),
    [ui, roster],
  );
  useShortcuts(listed);
  // An Enter pressed again at the page before this one is not meant for the draft that has the focus now.
  useLayoutEffect(() => typing.holdEnter(), [typing]);
  useActivity();
  const attentive = useAttention();
  const view = ui.view.value;
  const open = ui.conversationId.value;
  const hasConversation = showsConversation(view);
  const details = hasConversation && open !== undefined && ui.details.value && !isNarrow.value;

  return (
    <div class={`panes pane-${ui.pane.value}${details ? " with-details" : ""}`}>
      <Rail />
      <main class="contents">
        <section class="list-pane" aria-label={t(listLabels[view])}>
          {view === "people" && <PeopleView />}
          {view === "chats" && <ChatsView />}
          {view === "requests" && <RequestsList />}
          {view === "history" && <HistoryView />}
          {view === "settings" && <SettingsNav />}
          <OwnPresenceButton />
        </section>
        <div class="banners" data-region>
          <Banners />
        </div>
        <section
          class="main-pane"
          {...(open === undefined && hasConversation
            ? {}
            : {
                "aria-label":
                  view === "settings"
                    ? t(ui.settingsPage.value === "policy" ? "policy.title" : "settings.title")
                    : view === "requests"
                      ? t("requests.title")
                      : actions.nameOf(open ?? ""),
              })}
        >
          {view === "settings" ? (
            ui.settingsPage.value === "policy" ? (
              <PolicyPage />
            ) : (
              <SettingsView />
            )
          ) : view === "requests" ? (
            <RequestsView />
          ) : open === undefined ? (
            <Empty icon="chats" title={t("chat.none")} text={t("chat.noneNext", { keys: `${t("key.ctrl")} K` })} />
          ) : (
            <ConversationPane key={open} id={open} attentive={attentive} />
          )}
        </section>
        {details && <Details id={open} />}
        <ContactMenu />
      </main>
      <Dialogs />
      <p class="visually-hidden" role="status">
        {ui.announcement.value}
      </p>
    </div>
  );
}
