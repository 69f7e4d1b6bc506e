import type { SettingKey, SettingValue } from "./declaration.ts";

/** Where the effective settings are read, at each question anew, so that a change counts at once. */
export type ReadSetting = <K extends SettingKey>(key: K) => SettingValue<K>;
