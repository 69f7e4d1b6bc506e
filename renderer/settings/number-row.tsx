import { useEffect, useState } from "preact/hooks";
import { managementOf } from "../policy/managed.ts";
import { ManagedNote } from "../policy/managed-note.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useTask } from "../state/use-task.ts";
import { Field } from "../widgets/field.tsx";
import { Problem } from "../widgets/problem.tsx";

/** A setting that is a number of minutes: kept when the person leaves the box or presses Enter. */
export function NumberRow({ name, max }: { readonly name: "IdleLockMinutes"; readonly max: number }) {
  const { client, replica, words } = useApp();
  const { t } = words.value;
  const record = replica.settings.get(name);
  const value = settingValue(replica, name);
  const changeable = settingValue(replica, "PreferencesEnabled");
  const management = managementOf(replica, changeable ? record : replica.settings.get("PreferencesEnabled"));
  const [text, setText] = useState(String(value));
  const task = useTask();
  useEffect(() => setText(String(value)), [value]);
  const number = /^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined;
  const valid = number !== undefined && number <= max;
  const keep = async (): Promise<void> => {
    if (!valid || number === value) return;
    if (!(await task.run(() => client.request("settings.set", { key: name, value: number })))) setText(String(value));
  };
  return (
    <form
      class="setting"
      data-setting={name}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
      onFocusOut={() => void keep()}
    >
      <Field
        label={t(`setting.${name}`)}
        value={text}
        onValue={setText}
        hint={t(`setting.${name}.hint`)}
        error={valid ? undefined : t("settings.minutesRule")}
        inputMode="numeric"
        autocomplete="off"
        maxLength={4}
        disabled={record?.locked === true || !changeable}
      />
      {record?.error !== undefined && <p class="field-error">{t("settings.invalid")}</p>}
      {management !== undefined && <ManagedNote management={management} />}
      {record?.origin === "recommended" && <p class="setting-hint">{t("settings.recommended")}</p>}
      {task.error !== undefined && <Problem error={task.error} />}
    </form>
  );
}
