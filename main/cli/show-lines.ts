import { type SettingKey, settings } from "../../shared/settings/declaration.ts";
import type { SettingDeclaration } from "../../shared/settings/declare.ts";
import { invalidWords } from "../../shared/words/invalid-policy.ts";
import { settingValueWords } from "../../shared/words/setting-value.ts";
import type { Words } from "../../shared/words/words.ts";
import type { SettingReport } from "../settings/report.ts";
import type { MachineReport } from "./machine-report.ts";

/** A value as IT writes it, and what it means where that is not the same. */
export function valueLine(key: SettingKey, value: unknown, words: Words): string {
  const written = JSON.stringify(value) ?? "";
  const { type } = settings[key].kind;
  return type === "choice" || type === "boolean" ? `${written} (${settingValueWords(key, value, words)})` : written;
}

/** Where a value stands: `file:line`, or the registry's path. */
export function placeOf({ source, line }: { readonly source?: string; readonly line?: number }): string {
  if (source === undefined) return "";
  return line === undefined ? source : `${source}:${line}`;
}

/** Lines about what is in force: what a policy says, or with `all` everything. */
export function showLines(
  { settings: entries, problems, complete, consequences, incomplete }: MachineReport,
  all: boolean,
  words: Words,
): string[] {
  const said = entries.filter(({ origin, overruled }) => all || origin !== "default" || overruled.length > 0);
  const lines = complete ? [] : [words.t("policy.cli.incomplete"), ""];
  if (said.length === 0) lines.push(words.t("policy.cli.none"));
  for (const entry of said) {
    const key = entry.key as SettingKey;
    const place = placeOf(entry);
    lines.push(`${key} = ${valueLine(key, entry.value, words)}`);
    lines.push(`    ${labelled(words.t(`policy.origin.${entry.origin}`), place, words)}`);
    lines.push(...remarks(key, entry, words).map((remark) => `    ${remark}`));
  }
  return [...lines, ...trouble({ problems, consequences, incomplete }, words), "", words.t("policy.cli.person")];
}

function trouble(
  { problems, consequences, incomplete }: Pick<MachineReport, "problems" | "consequences" | "incomplete">,
  words: Words,
): string[] {
  const accounts = incomplete.length > 0 ? ["", ...incomplete.map((error) => words.error(error).what)] : [];
  return [...problemLines(problems, words), ...consequenceLines(consequences, words), ...accounts];
}

function consequenceLines(consequences: MachineReport["consequences"], words: Words): string[] {
  if (consequences.length === 0) return [];
  const lines = consequences.map(
    ({ key, id, severity, params }) =>
      `    ${words.t(`policy.check.${severity}`)}: ${key}: ${words.t(`policy.lint.${id}`, params)}`,
  );
  return ["", words.t("policy.cli.consequences"), ...lines];
}

/** Everything about one setting. */
export function explainLines(entry: SettingReport, report: MachineReport, words: Words): string[] {
  const key = entry.key as SettingKey;
  const place = placeOf(entry);
  const lines = [
    `${key} - ${words.t(`setting.${key}`)}`,
    words.t(`setting.${key}.hint`),
    "",
    labelled(words.t("policy.value"), valueLine(key, entry.value, words), words),
    labelled(words.t("policy.why"), words.t(`policy.origin.${entry.origin}`), words),
  ];
  if (place !== "") lines.push(labelled(words.t("policy.source"), place, words));
  lines.push(words.t(entry.locked ? "policy.cli.locked" : "policy.cli.free"), ...remarks(key, entry, words));
  return [...lines, ...trouble(report, words), "", words.t("policy.cli.person")];
}

function problemLines(problems: MachineReport["problems"], words: Words): string[] {
  if (problems.length === 0) return [];
  const lines = problems.map((problem) => {
    const key = problem.key === undefined ? {} : { key: problem.key };
    return `    ${placeOf(problem)}: ${words.t(`policy.problem.${problem.kind}`, key)} ${problem.detail}`;
  });
  return ["", words.t("policy.problems"), ...lines];
}

/** `label: value` as the language writes it; the label alone where there is no value. */
function labelled(label: string, value: string, words: Words): string {
  return value === "" ? label : words.t("policy.cli.line", { label, value });
}

function remarks(key: SettingKey, { error, overruled }: SettingReport, words: Words): string[] {
  const lines: string[] = [];
  if (error) lines.push(invalidWords(error, words));
  const declaration: SettingDeclaration = settings[key];
  if (declaration.status === "not-in-this-version")
    lines.push(words.t(declaration.absent ? "policy.absent" : "policy.notInThisVersion"));
  for (const other of overruled) {
    const place = placeOf(other);
    const origin = words.t(`policy.origin.${other.origin}`);
    lines.push(
      labelled(
        words.t("policy.overrules"),
        `${JSON.stringify(other.value) ?? ""} - ${labelled(origin, place, words)}`,
        words,
      ),
    );
  }
  return lines;
}
