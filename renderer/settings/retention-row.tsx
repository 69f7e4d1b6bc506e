import { useId } from "preact/hooks";
import { managementOf } from "../policy/managed.ts";
import { ManagedNote } from "../policy/managed-note.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useChosen } from "../state/use-chosen.ts";
import { useTask } from "../state/use-task.ts";
import { Select } from "../widgets/field.tsx";
import { Problem } from "../widgets/problem.tsx";

/** Days that are offered; what a policy or an earlier choice says beside them is offered too. */
const offered = [0, 7, 30, 90, 180, 365, 730, 1095, 1825, 3650];

/** After how many days messages are deleted, which the person chooses as far as policy leaves it to them. */
export function RetentionRow() {
  const { client, replica, words } = useApp();
  const { t } = words.value;
  const id = useId();
  const task = useTask();
  const record = replica.settings.get("HistoryRetentionDays");
  const days = settingValue(replica, "HistoryRetentionDays");
  const minimum = settingValue(replica, "HistoryMinimumDays");
  // Who may not delete may not have it deleted by the clock either; then the choice decides nothing, and says so.
  const withheld = !settingValue(replica, "HistoryDeleteEnabled") && record?.origin !== "policy";
  const changeable = settingValue(replica, "PreferencesEnabled");
  const locked = record?.locked === true || !changeable || withheld;
  const reason = withheld ? "HistoryDeleteEnabled" : changeable ? "HistoryRetentionDays" : "PreferencesEnabled";
  const management = managementOf(replica, replica.settings.get(reason));
  const { shown, choose, takeBack } = useChosen<string>(String(days));
  const label = (count: number): string => {
    if (count === 0) return t("retention.never");
    return count % 365 === 0 ? t("retention.years", { count: count / 365 }) : t("retention.days", { count });
  };
  return (
    <div class="setting" data-setting="HistoryRetentionDays">
      <Select
        label={t("setting.HistoryRetentionDays")}
        value={withheld ? "0" : shown}
        options={[...new Set([...offered, Number(shown)])]
          .sort((a, b) => a - b)
          .map((count) => ({ value: String(count), label: label(count) }))}
        disabled={locked || task.busy}
        onValue={async (next) => {
          choose(next);
          if (
            !(await task.run(() =>
              client.request("settings.set", { key: "HistoryRetentionDays", value: Number(next) }),
            ))
          )
            takeBack();
        }}
      />
      <p id={`${id}-hint`} class="setting-hint">
        {t("setting.HistoryRetentionDays.hint")}
      </p>
      {minimum > 0 && <p class="setting-hint">{t("settings.keptAtLeast", { count: minimum })}</p>}
      {record?.error !== undefined && <p class="field-error">{t("settings.invalid")}</p>}
      {management !== undefined && <ManagedNote management={management} />}
      {record?.origin === "recommended" && <p class="setting-hint">{t("settings.recommended")}</p>}
      {task.error !== undefined && <Problem error={task.error} />}
    </div>
  );
}
