import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { toErrorInfo } from "../../shared/errors.ts";
import { createWords, type Words } from "../../shared/words/words.ts";
import { type ExportVerdict, verifyExport } from "../record/export/verify.ts";
import { type CommandResult, terminalJson, terminalText } from "./command.ts";
import { type ExportRequest, parseExport, type VerifyRequest } from "./export-arguments.ts";
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
  if (asked.command === "wrong")
    return {
      status: 2,
      out: "",
      err: terminalText([words.t("export.cli.wrongUse", { what: asked.what }), ...usage(words)]),
    };
  try {
    return asked.command === "verify" ? await verify(asked, words) : await make(asked, options, words);
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

async function verify({ folder, device, json }: VerifyRequest, words: Words): Promise<CommandResult> {
  const found = await stat(resolve(folder)).catch(() => undefined);
  if (!found?.isDirectory())
    return { status: 2, out: "", err: terminalText([words.t("export.cli.noFolder", { folder: resolve(folder) })]) };
  const verdict = await verifyExport(resolve(folder), device);
  // Whole, but signed by whoever wrote the key into it: a changed export that was signed anew looks just so.
  const status = verdict.findings.length > 0 ? 1 : device === undefined ? 3 : 0;
  return {
    status,
    out: json ? jsonOf(verdict, status) : terminalText(linesOf(verdict, device !== undefined, words)),
    err: "",
  };
}

function linesOf({ manifest, findings }: ExportVerdict, isKeyGiven: boolean, words: Words): string[] {
  const lines = [
    words.t(findings.length > 0 ? "export.cli.broken" : isKeyGiven ? "export.cli.whole" : "export.cli.consistent"),
  ];
  for (const { what, path } of findings)
    lines.push(words.t("policy.cli.line", { label: words.t(`export.finding.${what}`), value: path }));
  if (!manifest) return lines;
  if (!isKeyGiven) lines.push(words.t("export.cli.whose"));
  const about = (
    label: "export.cli.format" | "export.cli.made" | "export.cli.by" | "export.cli.authorized" | "export.cli.key",
    value: string,
  ): void => {
    lines.push(words.t("policy.cli.line", { label: words.t(label), value }));
  };
  lines.push(words.t("export.cli.count", { count: manifest.messages }));
  about("export.cli.format", manifest.format);
  about("export.cli.made", manifest.finished);
  about(
    "export.cli.by",
    words.t(manifest.madeBy === "it" ? "export.cli.byIt" : "export.cli.byPerson", { user: manifest.user }),
  );
  if (manifest.authorizedBy !== undefined) about("export.cli.authorized", manifest.authorizedBy);
  about("export.cli.key", manifest.device);
  return lines;
}

function jsonOf({ manifest, findings }: ExportVerdict, status: 0 | 1 | 3): string {
  const { files: _, ...about } = manifest ?? { files: [] };
  const verdicts = { 0: "whole", 1: "broken", 3: "self-consistent" } as const;
  return terminalJson({ verdict: verdicts[status], findings, manifest: manifest ? about : null });
}

function usage(words: Words): string[] {
  return [
    words.t("export.cli.about"),
    "",
    "hallway export --format json|eml|xml|html|csv --out FOLDER [--with ADDRESS]... [--room ADDRESS]...",
    "               [--from DATE] [--to DATE] [--direction in|out] [--text WORDS] [--has-file] [--authorization FILE]",
    `    ${words.t("export.cli.make")}`,
    `    ${words.t("export.cli.dates")}`,
    `    ${words.t("export.cli.authorization")}`,
    "hallway export verify [--device KEY] [--json] FOLDER",
    `    ${words.t("export.cli.verify")}`,
    `    ${words.t("export.cli.status")}`,
  ];
}
