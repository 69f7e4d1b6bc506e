import type { Language } from "../../shared/words/words.ts";

import { keyWords, type PolicyKey, policyKeys } from "./keys.ts";
import { templateWord } from "./template-words.ts";

/** All that IT reads of a key in an administrative template, in paragraphs. */
export function explanation(entry: PolicyKey, language: Language): string {
  const { key, declaration } = entry;
  const { kind, tighten, status } = declaration;
  const word = (name: Parameters<typeof templateWord>[1], gap?: string): string => templateWord(language, name, gap);
  const text = keyWords(language);
  const say = (value: unknown): string => {
    if (typeof value === "boolean") return text.words.t(value ? "settings.yes" : "settings.no");
    if (kind.type === "choice") return `${text.option(key, String(value))} (${String(value)})`;
    return JSON.stringify(value);
  };
  return [
    text.paragraph(key),
    ...(status === "not-in-this-version" ? [word("notInThisVersion")] : []),
    ...(tighten ? [word("tighten")] : []),
    ...(membersWith(entry).length > 1 ? [word("together", membersWith(entry).join(", "))] : []),
    `${word("standard")} ${say(declaration.default)}\n${word("restricted")} ${say(declaration.restricted)}`,
    ...(kind.type === "list" && kind.options ? [`${word("allowed")} ${kind.options.join(", ")}`] : []),
    ...(kind.type === "boolean" || kind.type === "choice"
      ? []
      : [
          `${kind.type === "structure" ? `${word("json")} ` : ""}${word("example")} ${JSON.stringify(declaration.example)}`,
        ]),
  ].join("\n\n");
}

/** The keys of its atomic group, itself among them. */
export function membersWith({ key, declaration }: PolicyKey): readonly string[] {
  if (declaration.group === undefined) return [key];
  return policyKeys.filter((other) => other.declaration.group === declaration.group).map((other) => other.key);
}
