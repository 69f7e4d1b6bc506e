import { managementOf } from "../policy/managed.ts";
import { ManagedNote } from "../policy/managed-note.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useChosen } from "../state/use-chosen.ts";
import { useTask } from "../state/use-task.ts";
import { Select } from "../widgets/field.tsx";
import { Problem } from "../widgets/problem.tsx";

/** Minutes that are offered; what a policy or an earlier choice says beside them is offered too. */
const offered = [0, 1, 2, 5, 10, 15, 30, 60, 120, 240, 480];
const minute = 60_000;

/** A setting that is a number of minutes, chosen from a list; 0 is never. */
export function MinutesRow({ name }: { readonly name: "IdleLockMinutes" }) {
  const { client, replica, words } = useApp();
  const { t, duration } = words.value;
  const record = replica.settings.get(name);
  const value = settingValue(replica, name);
  const changeable = settingValue(replica, "PreferencesEnabled");
  const management = managementOf(replica, changeable ? record : replica.settings.get("PreferencesEnabled"));
  const { shown, choose, takeBack } = useChosen<string>(String(value));
  const task = useTask();
  // Hours only where they are whole: 90 minutes are not 1 h.
  const label = (count: number): string =>
    count === 0
      ? t("minutes.never")
      : count >= 60 && count % 60 !== 0
        ? t("minutes.count", { count })
        : duration(count * minute);
  return (
    <div class="setting" data-setting={name}>
      <Select
        label={t("settings.lockAfter")}
        value={shown}
        options={[...new Set([...offered, Number(shown)])]
          .sort((a, b) => a - b)
          .map((count) => ({ value: String(count), label: label(count) }))}
        disabled={record?.locked === true || !changeable || task.busy}
        onValue={async (next) => {
          choose(next);
          if (!(await task.run(() => client.request("settings.set", { key: name, value: Number(next) })))) takeBack();
        }}
      />
      <p class="setting-hint">{t(`setting.${name}.hint`)}</p>
      {record?.error !== undefined && <p class="field-error">{t("settings.invalid")}</p>}
      {management !== undefined && <ManagedNote management={management} />}
      {record?.origin === "recommended" && <p class="setting-hint">{t("settings.recommended")}</p>}
      {task.error !== undefined && <Problem error={task.error} />}
    </div>
  );
}
