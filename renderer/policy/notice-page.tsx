import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { SettingValue } from "../../shared/settings/declaration.ts";
import type { Language } from "../../shared/words/words.ts";
import { StartPage } from "../accounts/first-start.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useTask } from "../state/use-task.ts";
import { Problem } from "../widgets/problem.tsx";

/** The notice in the language of the window. */
export function noticeText(notice: NonNullable<SettingValue<"ComplianceNotice">>, language: Language): string {
  return language === "fr" ? (notice.fr ?? notice.en) : notice.en;
}

/**
 * The organization's notice, which everybody has to accept before anything signs in, or what follows for who declined
 * it.
 */
export function NoticePage() {
  const { replica } = useApp();
  const notice = settingValue(replica, "ComplianceNotice");
  const [declined, setDeclined] = useState(false);
  if (notice === null) return null;
  // Another text is another question.
  const key = `${notice.version}\n${notice.en}\n${notice.fr ?? ""}`;
  return declined ? (
    <Declined key={`declined ${key}`} onBack={() => setDeclined(false)} />
  ) : (
    <Question key={key} notice={notice} onDecline={() => setDeclined(true)} />
  );
}

function Question({
  notice,
  onDecline,
}: {
  readonly notice: NonNullable<SettingValue<"ComplianceNotice">>;
  readonly onDecline: () => void;
}) {
  const { client, replica, words } = useApp();
  const { t, language } = words.value;
  const task = useTask();
  const [read, setRead] = useState(false);
  const organization = settingValue(replica, "OrganizationName");
  const contact = settingValue(replica, "SupportContact");
  const answer = { version: notice.version, language };
  return (
    <StartPage
      consent
      title={organization === "" ? t("notice.title") : t("notice.titleBy", { organization })}
      text={t("notice.text")}
    >
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (read) void task.run(() => client.request("app.acceptNotice", answer));
        }}
      >
        {/* Long ones are scrolled through with the keyboard, too. */}
        <section class="notice-words" tabIndex={0} aria-label={t("notice.title")}>
          {noticeText(notice, language)}
        </section>
        {contact !== "" && <p class="field-hint">{t("settings.managedAsk", { contact })}</p>}
        <label class="check notice-check">
          <input type="checkbox" checked={read} onChange={(event) => setRead(event.currentTarget.checked)} />
          <span>{t("notice.check")}</span>
        </label>
        {task.error !== undefined && <Problem error={task.error} />}
        <div class="buttons">
          <button
            type="button"
            class="button"
            onClick={() => {
              // What follows is the same where it cannot be recorded: nothing signs in.
              client.request("app.declineNotice", answer).catch(() => undefined);
              onDecline();
            }}
          >
            {t("notice.decline")}
          </button>
          <button type="submit" class="button primary" disabled={!read} aria-disabled={task.busy}>
            {task.busy && <span class="spinner" aria-hidden="true" />}
            {t("notice.accept")}
          </button>
        </div>
      </form>
    </StartPage>
  );
}

/** Page after the notice is declined: nothing is lost, and nothing signs in. */
function Declined({ onBack }: { readonly onBack: () => void }) {
  const { client, replica, words } = useApp();
  const { t } = words.value;
  const contact = settingValue(replica, "SupportContact");
  const back = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => back.current?.focus(), []);
  return (
    <StartPage title={t("notice.declinedTitle")} text={t("notice.declinedText")}>
      {contact !== "" && <p class="field-hint">{t("settings.managedAsk", { contact })}</p>}
      <div class="buttons">
        <button type="button" class="button" onClick={() => void client.request("app.quit", {}).catch(() => undefined)}>
          {t("action.quit")}
        </button>
        <button type="button" class="button primary" ref={back} onClick={onBack}>
          {t("notice.back")}
        </button>
      </div>
    </StartPage>
  );
}
