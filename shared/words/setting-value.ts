import { type SettingKey, settings } from "../settings/declaration.ts";
import type { SettingDeclaration } from "../settings/declare.ts";
import { isolate } from "../text/isolate.ts";
import type { WordKey, Words } from "./words.ts";

/**
 * A setting's value in words: the name of a choice, yes or no, or the text or texts themselves; empty for a structure.
 */
export function settingValueWords(key: SettingKey, value: unknown, words: Words): string {
  if (typeof value === "boolean") return words.t(value ? "settings.yes" : "settings.no");
  const { kind }: SettingDeclaration = settings[key];
  // Every option of a choice has its word (shared/words/words.test.ts).
  if (kind.type === "choice" && typeof value === "string" && kind.options.includes(value))
    return words.t(`setting.${key}.${value}` as WordKey);
  if (kind.type === "list" && Array.isArray(value)) return value.map((one) => isolate(String(one))).join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
