import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LogLevel, MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { root } from "../root.ts";
import { type MutationRequest, readArguments, usage } from "./arguments.ts";
import { checkerName, equivalentPrefix, keyOf, type SampleOptions } from "./checker.ts";
import { type Fate, figures, floor, table } from "./figures.ts";
import { ignorerName } from "./ignorer.ts";
import { reporterName } from "./reporter.ts";
import { foldersOf, isMutated, type Room, roomsOf } from "./rooms.ts";
import { isSame, type MutantKey } from "./sample.ts";
import { type Span, TypesOfMutants } from "./types.ts";

/**
 * `npm run mutation`: puts small faults into the sources, one at a time, and tells which of them no unit test notices.
 * Fails where fewer than 85 % are noticed in a folder. Not part of `npm test`: a hundred mutants take minutes.
 */

/** A mutant that was tried, and what became of it. */
interface Tried extends MutantKey {
  readonly fate: Fate;
  readonly span: Span;
}

const outputFolder = join(root, ".cache/mutation");

/** Files of the request, as the checkout names them. */
function filesOf({ paths, changed }: MutationRequest): readonly string[] {
  const git = (...args: string[]): readonly string[] =>
    execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
  const untracked = (...where: string[]): readonly string[] =>
    git("ls-files", "--others", "--exclude-standard", ...where);
  if (changed === undefined) return [...git("ls-files", "--", ...paths), ...untracked("--", ...paths)];
  const base = changed === "" ? (git("merge-base", "HEAD", "origin/main")[0] ?? "HEAD") : changed;
  return [...git("diff", "--name-only", "--diff-filter=d", base, "--"), ...untracked()];
}

async function mutate(room: Room, sampleOptions: SampleOptions): Promise<readonly MutantResult[]> {
  process.env["HALLWAY_MUTATION_TESTS"] = room.tests.join(" ");
  const stryker = new Stryker({
    mutate: [...room.files],
    testRunner: "vitest",
    vitest: { configFile: "build/mutation/vitest.config.ts", pool: "forks", related: false },
    plugins: [
      import.meta.resolve("@stryker-mutator/vitest-runner"),
      new URL("./checker.ts", import.meta.url).href,
      new URL("./ignorer.ts", import.meta.url).href,
      new URL("./reporter.ts", import.meta.url).href,
    ],
    checkers: [checkerName],
    ignorers: [ignorerName],
    hallwaySample: sampleOptions,
    coverageAnalysis: "perTest",
    concurrency: 1,
    timeoutMS: 15_000,
    timeoutFactor: 2,
    dryRunTimeoutMinutes: 20,
    disableTypeChecks: false,
    // TypeScript 7 has no API with which Stryker could read one.
    tsconfigFile: "none",
    packageManager: "npm",
    tempDirName: ".cache/mutation/sandboxes",
    ignorePatterns: ["/dist", "/.cache", "/test-results", "/e2e", "/bench"],
    reporters: ["progress-append-only", reporterName],
    logLevel: "warn" as LogLevel,
    allowConsoleColors: false,
    warnings: { slow: false, unknownOptions: true, preprocessorErrors: true, unserializableOptions: true },
  });
  return stryker.runMutationTest();
}

const fates: Readonly<Partial<Record<MutantResult["status"], Fate>>> = {
  Killed: "noticed",
  // The run as a whole broke, with an error outside of any test: `npm test` fails then too.
  RuntimeError: "noticed",
  Timeout: "time-out",
  Survived: "survived",
  NoCoverage: "no coverage",
};

function isMissed({ fate }: Pick<Tried, "fate">): boolean {
  return fate === "survived" || fate === "no coverage";
}

const types = new TypesOfMutants(join(outputFolder, "types"));

function judge(results: readonly MutantResult[]): {
  readonly tried: readonly Tried[];
  readonly equivalents: readonly MutantKey[];
} {
  const judged: Tried[] = [];
  const equivalents: MutantKey[] = [];
  for (const result of results) {
    const span = fromSchema(result.location);
    const key = keyOf({ ...result, location: span });
    const fate = fates[result.status];
    if (result.status === "CompileError" && result.statusReason?.startsWith(equivalentPrefix)) equivalents.push(key);
    if (fate !== undefined) judged.push({ ...key, fate, span });
  }
  return { tried: judged, equivalents };
}

