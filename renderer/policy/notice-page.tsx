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

/** What the organization wants everyone to have read before anything signs in. */
export function NoticePage() {
  const { client, replica, words } = useApp();
  const { t, language } = words.value;
  const task = useTask();
  const notice = settingValue(replica, "ComplianceNotice");
  if (notice === null) return null;
  const organization = settingValue(replica, "OrganizationName");
  const contact = settingValue(replica, "SupportContact");
  return (
    <StartPage title={organization === "" ? t("notice.title") : t("notice.titleBy", { organization })} text={t("notice.text")}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void task.run(() => client.request("app.acceptNotice", { version: notice.version, language }));
        }}
      >
        <p class="notice-words">{noticeText(notice, language)}</p>
        {contact !== "" && <p class="field-hint">{t("settings.managedAsk", { contact })}</p>}
        {task.error !== undefined && <Problem error={task.error} />}
        <div class="buttons">
          <button type="submit" class="button primary" disabled={task.busy} data-autofocus="true">
            {t("notice.accept")}
          </button>
        </div>
      </form>
    </StartPage>
  );
}
