import type { SettingKey, SettingRecord } from "../../../shared/settings/declaration.ts";
import type { ReadSetting } from "../../../shared/settings/read-setting.ts";
import type { RetentionPolicy } from "../../history/keeping-policy.ts";

/** The settings that decide about keeping and deleting. */
export const retentionSettings = [
  "HistoryRetentionDays",
  "HistoryRetentionExternalDays",
  "HistoryMinimumDays",
  "HistoryDeleteEnabled",
  "LegalHoldSubjects",
  "AllowedDomains",
] as const satisfies readonly SettingKey[];

/** As the settings are now. `origin`: who chose a setting. */
export function retentionPolicy(
  get: ReadSetting,
  origin: (key: SettingKey) => SettingRecord["origin"] | undefined,
): RetentionPolicy {
  const deleteEnabled = get("HistoryDeleteEnabled");
  // Who may not delete may not have it deleted after a day either.
  const withheld = !deleteEnabled && origin("HistoryRetentionDays") === "user";
  return {
    retentionDays: withheld ? 0 : get("HistoryRetentionDays"),
    externalDays: get("HistoryRetentionExternalDays"),
    minimumDays: get("HistoryMinimumDays"),
    deleteEnabled,
    holds: get("LegalHoldSubjects"),
    allowedDomains: get("AllowedDomains"),
  };
}
