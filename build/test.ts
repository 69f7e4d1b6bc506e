import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bundleIfStale, productParts, testParts } from "./bundle.ts";
import { check } from "./check.ts";
import { root } from "./root.ts";
import { addCounts, type Counts, closingLine, judge, noTests, playwrightCounts, vitestCounts } from "./test-counts.ts";
import { type Failure, playwrightFailures, strayErrors, vitestFailures } from "./test-failures.ts";

/**
 * `npm test`: check, bundle, unit and property tests, conformance against real servers, end to end in a real window.
 * All of it runs even after a failure; the last line sums it up and the exit code is honest.
 *
 *   npm test -- unit e2e      only these
 */

interface Runner {
  readonly name: string;
  readonly title: string;
  readonly args: (report: string) => readonly string[];
  readonly read: (report: unknown) => Counts | undefined;
  readonly failures: (report: unknown) => readonly Failure[];
  /** It is ended when it takes longer, in minutes. */
  readonly minutes: number;
}

const bin = (path: string): string => join(root, "node_modules", path);

function vitest(config: string): Runner["args"] {
  return (report) => [
    bin("vitest/vitest.mjs"),
    "run",
    "--config",
    config,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
}

const runners: readonly Runner[] = [
  {
    name: "unit",
    title: "Unit and property tests",
    args: vitest("build/vitest.config.ts"),
    read: vitestCounts,
    failures: vitestFailures,
    minutes: 40,
  },
  {
    name: "conformance",
    title: "Every network against real servers",
    args: vitest("e2e/conformance/vitest.config.ts"),
    read: vitestCounts,
    failures: vitestFailures,
    minutes: 40,
  },
  {
    name: "e2e",
    title: "End to end in a real window",
    args: () => [
      bin("@playwright/test/cli.js"),
      "test",
      "--config",
      "e2e/playwright.config.ts",
      "--reporter=list,json",
    ],
    read: playwrightCounts,
    failures: playwrightFailures,
    minutes: 40,
  },
];

const reports = join(root, ".cache/test");
/** Lines of a runner's output that are kept at least. */
const mostOutput = 5_000;

/** Failures to repeat before the summary. */
const failures: Failure[] = [];

async function runRunner(runner: Runner): Promise<Counts> {
  const report = join(reports, `${runner.name}.json`);
  await rm(report, { force: true });
  const { code, output } = await run(runner.args(report), runner.minutes * 60_000, {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  let said: unknown;
  try {
    said = JSON.parse(await readFile(report, "utf8"));
  } catch {
    console.log(`The ${runner.name} runner left no report.`);
  }
  const named = runner.read(said);
  const counts = judge(code, named);
  const bad =
    counts.failed === (named?.failed ?? 0)
      ? []
      : [{ title: runner.name, why: `It executed no test or ended badly (exit code ${code}).` }];
  const told = [...bad, ...runner.failures(said), ...strayErrors(output)];
  failures.push(...(counts.failed === 0 ? [] : told));
  return counts;
}

/** Runs it in the foreground; `output`: its last lines. */
function run(
  args: readonly string[],
  limit: number,
  more: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly output: readonly string[] }> {
  const child = spawn(process.execPath, [...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...more },
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      console.log(line);
      output.push(line);
      if (output.length > 2 * mostOutput) output.splice(0, mostOutput);
    });
  const timer = setTimeout(() => {
    console.log(`Ended after ${limit / 60_000} minutes.`);
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), 10_000).unref();
  }, limit);
  return new Promise((resolve) => {
    child.once("error", () => resolve({ code: 1, output }));
    child.once("exit", (code) => {
      clearTimeout(timer);
      // What it printed last may still be on its way; a process that it left behind holds its ends of the pipes, and is
      // not waited for.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ code: code ?? 1, output });
      }, 500);
    });
  });
}

/** Says again which tests failed and why: whoever reads only the end of a long log finds it there. */
async function recap(): Promise<void> {
  if (failures.length === 0) return;
  console.log("\n=== What failed ===");
  for (const { title, why, folder } of failures) {
    console.log(`\n- ${title}\n${why.replace(/^/gm, "    ")}`);
    const log =
      folder === undefined ? undefined : await readFile(join(folder, "hallway.log"), "utf8").catch(() => undefined);
    if (log !== undefined)
      console.log(
        `    The end of Hallway's log:\n${log.trimEnd().split("\n").slice(-25).join("\n").replace(/^/gm, "      ")}`,
      );
  }
}

async function runCheck(): Promise<Counts> {
  const { passed, failed } = await check();
  return { passed, failed, skipped: 0 };
}

/** The product's bundles must be makeable, and end to end tests run on them. */
async function runBundle(): Promise<Counts> {
  const parts = [...new Set([...productParts, ...testParts])];
  try {
    const made = await bundleIfStale(parts);
    console.log(made.length === 0 ? "All bundles are up to date." : `Bundled ${made.join(", ")}.`);
    return { ...noTests, passed: 1 };
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return { ...noTests, failed: 1 };
  }
}

async function main(asked: readonly string[]): Promise<number> {
  await mkdir(reports, { recursive: true });
  const all = [
    { name: "check", title: "Types, format, lint, boundaries, unused code", perform: runCheck },
    { name: "bundle", title: "Bundles", perform: runBundle },
    ...runners.map((runner) => ({ name: runner.name, title: runner.title, perform: () => runRunner(runner) })),
  ];
  const unknown = asked.filter((name) => !all.some((part) => part.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no ${unknown.join(", ")}; say some of ${all.map((part) => part.name).join(", ")}, or nothing for all.`,
    );
    return 2;
  }
  let total = noTests;
  const lines: string[] = [];
  for (const { name, title, perform } of all) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(`\n=== ${title} (${name}) ===\n`);
    const started = performance.now();
    const counts = await perform();
    total = addCounts(total, counts);
    lines.push(
      `${name.padEnd(12)} ${counts.passed} ok, ${counts.failed} not ok, ${counts.skipped} left out, ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
  }
  await recap();
  console.log(`\n=== Summary ===\n\n${lines.join("\n")}\n`);
  console.log(closingLine(total));
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
