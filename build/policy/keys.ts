import { appId } from "../../main/host/app-id.ts";
import { type SettingKey, settingGroups, settings } from "../../shared/settings/declaration.ts";
import type { SettingDeclaration } from "../../shared/settings/declare.ts";
import { createWords, type Language, type WordKey, type Words } from "../../shared/words/words.ts";

/** Domain of the preferences on macOS, and identifier of the program. */
export const domain = appId;

/** Key of the registry, below HKLM or HKCU. */
export const registryKey = "Software\\Policies\\Hallway";

/** A setting that a policy may name. */
export interface PolicyKey {
  readonly key: SettingKey;
  readonly group: string;
  readonly declaration: SettingDeclaration;
  /** May it also be recommended? */
  readonly recommended: boolean;
}

export const policyGroups: readonly string[] = Object.keys(settingGroups);

/** Every setting that a policy may name, in the order of its group. Everything that is written comes from here. */
export const policyKeys: readonly PolicyKey[] = Object.entries(settingGroups).flatMap(([group, members]) =>
  (Object.keys(members) as SettingKey[]).flatMap((key) => {
    const declaration: SettingDeclaration = settings[key];
    return declaration.policy === "none"
      ? []
      : [{ key, group, declaration, recommended: declaration.policy === "mandatory-and-recommended" }];
  }),
);

/** Texts about the settings, in one language. */
export interface KeyWords {
  readonly words: Words;
  group(group: string): string;
  name(key: string): string;
  /** The paragraph for IT. */
  paragraph(key: string): string;
  option(key: string, option: string): string;
}

/** shared/words/words.test.ts shows that every one of these words is there. */
export function keyWords(language: Language): KeyWords {
  const words = createWords(language);
  const word = (key: string): string => words.t(key as WordKey);
  return {
    words,
    group: (group) => word(`settingGroup.${group}`),
    name: (key) => word(`setting.${key}`),
    paragraph: (key) => word(`setting.${key}.it`),
    option: (key, option) => word(`setting.${key}.${option}`),
  };
}
