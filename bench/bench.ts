import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleIfStale } from "../build/bundle.ts";
import { root } from "../build/root.ts";
import { compare } from "./compare.ts";
import type { Row } from "./figure.ts";
import { figures } from "./figures.ts";
import { describeMachine, moment } from "./machine.ts";
import { asMarkdown, asTable, type Section, sectionsOf, sectionText } from "./report.ts";

/**
 * `npm run bench`: measures everything, prints a table and writes bench/results.md. `npm run bench -- NAME...` measures
 * only what is named, and leaves the other sections of the page as they were. `npm run bench -- --against CHECKOUT
 * NAME...` measures each figure in another checkout of Hallway first and then here, with the same bench, and writes
 * both side by side to bench/against.md. The exit code tells whether everything could be measured, not whether targets
 * were reached: the table says that.
 */
async function main(args: readonly string[]): Promise<number> {
  const [option, value, ...rest] = args;
  if (option === "--rows" && value !== undefined) return tellRows(value, rest[0] ?? "");
  const against = option === "--against" ? value : undefined;
  const names = against === undefined ? args : rest;
  const known = figures.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no figure ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
    return 2;
  }
  const cache = join(root, ".cache/bench");
  await mkdir(cache, { recursive: true });
  await bundleIfStale(["worker", "export-worker"]);
  const machine = await describeMachine();
  if (against !== undefined) {
    return compare({
      other: against,
      cache,
      machine,
      figures: figures.filter(({ name }) => names.length === 0 || names.includes(name)),
    });
  }
  const sections: Section[] = [];
  const file = join(root, "bench/results.md");
  const page = sectionsOf(await readFile(file, "utf8").catch(() => ""));
  for (const figure of figures) {
    if (names.length > 0 && !names.includes(figure.name)) continue;
    console.log(`\n${figure.title}`);
    const measured = moment();
    let rows: readonly Row[] | Error;
    try {
      rows = await figure.measure({ cache, say: (line) => console.log(`  ${line}`) });
    } catch (error) {
      rows = error instanceof Error ? error : new Error(String(error));
      console.error(rows.stack ?? rows.message);
    }
    sections.push({ figure, rows });
    page.set(figure.title, sectionText({ figure, rows }, measured));
    // At once, so that what was measured is not lost with what comes after it.
    await writeFile(file, asMarkdown(machine, figures, page));
  }
  console.log(`\n${asTable(sections)}\n\nWritten to bench/results.md.`);
  return sections.some(({ rows }) => rows instanceof Error) ? 1 : 0;
}

/** Measures one figure for a bench that compares (compare.ts), and writes its rows to a file. */
async function tellRows(file: string, name: string): Promise<number> {
  const figure = figures.find((one) => one.name === name);
  if (figure === undefined) return 2;
  const cache = join(root, ".cache/bench");
  await mkdir(cache, { recursive: true });
  await bundleIfStale(["worker", "export-worker"]);
  await writeFile(file, JSON.stringify(await figure.measure({ cache, say: (line) => console.log(`  ${line}`) })));
  return 0;
}

// Servers and browsers are stopped with this process; a sign-off by Ctrl+C must run those handlers too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));
