import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleIfStale } from "../build/bundle.ts";
import { root } from "../build/root.ts";
import type { Row } from "./figure.ts";
import { figures } from "./figures.ts";
import { describeMachine, moment } from "./machine.ts";
import { asMarkdown, asTable, type Section, sectionsOf, sectionText } from "./report.ts";

/**
 * `npm run bench`: measures everything, prints a table and writes bench/results.md. `npm run bench -- NAME...` measures only what is
 * named, and leaves the other sections of the page as they were. The exit code tells whether everything could be measured, not whether
 * targets were reached: the table says that.
 */
async function main(names: readonly string[]): Promise<number> {
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

// Servers and browsers are stopped with this process; a sign-off by Ctrl+C must run those handlers too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));
