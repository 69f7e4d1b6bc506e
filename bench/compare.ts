import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { root } from "../build/root.ts";
import type { Figure, Row } from "./figure.ts";
import { useFormerNames } from "./former.ts";
import { type Machine, moment } from "./machine.ts";
import { format } from "./report.ts";
import { median } from "./statistics.ts";

interface Comparison {
  /** Path of the other checkout, with its packages installed. */
  readonly other: string;
  readonly cache: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/**
 * Measures figures in another checkout and in this one, in turn, and writes bench/against.md. Both are measured by this
 * bench: the other program is seen through a folder in which everything but the bench is the other checkout's.
 */
export async function compare({ other, cache, machine, figures }: Comparison): Promise<number> {
  const view = await viewOf(await realpath(resolve(other)), join(cache, "against"));
  const lines = [
    "# Side by side",
    "",
    "Written by `npm run bench -- --against CHECKOUT` (bench/compare.ts): medians, the other checkout first.",
    "",
  ];
  lines.push(...machine.map(({ what, is }) => `- ${what}: ${is}`));
  let failed = false;
  for (const { name, title, rounds = 2 } of figures) {
    console.log(`\n${title}`);
    const measured = moment();
    let before: readonly Row[] = [];
    let after: readonly Row[] = [];
    // By turns, so that what else the machine does meanwhile weighs on both.
    for (let round = 0; round < rounds; round++) {
      console.log(" there:");
      const there = await rowsOf(view, name, join(cache, "rows.json"));
      console.log(" here:");
      const here = await rowsOf(root, name, join(cache, "rows.json"));
      failed ||= there === undefined || here === undefined;
      if (there !== undefined) before = joined(before, there);
      if (here !== undefined) after = joined(after, here);
    }
    const table = tableOf(before, after);
    console.log(table.join("\n"));
    lines.push("", `## ${title}`, "", `Measured ${measured}.`, "", ...table);
    // At once, so that what was measured is not lost with what comes after it.
    await writeFile(join(root, "bench/against.md"), `${lines.join("\n")}\n`);
  }
  console.log("\nWritten to bench/against.md.");
  return failed ? 1 : 0;
}

/**
 * A folder like the other checkout, but with this bench. Modules in it are the other's: Node resolves links to what
 * they point to.
 */
async function viewOf(other: string, view: string): Promise<string> {
  await rm(view, { recursive: true, force: true });
  await mkdir(view, { recursive: true });
  for (const name of await readdir(other))
    if (name !== "bench" && name !== ".git") await symlink(join(other, name), join(view, name));
  await cp(join(root, "bench"), join(view, "bench"), { recursive: true });
  await useFormerNames(join(view, "bench"), other);
  return view;
}

/** Undefined: it could not be measured, and why stands on the terminal. */
async function rowsOf(folder: string, name: string, file: string): Promise<readonly Row[] | undefined> {
  await rm(file, { force: true });
  const child = spawn(process.execPath, [join(folder, "bench/bench.ts"), "--rows", file, name], {
    stdio: "inherit",
    cwd: folder,
  });
  const stopWithUs = (): void => void child.kill("SIGTERM");
  process.once("exit", stopWithUs);
  await new Promise<void>((done) => child.once("exit", () => done()));
  process.off("exit", stopWithUs);
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as readonly Row[]);
}

/** Rows with the samples of more runs. */
function joined(rows: readonly Row[], more: readonly Row[]): readonly Row[] {
  return more.map((row) => ({
    ...row,
    samples: [...(rows.find(({ what }) => what === row.what)?.samples ?? []), ...row.samples],
  }));
}

function tableOf(before: readonly Row[], after: readonly Row[]): string[] {
  const lines = ["| | There | Here | Here against there |", "| --- | ---: | ---: | ---: |"];
  const names = new Set([...after, ...before].map(({ what }) => what));
  for (const what of names) {
    const [there, here] = [before, after].map((rows) => rows.find((row) => row.what === what));
    const cells = [there, here].map((row) =>
      row === undefined ? "not measured" : format(median(row.samples), row.unit),
    );
    const ratio = there === undefined || here === undefined ? Number.NaN : median(here.samples) / median(there.samples);
    lines.push(`| ${what} | ${cells.join(" | ")} | ${Number.isFinite(ratio) ? `${ratio.toFixed(2)} times` : ""} |`);
  }
  return lines;
}
