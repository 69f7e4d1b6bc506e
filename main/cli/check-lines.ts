import { type SettingKey, settings } from "../../shared/settings/declaration.ts";
import type { SettingDeclaration } from "../../shared/settings/declare.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { reasonWords, validWords } from "../../shared/words/invalid-policy.ts";
import type { Words } from "../../shared/words/words.ts";
import type { Finding } from "../settings/lint.ts";
import { placeOf, valueLine } from "./show-lines.ts";

/** Findings as `file:line: error: Key: what`, the form that editors and other programs know from compilers. */
export function checkLines(
  findings: readonly Finding[],
  words: Words,
): { readonly lines: readonly string[]; readonly errors: number } {
  const lines = findings.map((finding) => {
    const place = placeOf({ source: finding.file, ...(finding.line === undefined ? {} : { line: finding.line }) });
    const key = "key" in finding ? `${truncate(finding.key, 100)}: ` : "";
    return `${place}: ${words.t(`policy.check.${severityOf(finding)}`)}: ${key}${sentence(finding, words)}`;
  });
  return { lines, errors: findings.filter((finding) => severityOf(finding) === "error").length };
}

/** The same for other programs. */
export function checkRecords(findings: readonly Finding[], words: Words): readonly object[] {
  return findings.map((finding) => ({
    file: finding.file,
    line: finding.line,
    severity: severityOf(finding),
    kind: finding.kind === "consequence" ? finding.id : finding.kind,
    key: "key" in finding ? finding.key : undefined,
    text: sentence(finding, words),
  }));
}

/** A warning: it may be meant. A note: it does nothing now, though nothing is wrong. */
function severityOf(finding: Finding): "ok" | "note" | "warning" | "error" {
  if (finding.kind === "consequence") return finding.severity;
  if (finding.kind !== "sets") return "error";
  if (finding.replacedBy?.looser) return "warning";
  return finding.replacedBy || settings[finding.key as SettingKey].status === "not-in-this-version" ? "note" : "ok";
}

function sentence(finding: Finding, words: Words): string {
  switch (finding.kind) {
    case "sets":
      return effect(finding, words);
    case "unknown-key":
      return words.t(
        "policy.check.unknown-key",
        finding.suggestion === undefined ? {} : { suggestion: finding.suggestion },
      );
    case "personal":
    case "mandatory-only":
      return words.t(`policy.check.${finding.kind}`);
    case "invalid": {
      const key = finding.key as SettingKey;
      const why = finding.reason === undefined ? validWords(key, words) : reasonWords(finding.reason, words);
      return `${words.t("policy.check.invalid", { path: finding.path, value: valueLine(key, finding.instead, words) })} ${why}`;
    }
    case "conflict": {
      const key = finding.key as SettingKey;
      return words.t("policy.check.conflict", {
        place: finding.place,
        value: valueLine(key, settings[key].restricted, words),
      });
    }
    case "consequence":
      return words.t(`policy.lint.${finding.id}`, finding.params);
    case "unreadable":
    case "malformed":
      return words.t(`policy.check.${finding.kind}`, { detail: finding.detail });
  }
}

/** Effect that the key would have. */
function effect({ key: name, level, value, replacedBy }: Extract<Finding, { kind: "sets" }>, words: Words): string {
  const key = name as SettingKey;
  const declaration: SettingDeclaration = settings[key];
  // Looser than the tightest, the person may still be stricter.
  const choosable =
    declaration.tighten === true &&
    declaration.user &&
    JSON.stringify(value) !== JSON.stringify(declaration.restricted);
  const form = level === "recommended" ? "recommended" : choosable ? "tighten" : "mandatory";
  const sentences = [
    words.t(`policy.check.${form}`, { name: words.t(`setting.${key}`), value: valueLine(key, value, words) }),
  ];
  if (declaration.status === "not-in-this-version")
    sentences.push(words.t(declaration.absent ? "policy.absent" : "policy.check.planned"));
  if (replacedBy) {
    const place = placeOf({
      source: replacedBy.file,
      ...(replacedBy.line === undefined ? {} : { line: replacedBy.line }),
    });
    sentences.push(words.t(replacedBy.looser ? "policy.check.looser" : "policy.check.replaced", { place }));
  }
  return sentences.join(" ");
}
