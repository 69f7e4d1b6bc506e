import type { ErrorInfo } from "../errors.ts";
import { type SettingKey, settingKeys, settings } from "../settings/declaration.ts";
import type { SettingDeclaration } from "../settings/declare.ts";
import { isReason, type Reason } from "../settings/reasons.ts";
import { ellipsized } from "../text/truncate.ts";
import type { Words } from "./words.ts";

/** Longest example that stands in a sentence, in UTF-16 units. */
const maxExample = 200;

/**
 * Why a value of a policy is not in force, with what would be valid: two places contradict each other, or it cannot be
 * used.
 */
export function invalidWords({ params = {} }: ErrorInfo, words: Words): string {
  if (params["conflict"] !== undefined) return words.t("policy.conflict", params);
  if (params["unread"] !== undefined) return words.t("policy.unread", params);
  const { path, reason, setting } = params;
  const key = settingKeys.find((name) => name === setting);
  const what = words.t("policy.invalid", path === undefined ? {} : { path });
  if (isReason(reason)) return `${what} ${reasonWords(reason, words)}`;
  return key === undefined ? what : `${what} ${validWords(key, words)}`;
}

/** Sentence that says what would be valid where a certain form is missing. */
export function reasonWords(reason: Reason, words: Words): string {
  // The gaps of an account stand in its sentence as they are.
  return words.t(`policy.reason.${reason}`, { user: "{user}", email: "{email}" });
}

/** Sentence that says what may be the value of a setting. */
export function validWords(key: SettingKey, words: Words): string {
  return words.t("policy.valid", { valid: validValues(settings[key], words) });
}

function validValues({ kind, example }: SettingDeclaration, words: Words): string {
  if (kind.type === "boolean") return words.t("policy.valid.boolean");
  if (kind.type === "choice") return kind.options.map((option) => JSON.stringify(option)).join(", ");
  if (kind.type === "integer") return words.t("policy.valid.integer", { min: String(kind.min), max: String(kind.max) });
  if (kind.type === "list" && kind.options) return kind.options.map((option) => JSON.stringify(option)).join(", ");
  const written = JSON.stringify(example);
  return words.t("policy.valid.example", { example: ellipsized(written, maxExample) });
}