/** Marks what no test noticed but the compiler refuses. */
function askTypes(tried: readonly Tried[]): readonly Tried[] {
  const refused = types.refused(tried.filter(isMissed));
  return tried.map((mutant) => (refused.has(mutant) ? { ...mutant, fate: "types" } : mutant));
}

/** A place as the program counts: results count lines and columns from 1, mutants from 0. */
function fromSchema({ start, end }: Span): Span {
  return {
    start: { line: start.line - 1, column: start.column - 1 },
    end: { line: end.line - 1, column: end.column - 1 },
  };
}

function describeMissed({ file, line, column, mutator, replacement, fate }: Tried): string {
  const text = readFileSync(join(root, file), "utf8").split("\n")[line]?.trim() ?? "";
  return `${file}:${line + 1}:${column + 1}  ${fate}  ${mutator}\n    ${text}\n    -> ${replacement.replace(/\s+/g, " ").slice(0, 200)}`;
}

/** Results of a run over several rooms. */
interface Run {
  readonly tried: readonly Tried[];
  readonly equivalents: readonly MutantKey[];
  /** Rooms whose run broke. */
  readonly unknown: readonly string[];
}

async function runAll(rooms: readonly Room[], sampleOptions: SampleOptions): Promise<Run> {
  const tried: Tried[] = [];
  const equivalents: MutantKey[] = [];
  const unknown: string[] = [];
  for (const room of rooms) {
    console.log(`\n=== ${room.name}: ${room.files.length} files, noticed by ${room.tests.join(" ")} ===\n`);
    const results = await mutate(room, sampleOptions).catch((error: unknown) => {
      console.error(`Nothing is known of ${room.name}: ${error instanceof Error ? error.message : error}`);
    });
    if (!results) {
      unknown.push(room.name);
      continue;
    }
    const judged = judge(results);
    tried.push(...judged.tried);
    equivalents.push(...judged.equivalents);
    console.log(`\n${table(figures(judged.tried, judged.equivalents))}`);
  }
  return { tried, equivalents, unknown };
}

/** Tries what the tests beside the files did not notice once more, with all tests of the room. */
async function runAgain({ tried, equivalents, unknown }: Run, { seed, tests }: MutationRequest): Promise<Run> {
  const missed = tried.filter(isMissed);
  const rooms = roomsOf([...new Set(missed.map(({ file }) => file))], tests);
  const again = await runAll(rooms, { seed, only: missed });
  return {
    tried: tried.map((mutant) => again.tried.find((other) => isSame(other, mutant)) ?? mutant),
    equivalents,
    unknown: [...unknown, ...again.unknown],
  };
}

async function main(args: readonly string[]): Promise<number> {
  const request = readArguments(args);
  if (typeof request === "string") {
    console.error(`${request}\n\n${usage}`);
    return 2;
  }
  process.chdir(root);
  const { sample, seed, near, tests } = request;
  const files = filesOf(request).filter(isMutated);
  const hasTests = (folder: string): boolean => globSync(`${folder}/*.test.{ts,tsx}`).length > 0;
  const rooms = near ? foldersOf(files, hasTests, tests) : roomsOf(files, tests);
  if (rooms.length === 0) {
    console.log("No source of the program is among them.");
    return request.changed === undefined ? 2 : 0;
  }
  const first = await runAll(rooms, { seed, ...(sample === undefined ? {} : { size: sample }) });
  const { tried: judged, equivalents, unknown } = near ? await runAgain(first, request) : first;
  const tried = askTypes(judged);
  const missed = tried.filter(isMissed);
  if (missed.length > 0) console.log(`\nNot noticed:\n${missed.map(describeMissed).join("\n")}`);
  const rows = figures(tried, equivalents);
  console.log(
    `\n=== Noticed, by folder (seed ${seed}${sample === undefined ? "" : `, sample of ${sample}`}) ===\n\n${table(rows)}\n`,
  );
  mkdirSync(outputFolder, { recursive: true });
  writeFileSync(join(outputFolder, "last.json"), JSON.stringify({ request, rows, missed }, undefined, 2));
  if (unknown.length > 0) console.log(`Not known: ${unknown.join(", ")}\n`);
  return unknown.length === 0 && rows.every(({ share }) => share >= floor) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
