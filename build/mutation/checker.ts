import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { type Checker, type CheckResult, CheckStatus } from "@stryker-mutator/api/check";
import type { Mutant, StrykerOptions } from "@stryker-mutator/api/core";
import { commonTokens, declareClassPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { findEquivalent, readEquivalents } from "./equivalent.ts";
import { isSame, type MutantKey, sample } from "./sample.ts";

/** How Stryker knows the checker. */
export const checkerName = "hallway-sample";
/**
 * Verdict of the checker on a mutant outside the sample; for an equivalent one it is `equivalentPrefix` and the reason.
 */
export const notInSample = "not in the sample";
export const equivalentPrefix = "equivalent: ";

/** The settings of the checker among those of Stryker. */
export interface SampleOptions {
  readonly size?: number;
  readonly seed: string;
  /** Only these mutants; without it, of all. */
  readonly only?: readonly MutantKey[];
}

/** Adds the settings to those that Stryker knows. */
export const strykerValidationSchema = { properties: { hallwaySample: { type: "object" } } };

/** Decides which mutants are worth a run: those of the sample that are not equivalent. */
class SampleChecker implements Checker {
  static readonly inject = tokens(commonTokens.options);
  readonly #options: SampleOptions;
  readonly #verdicts = new Map<string, CheckResult>();

  constructor(options: StrykerOptions) {
    this.#options = options["hallwaySample"] as SampleOptions;
  }

  async init(): Promise<void> {
    // Nothing to prepare.
  }

  /** Stryker asks once, with all mutants. */
  async group(mutants: Mutant[]): Promise<string[][]> {
    const equivalents = readEquivalents();
    const texts = new Map<string, string>();
    const different: (MutantKey & { readonly id: string })[] = [];
    for (const mutant of mutants) {
      const key = { ...keyOf(mutant), id: mutant.id };
      const text = texts.get(key.file) ?? readFileSync(mutant.fileName, "utf8");
      texts.set(key.file, text);
      const listed = findEquivalent(equivalents, key, text);
      if (listed === undefined) different.push(key);
      else
        this.#verdicts.set(mutant.id, {
          status: CheckStatus.CompileError,
          reason: `${equivalentPrefix}${listed.reason}`,
        });
    }
    for (const { id } of different) this.#verdicts.set(id, { status: CheckStatus.CompileError, reason: notInSample });
    const { size = different.length, seed, only } = this.#options;
    const among = only === undefined ? different : different.filter((key) => only.some((one) => isSame(one, key)));
    for (const { id } of sample(among, size, seed)) this.#verdicts.set(id, { status: CheckStatus.Passed });
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    return Object.fromEntries(mutants.map(({ id }) => [id, this.#verdicts.get(id) ?? { status: CheckStatus.Passed }]));
  }
}

/** The key of one of Stryker's mutants; its file as the checkout names it. */
export function keyOf({
  fileName,
  mutatorName,
  location,
  replacement,
}: Pick<Mutant, "fileName" | "mutatorName" | "location" | "replacement">): MutantKey {
  const file = relative(process.cwd(), fileName).split(sep).join("/");
  return { file, mutator: mutatorName, line: location.start.line, column: location.start.column, replacement };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, checkerName, SampleChecker)];
