import type { Figure, Row, Unit } from "./figure.ts";
import type { Machine } from "./machine.ts";
import { median } from "./statistics.ts";

/** A figure with what was measured, or why it could not be. */
export interface Section {
  readonly figure: Figure;
  readonly rows: readonly Row[] | Error;
}

export function format(value: number, unit: Unit): string {
  if (unit === "x") return `${value.toFixed(2)} times`;
  if (unit === "messages" || unit === "turns") return `${Math.round(value).toLocaleString("en")} ${unit}`;
  return `${value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(value >= 10 ? 1 : 2)} ${unit}`;
}

function cells({
  what,
  unit,
  samples,
  target,
}: Row): readonly [what: string, middle: string, spread: string, runs: string, target: string, verdict: string] {
  const middle = median(samples);
  const spread =
    samples.length === 1 ? "" : `${format(Math.min(...samples), unit)} to ${format(Math.max(...samples), unit)}`;
  const verdict = target === undefined ? "" : middle <= target ? "reached" : "missed";
  return [
    what,
    format(middle, unit),
    spread,
    String(samples.length),
    target === undefined ? "" : `at most ${format(target, unit)}`,
    verdict,
  ];
}

const head = ["", "Median", "Spread", "Runs", "Target", ""] as const;

/** The table for a terminal. */
export function asTable(sections: readonly Section[]): string {
  const lines: (readonly string[] | string)[] = [head];
  for (const { figure, rows } of sections) {
    lines.push("", figure.title);
    if (rows instanceof Error) lines.push(`  could not be measured: ${rows.message}`);
    else for (const row of rows) lines.push(cells({ ...row, what: `  ${row.what}` }));
  }
  const tabular = lines.filter((line) => typeof line !== "string");
  const widths = head.map((_, column) => Math.max(...tabular.map((line) => line[column]?.length ?? 0)));
  const join = (line: readonly string[]): string =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return lines.map((line) => (typeof line === "string" ? line : join(line)).trimEnd()).join("\n");
}

/** A section of the page. `measured`: when and on how busy a machine, for not all need be of one run. */
export function sectionText({ figure, rows }: Section, measured: string): string {
  const lines = [`## ${figure.title}`, "", `Measured ${measured}.`, ""];
  if (rows instanceof Error)
    return [...lines, `Could not be measured: ${rows.message.split("\n")[0] ?? ""}`].join("\n");
  lines.push("| | Median | Spread | Runs | Target | |", "| --- | ---: | ---: | ---: | ---: | --- |");
  for (const row of rows) lines.push(`| ${cells(row).join(" | ")} |`);
  const notes = rows.filter(({ note }) => note !== undefined);
  if (notes.length > 0) lines.push("", ...notes.map(({ what, note }) => `- ${what}: ${note}.`));
  return lines.join("\n");
}

/** The sections of a page that was written before, by their headings. */
export function sectionsOf(page: string): Map<string, string> {
  return new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map((text) => [text.slice(3, text.indexOf("\n")), text.trimEnd()]),
  );
}

/** The page that is kept in the repository: a section for each figure, in their order. */
export function asMarkdown(
  machine: Machine,
  figures: readonly Figure[],
  sections: ReadonlyMap<string, string>,
): string {
  const lines = [
    "# What Hallway takes",
    "",
    "Written by `npm run bench` (bench/bench.ts); each figure is one file in bench/figures, which says exactly what is measured.",
    "Servers, clients and the window share this one machine and talk over its loopback; each measured side is a process of its own.",
    "Median and spread (lowest to highest) are over the runs; a target is reached when the median is not above it.",
    "",
    ...machine.map(({ what, is }) => `- ${what}: ${is}`),
  ];
  for (const { title } of figures) lines.push("", sections.get(title) ?? `## ${title}\n\nNot measured yet.`);
  return `${lines.join("\n")}\n`;
}
