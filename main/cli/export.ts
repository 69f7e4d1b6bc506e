import { resolve } from "node:path";
import { toErrorInfo } from "../../shared/errors.ts";
import { createWords, type Words } from "../../shared/words/words.ts";
import { type ExportVerdict, verifyExport } from "../history/export/verify.ts";
import { type CommandResult, terminalText } from "./command.ts";
import { type ExportRequest, parseExport } from "./export-arguments.ts";
import { type ExportMachine, makeExport } from "./make-export.ts";

export interface ExportCommandOptions extends ExportMachine {
  /** BCP 47 tag of the language to speak. */
  readonly locale: string;
  readonly now: () => number;
}

/** `hallway export --format FORMAT --out FOLDER ...` and `hallway export verify FOLDER`, by IT, without a window. */
export async function exportCommand(args: readonly string[], options: ExportCommandOptions): Promise<CommandResult> {
  const words = createWords(options.locale);
  const asked = parseExport(args, options.now());
  if (asked.command === "help") return { status: 0, out: terminalText(usage(words)), err: "" };
  if (asked.command === "wrong") return { status: 2, out: "", err: terminalText([words.t("export.cli.wrongUse", { what: asked.what }), ...usage(words)]) };
  try {
    return asked.command === "verify" ? await verify(asked.folder, asked.device, asked.json, words) : await make(asked, options, words);
  } catch (error) {
    const { what, next } = words.error(toErrorInfo(error));
    return { status: 2, out: "", err: terminalText([words.t("export.cli.failed"), what, next]) };
  }
}

async function make(request: ExportRequest, options: ExportCommandOptions, words: Words): Promise<CommandResult> {
  const counts = await makeExport({ ...request, out: resolve(request.out) }, options, words);
  if (counts === undefined) return { status: 2, out: "", err: terminalText([words.t("export.stopped")]) };
  const { messages, files, manifest } = counts;
  return {
    status: 0,
    out: terminalText([
      words.t("export.done", { count: messages }),
      words.t("policy.cli.line", { label: words.t("export.cli.folder"), value: resolve(request.out) }),
      words.t("policy.cli.line", { label: words.t("export.cli.files"), value: words.number(files) }),
      words.t("policy.cli.line", { label: words.t("export.cli.manifest"), value: manifest }),
    ]),
    err: "",
  };
}

async function verify(folder: string, device: string | undefined, json: boolean, words: Words): Promise<CommandResult> {
  const verdict = await verifyExport(resolve(folder), device);
  const status = verdict.findings.length === 0 ? 0 : 1;
  return { status, out: json ? jsonOf(verdict) : terminalText(linesOf(verdict, device !== undefined, words)), err: "" };
}

function linesOf({ manifest, findings }: ExportVerdict, isKeyGiven: boolean, words: Words): string[] {
  const lines = findings.length === 0 ? [words.t("export.cli.whole")] : [words.t("export.cli.broken")];
  for (const { what, path } of findings) lines.push(words.t("policy.cli.line", { label: words.t(`export.finding.${what}`), value: path }));
  if (!manifest) return lines;
  if (!isKeyGiven) lines.push(words.t("export.cli.whose"));
  const about = (label: "export.cli.format" | "export.cli.made" | "export.cli.by" | "export.cli.key", value: string): void => {
    lines.push(words.t("policy.cli.line", { label: words.t(label), value }));
  };
  lines.push(words.t("export.cli.count", { count: manifest.messages }));
  about("export.cli.format", manifest.format);
  about("export.cli.made", manifest.finished);
  about("export.cli.by", words.t(manifest.madeBy === "it" ? "export.cli.byIt" : "export.cli.byPerson", { user: manifest.user }));
  about("export.cli.key", manifest.device);
  return lines;
}

function jsonOf({ manifest, findings }: ExportVerdict): string {
  const { files: _, ...about } = manifest ?? { files: [] };
  const json = JSON.stringify({ verdict: findings.length === 0 ? "whole" : "broken", findings, manifest: manifest ? about : null }, undefined, 2);
  return `${json.replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)}\n`;
}

function usage(words: Words): string[] {
  return [
    words.t("export.cli.about"),
    "",
    "hallway export --format json|eml|xml|html|csv --out FOLDER [--with ADDRESS]... [--room ADDRESS]...",
    "               [--from DATE] [--to DATE] [--direction in|out] [--text WORDS] [--has-file]",
    `    ${words.t("export.cli.make")}`,
    `    ${words.t("export.cli.dates")}`,
    "hallway export verify [--device KEY] [--json] FOLDER",
    `    ${words.t("export.cli.verify")}`,
    `    ${words.t("export.cli.status")}`,
  ];
}
