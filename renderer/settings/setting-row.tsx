import { useId } from "preact/hooks";
import * as v from "valibot";
import type { SettingKey } from "../../shared/settings/declaration.ts";
import { settings } from "../../shared/settings/declaration.ts";
import type { WordKey } from "../../shared/words/words.ts";
import { managementOf } from "../policy/managed.ts";
import { ManagedNote } from "../policy/managed-note.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useChosen } from "../state/use-chosen.ts";
import { useTask } from "../state/use-task.ts";
import { Problem } from "../widgets/problem.tsx";

/** Settings that the settings view shows as a switch. */
type Switch =
  | "LookAlikeWarningsEnabled"
  | "ShowOffline"
  | "StartAtLogin"
  | "IdleSharingEnabled"
  | "ReceiptsEnabled"
  | "TypingNotificationsEnabled"
  | "NotificationsEnabled"
  | "NotificationPreviewEnabled";
/** Settings that the settings view shows: yes or no, or one of several. */
export type ShownSetting = Switch | keyof typeof choices;

const choices = {
  HistoryMode: [
    { value: "encrypted", label: "setting.HistoryMode.encrypted", hint: "setting.HistoryMode.encrypted.hint" },
    { value: "memory", label: "setting.HistoryMode.memory", hint: "setting.HistoryMode.memory.hint" },
    { value: "off", label: "setting.HistoryMode.off", hint: "setting.HistoryMode.off.hint" },
  ],
  PresenceSharing: [
    { value: "contacts", label: "setting.PresenceSharing.contacts" },
    { value: "groups", label: "setting.PresenceSharing.groups", hint: "setting.PresenceSharing.groups.hint" },
    { value: "nobody", label: "setting.PresenceSharing.nobody", hint: "setting.PresenceSharing.nobody.hint" },
  ],
  StrangerMode: [
    { value: "requests", label: "setting.StrangerMode.requests" },
    { value: "contacts-only", label: "setting.StrangerMode.contacts-only" },
    { value: "open", label: "setting.StrangerMode.open" },
  ],
  StrangerContentMode: [
    { value: "full", label: "setting.StrangerContentMode.full" },
    { value: "text", label: "setting.StrangerContentMode.text" },
    { value: "hidden", label: "setting.StrangerContentMode.hidden" },
  ],
  Theme: [
    { value: "system", label: "setting.Theme.system" },
    { value: "light", label: "setting.Theme.light" },
    { value: "dark", label: "setting.Theme.dark" },
  ],
  Language: [
    { value: "system", label: "setting.Language.system" },
    { value: "en", label: "setting.Language.en" },
    { value: "fr", label: "setting.Language.fr" },
  ],
} as const satisfies Partial<
  Record<SettingKey, readonly { readonly value: string; readonly label: WordKey; readonly hint?: WordKey }[]>
>;

function hasChoices(key: ShownSetting): key is keyof typeof choices {
  return key in choices;
}

/** One setting: its name, what it does, its control, and who manages it when the person cannot change it. */
export function SettingRow({ name }: { readonly name: ShownSetting }) {
  const { client, replica, words } = useApp();
  const { t } = words.value;
  const id = useId();
  const task = useTask();
  const record = replica.settings.get(name);
  const value = settingValue(replica, name);
  const changeable = settingValue(replica, "PreferencesEnabled");
  const management = managementOf(replica, changeable ? record : replica.settings.get("PreferencesEnabled"));
  const locked = record?.locked === true || !changeable;
  const { shown, choose, takeBack } = useChosen<string | boolean>(value);
  const set = async (next: string | boolean): Promise<void> => {
    if (!v.is(settings[name].schema, next)) return;
    choose(next);
    if (!(await task.runInTurn(() => client.request("settings.set", { key: name, value: next })))) takeBack();
  };
  const hintId = `${id}-hint`;

  return (
    <div class="setting" data-setting={name}>
      {hasChoices(name) ? (
        <fieldset class="setting-choices" disabled={locked} aria-describedby={hintId}>
          <legend class="setting-name">{t(`setting.${name}`)}</legend>
          <p id={hintId} class="setting-hint">
            {t(`setting.${name}.hint`)}
          </p>
          {choices[name].map((choice) => (
            <label
              key={choice.value}
              class="choice"
              {...(choice.label.startsWith("setting.Language.") && choice.value !== "system"
                ? { lang: choice.value }
                : {})}
            >
              <input
                type="radio"
                name={name}
                checked={shown === choice.value}
                onChange={() => void set(choice.value)}
              />
              <span>
                {t(choice.label)}
                {"hint" in choice && <span class="setting-hint">{t(choice.hint)}</span>}
              </span>
            </label>
          ))}
        </fieldset>
      ) : (
        <label class="setting-switch">
          <span>
            <span class="setting-name">{t(`setting.${name}`)}</span>
            <span id={hintId} class="setting-hint">
              {t(`setting.${name}.hint`)}
            </span>
          </span>
          <input
            type="checkbox"
            role="switch"
            class="switch"
            checked={shown === true}
            disabled={locked}
            onChange={(event) => void set(event.currentTarget.checked)}
          />
        </label>
      )}
      {record?.error !== undefined && <p class="field-error">{t("settings.invalid")}</p>}
      {management !== undefined && <ManagedNote management={management} />}
      {record?.origin === "recommended" && <p class="setting-hint">{t("settings.recommended")}</p>}
      {task.error !== undefined && <Problem error={task.error} />}
    </div>
  );
}
