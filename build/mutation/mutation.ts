import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LogLevel, MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { root } from "../root.ts";
import { type MutationRequest, readArguments, usage } from "./arguments.ts";
import { checkerName, equivalentPrefix, keyOf } from "./checker.ts";
import { type Fate, figures, floor, table } from "./figures.ts";
import { ignorerName } from "./ignorer.ts";
import { reporterName } from "./reporter.ts";
import { isMutated, type Room, roomsOf } from "./rooms.ts";
import type { MutantKey } from "./sample.ts";
import { type Span, TypesOfMutants } from "./types.ts";

/**
 * `npm run mutation`: puts small faults into the sources, one at a time, and tells which of them no unit test notices.
 * Fails where fewer than 85 % are noticed in a folder. Not part of `npm test`: a hundred mutants take minutes.
 */

/** A mutant that was tried, and what became of it. */
interface Tried extends MutantKey {
  readonly fate: Fate;
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

async function mutate(room: Room, { sample, seed }: MutationRequest): Promise<readonly MutantResult[]> {
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
    hallwaySample: { seed, ...(sample === undefined ? {} : { size: sample }) },
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
  const judged: (Tried & { readonly span: Span })[] = [];
  const equivalents: MutantKey[] = [];
  for (const result of results) {
    const span = fromSchema(result.location);
    const key = keyOf({ ...result, location: span });
    const fate = fates[result.status];
    if (result.status === "CompileError" && result.statusReason?.startsWith(equivalentPrefix)) equivalents.push(key);
    if (fate !== undefined) judged.push({ ...key, fate, span });
  }
  const refused = types.refused(judged.filter(isMissed));
  const tried = judged.map((mutant): Tried => (refused.has(mutant) ? { ...mutant, fate: "types" } : mutant));
  return { tried, equivalents };
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

async function main(args: readonly string[]): Promise<number> {
  const request = readArguments(args);
  if (typeof request === "string") {
    console.error(`${request}\n\n${usage}`);
    return 2;
  }
  process.chdir(root);
  const rooms = roomsOf(filesOf(request).filter(isMutated), request.tests);
  if (rooms.length === 0) {
    console.log("No source of the program is among them.");
    return request.changed === undefined ? 2 : 0;
  }
  const tried: Tried[] = [];
  const equivalents: MutantKey[] = [];
  const unknown: string[] = [];
  for (const room of rooms) {
    console.log(`\n=== ${room.name}: ${room.files.length} files, noticed by ${room.tests.join(" ")} ===\n`);
    const results = await mutate(room, request).catch((error: unknown) => {
      console.error(`Nothing is known of ${room.name}: ${error instanceof Error ? error.message : error}`);
    });
    if (!results) {
      unknown.push(room.name);
      continue;
    }
    const judged = judge(results);
    tried.push(...judged.tried);
    equivalents.push(...judged.equivalents);
    const missedHere = judged.tried.filter(isMissed);
    if (missedHere.length > 0) console.log(`\nNot noticed:\n${missedHere.map(describeMissed).join("\n")}`);
    console.log(`\n${table(figures(judged.tried, judged.equivalents))}`);
  }
  const missed = tried.filter(isMissed);
  const rows = figures(tried, equivalents);
  console.log(
    `\n=== Noticed, by folder (seed ${request.seed}${request.sample === undefined ? "" : `, sample of ${request.sample}`}) ===\n\n${table(rows)}\n`,
  );
  mkdirSync(outputFolder, { recursive: true });
  writeFileSync(join(outputFolder, "last.json"), JSON.stringify({ request, rows, missed }, undefined, 2));
  if (unknown.length > 0) console.log(`Not known: ${unknown.join(", ")}\n`);
  return unknown.length === 0 && rows.every(({ share }) => share >= floor) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
