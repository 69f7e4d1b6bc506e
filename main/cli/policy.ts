import { parseArgs } from "node:util";
import { type SettingKey, settingKeys, settings } from "../../shared/settings/declaration.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { createWords, type Words } from "../../shared/words/words.ts";
import { consequencesOf } from "../settings/consequences/consequences.ts";
import { lintFiles } from "../settings/lint.ts";
import { nearest } from "../settings/nearest.ts";
import type { SystemPerson } from "../settings/provisioning.ts";
import type { readReport } from "../settings/report.ts";
import { readSystemPerson } from "../settings/system-person.ts";
import { checkLines, checkRecords } from "./check-lines.ts";
import { asksForHelp, type CommandResult, terminalJson, terminalText } from "./command.ts";
import { type MachineReport, readMachine, withStatus } from "./machine-report.ts";
import { explainLines, showLines } from "./show-lines.ts";

export interface PolicyCommandOptions {
  /** The machine's policy; no argument and no variable names another. */
  readonly source: Parameters<typeof readReport>[0];
  /** BCP 47 tag of the language to speak. */
  readonly locale: string;
  /** Whom ProvisionedAccounts is for; whoever runs the command when absent. */
  readonly person?: SystemPerson;
}

/** `hallway policy show [--all] [--json] | check [--recommended] FILE... | explain KEY`, without a window. */
export async function policyCommand(
  args: readonly string[],
  { source, locale, person }: PolicyCommandOptions,
): Promise<CommandResult> {
  const words = createWords(locale);
  const asked = parse(args);
  if (asked === undefined)
    return { status: 2, out: "", err: terminalText([words.t("policy.cli.wrongUse"), ...usage(words)]) };
  if (asked.command === "help") return { status: 0, out: terminalText(usage(words)), err: "" };
  if (asked.command === "check") {
    const findings = await lintFiles(asked.files, {
      declarations: settings,
      recommended: asked.recommended,
      consequences: (resolved) => consequencesOf(resolved, Date.now()),
    });
    const { lines, errors } = checkLines(findings, words);
    const status = findings.some(({ kind }) => kind === "unreadable") ? 2 : errors === 0 ? 0 : 1;
    if (asked.json) return { status, out: terminalJson({ errors, findings: checkRecords(findings, words) }), err: "" };
    return {
      status,
      out: terminalText(lines),
      err: errors === 0 ? "" : terminalText([words.t("policy.check.errors", { count: errors })]),
    };
  }
  if (asked.command === "explain") {
    const key = settingKeys.find((name) => name === asked.key);
    if (key === undefined) return { status: 2, out: "", err: terminalText([unknownKey(asked.key, words)]) };
    const report = aboutOne(key, await readMachine(source, person ?? (await readSystemPerson())));
    const [entry] = report.settings;
    if (!entry) return { status: 2, out: "", err: terminalText([unknownKey(asked.key, words)]) };
    return { status: report.status, out: terminalText(explainLines(entry, report, words)), err: "" };
  }
  const report = await readMachine(source, person ?? (await readSystemPerson()));
  if (asked.json) return { status: report.status, out: terminalJson(jsonOf(report, words)), err: "" };
  return { status: report.status, out: terminalText(showLines(report, asked.all, words)), err: "" };
}

/** Report on one setting; a place that cannot be read may say anything of it. */
function aboutOne(key: SettingKey, report: MachineReport): MachineReport {
  return withStatus({
    ...report,
    settings: report.settings.filter((entry) => entry.key === key),
    problems: report.problems.filter((problem) => problem.key === key || !report.complete),
    consequences: report.consequences.filter((consequence) => consequence.key === key),
    incomplete: key === "ProvisionedAccounts" ? report.incomplete : [],
  });
}

function jsonOf(
  { complete, settings: entries, problems, consequences, incomplete }: MachineReport,
  words: Words,
): unknown {
  return {
    complete,
    settings: entries.map((entry) => ({ ...entry, status: settings[entry.key as SettingKey].status ?? "enforced" })),
    problems,
    consequences: consequences.map(({ key, id, severity, params }) => ({
      key,
      id,
      severity,
      text: words.t(`policy.lint.${id}`, params),
    })),
    incompleteAccounts: incomplete.map(({ params = {} }) => params),
  };
}

type Asked =
  | { readonly command: "help" }
  | { readonly command: "show"; readonly all: boolean; readonly json: boolean }
  | {
      readonly command: "check";
      readonly files: readonly string[];
      readonly recommended: boolean;
      readonly json: boolean;
    }
  | { readonly command: "explain"; readonly key: string };

/**
 * Undefined: it makes no sense. An option that is not known is not passed over, for it may have been meant to change
 * something.
 */
function parse([command, ...rest]: readonly string[]): Asked | undefined {
  const options = { all: { type: "boolean" }, json: { type: "boolean" }, recommended: { type: "boolean" } } as const;
  try {
    if (command === undefined || asksForHelp([command, ...rest], ["show", "check", "explain"]))
      return { command: "help" };
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true });
    const given = Object.keys(values);
    const only = (...names: readonly string[]): boolean => given.every((name) => names.includes(name));
    if (command === "show" && positionals.length === 0 && only("all", "json"))
      return { command, all: values.all === true, json: values.json === true };
    if (command === "check" && positionals.length > 0 && only("recommended", "json"))
      return { command, files: positionals, recommended: values.recommended === true, json: values.json === true };
    const [key, ...more] = positionals;
    if (command === "explain" && key !== undefined && more.length === 0 && only()) return { command, key };
  } catch {
    // An unknown option.
  }
  return undefined;
}

function usage(words: Words): string[] {
  return [
    words.t("policy.cli.about"),
    "",
    "hallway policy show [--all] [--json]",
    `    ${words.t("policy.cli.show")}`,
    "hallway policy check [--recommended] [--json] FILE...",
    `    ${words.t("policy.cli.check")}`,
    `    ${words.t("policy.cli.recommended")}`,
    "hallway policy explain KEY",
    `    ${words.t("policy.cli.explain")}`,
  ];
}

function unknownKey(key: string, words: Words): string {
  const suggestion = nearest(key, settingKeys);
  return words.t("policy.cli.unknown", {
    key: truncate(key, 100),
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}
