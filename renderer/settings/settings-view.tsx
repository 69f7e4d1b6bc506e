import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { shortcuts } from "../frame/shortcuts.ts";
import { useApp } from "../state/app-context.ts";
import { BackBar } from "../widgets/back-bar.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Keys } from "../widgets/keys.tsx";
import { AccountsSection } from "./accounts-section.tsx";
import { BlockedList } from "./blocked-list.tsx";
import { KeySection } from "./key-section.tsx";
import { MinutesRow } from "./minutes-row.tsx";
import { RetentionRow } from "./retention-row.tsx";
import { type SectionId, sectionInView, sections, showSection } from "./sections.ts";
import { SettingRow } from "./setting-row.tsx";

/** The list of sections, where the contact list otherwise is. */
export function SettingsNav() {
  const { ui, words, actions } = useApp();
  const { t } = words.value;
  return (
    <>
      <div class="list-head">
        <h1 class="list-title">{t("settings.title")}</h1>
      </div>
      <nav class="settings-nav" aria-label={t("settings.sections")}>
        {sections.map(({ id, icon }) => (
          <button
            key={id}
            type="button"
            {...(ui.settingsPage.value === "settings" && ui.settingsSection.value === id
              ? { "aria-current": "true" as const }
              : {})}
            onClick={() => {
              ui.pane.value = "main";
              ui.settingsPage.value = "settings";
              // Drawn first in a narrow window.
              requestAnimationFrame(() => {
                showSection(id);
                ui.settingsSection.value = id;
              });
            }}
          >
            <Icon name={icon} size={18} />
            {t(`settings.${id}`)}
          </button>
        ))}
        <button
          type="button"
          onClick={() => actions.showPolicy()}
          {...(ui.settingsPage.value === "policy" ? { "aria-current": "page" as const } : {})}
        >
          <Icon name="building" size={18} />
          {t("policy.title")}
        </button>
      </nav>
    </>
  );
}

/** All settings on one page. */
export function SettingsView() {
  const { replica, ui, words } = useApp();
  const { t } = words.value;
  const ref = useRef<HTMLDivElement>(null);
  // With the drawing itself: whoever goes on at once to a control on it must not be taken away from there.
  useLayoutEffect(() => {
    ui.settingsSection.value = sections[0].id;
    ref.current?.focus();
  }, [ui]);
  return (
    <div
      ref={ref}
      class="settings"
      tabIndex={-1}
      onScroll={(event) => {
        const section = sectionInView(event.currentTarget, ui.settingsSection.peek());
        if (section !== undefined) ui.settingsSection.value = section;
      }}
    >
      <BackBar title={t("settings.title")} />
      <Section id="accounts">
        <AccountsSection />
      </Section>
      <Section id="appearance">
        <SettingRow name="Theme" />
        <SettingRow name="Language" />
        <SettingRow name="ShowOffline" />
        <SettingRow name="StartAtLogin" />
      </Section>
      <Section id="privacy">
        <SettingRow name="PresenceSharing" />
        <SettingRow name="ReceiptsEnabled" />
        <SettingRow name="TypingNotificationsEnabled" />
        <SettingRow name="IdleSharingEnabled" />
        <SettingRow name="StrangerMode" />
        <SettingRow name="StrangerContentMode" />
        <SettingRow name="LookAlikeWarningsEnabled" />
        <BlockedList />
      </Section>
      <Section id="security">
        <MinutesRow name="IdleLockMinutes" />
        <KeySection />
      </Section>
      <Section id="notifications">
        <SettingRow name="NotificationsEnabled" />
        <SettingRow name="NotificationPreviewEnabled" />
      </Section>
      <Section id="history">
        <SettingRow name="HistoryMode" />
        <RetentionRow />
        <div class="account-buttons">
          <button type="button" class="button" onClick={() => (ui.dialog.value = { kind: "export" })}>
            {t("export.open")}
          </button>
          <button
            type="button"
            class="button danger-quiet"
            onClick={() => (ui.dialog.value = { kind: "delete-history" })}
          >
            {t("delete.all")}
          </button>
        </div>
      </Section>
      <Section id="shortcuts">
        <p class="setting-hint">{t("settings.shortcutsText")}</p>
        <dl class="shortcuts">
          {shortcuts.map((shortcut) => (
            <div key={shortcut.action}>
              <dt>{t(shortcut.label)}</dt>
              <dd>
                <Keys keys={shortcut.shown} />
              </dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section id="about">
        <p>
          {t("app.name")} · {t("settings.version", { version: replica.app.get("app")?.version ?? "" })}
        </p>
      </Section>
    </div>
  );
}

function Section({ id, children }: { readonly id: SectionId; readonly children: ComponentChildren }) {
  return (
    <section id={`settings-${id}`} class="settings-section" aria-labelledby={`settings-${id}-title`}>
      <h2 id={`settings-${id}-title`} tabIndex={-1}>
        {useApp().words.value.t(`settings.${id}`)}
      </h2>
      {children}
    </section>
  );
}
