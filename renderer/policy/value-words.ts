import type { SettingKey } from "../../shared/settings/declaration.ts";
import type { Words } from "../../shared/words/words.ts";

/** A setting's value in words: the name of a choice, yes or no, or the text itself. */
export function valueWords(key: SettingKey, value: unknown, words: Words): string {
  if (typeof value === "boolean") return words.t(value ? "settings.yes" : "settings.no");
  if (key === "HistoryMode" && (value === "encrypted" || value === "memory" || value === "off")) return words.t(`setting.HistoryMode.${value}`);
  if (key === "Theme" && (value === "system" || value === "light" || value === "dark")) return words.t(`setting.Theme.${value}`);
  if (key === "Language" && (value === "system" || value === "en" || value === "fr")) return words.t(`setting.Language.${value}`);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
