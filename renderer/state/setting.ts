import { type SettingKey, type SettingValue, settings } from "../../shared/settings/declaration.ts";
import type { Replica } from "./replica.ts";

/** The effective value of a setting, followed; its default until main has said. */
export function settingValue<K extends SettingKey>(replica: Pick<Replica, "settings">, key: K): SettingValue<K> {
  const record = replica.settings.get(key);
  // Main validated it against the same declaration.
  return (record === undefined ? settings[key].default : record.value) as SettingValue<K>;
}
