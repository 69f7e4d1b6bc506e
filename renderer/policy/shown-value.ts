import * as v from "valibot";
import { type SettingKey, settings } from "../../shared/settings/declaration.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { settingValueWords } from "../../shared/words/setting-value.ts";
import type { Words } from "../../shared/words/words.ts";
import { noticeText } from "./notice-page.tsx";

const Place = v.union([
  v.object({ path: v.string() }),
  v.object({ socket: v.string() }),
  v.object({ url: v.string() }),
  v.object({ host: v.string(), port: v.optional(v.number()) }),
]);
const Notice = v.object({ version: v.string(), en: v.string(), fr: v.optional(v.string()) });

/**
 * A value as people read it: words for choices, texts as they are, the place where a structure leads, how many entries
 * it has. At most 2,000 characters.
 */
export function shownValue(key: SettingKey, value: unknown, words: Words): string {
  const { type } = settings[key].kind;
  if (value === "" || value === null || (Array.isArray(value) && value.length === 0)) return words.t("policy.empty");
  if (type === "structure" && Array.isArray(value)) return words.t("policy.entries", { count: value.length });
  const shown =
    settingValueWords(key, value, words) ||
    (key === "ComplianceNotice" && v.is(Notice, value) ? noticeText(value, words.language) : placeIn(value));
  // What is not of the setting's kind, as IT wrote it.
  return truncate(shown ?? JSON.stringify(value) ?? "", 2000);
}

/** The path, address or host in a structure. */
function placeIn(value: unknown): string | undefined {
  if (!v.is(Place, value)) return undefined;
  if ("path" in value) return value.path;
  if ("socket" in value) return value.socket;
  if ("url" in value) return value.url;
  return value.port === undefined ? value.host : `${value.host}:${value.port}`;
}
