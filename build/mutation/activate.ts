import { syncBuiltinESMExports } from "node:module";
import workerThreads, { setEnvironmentData } from "node:worker_threads";
import { afterEach, beforeAll, beforeEach, inject } from "vitest";
import { type Hits, hitsKey, mostMutants } from "./thread-hits.ts";

/**
 * Takes mutants into the threads that a test starts. Stryker's runner knows the thread of the test alone: here the
 * active mutant goes into the environment, where instrumented code looks for it, and the hits of each thread are
 * counted as hits of the running test.
 */

declare module "vitest" {
  interface ProvidedContext {
    readonly globalNamespace: string;
    readonly mode: "dry-run" | "mutant";
    readonly mutantActivation: "static" | "runtime";
    readonly activeMutant: string;
  }
}

/** State that instrumented code keeps about itself, as far as it is needed here. */
interface Instrumentation {
  readonly currentTestId?: string;
  mutantCoverage?: { static: Hits; perTest: Record<string, Hits> };
}

const instrumentation = (): Instrumentation =>
  ((globalThis as Record<string, unknown>)[inject("globalNamespace")] ??= {}) as Instrumentation;

function countHitsOfThreads(): void {
  const hits = new Uint8Array(new SharedArrayBuffer(mostMutants));
  setEnvironmentData(hitsKey, hits);
  const { Worker } = workerThreads;
  const preload = ["--import", new URL("./thread-hits.ts", import.meta.url).href];
  workerThreads.Worker = class extends Worker {
    constructor(file: string | URL, options: workerThreads.WorkerOptions = {}) {
      super(file, { ...options, execArgv: [...(options.execArgv ?? []), ...preload] });
    }
  };
  syncBuiltinESMExports();
  const take = (): void => {
    const { currentTestId } = instrumentation();
    const coverage = (instrumentation().mutantCoverage ??= { static: {}, perTest: {} });
    const target = currentTestId === undefined ? coverage.static : (coverage.perTest[currentTestId] ??= {});
    hits.forEach((hit, mutant) => {
      if (hit !== 0) target[mutant] = (target[mutant] ?? 0) + 1;
    });
    hits.fill(0);
  };
  // Hooks of a set-up file come before those of the tests; what a thread did before the first test belongs to all of
  // them.
  beforeEach(() => {
    hits.fill(0);
  });
  afterEach(take);
}

const activate = (): void => {
  process.env["__STRYKER_ACTIVE_MUTANT__"] = inject("activeMutant");
};

if (inject("mode") === "dry-run") countHitsOfThreads();
else if (inject("mutantActivation") === "static") activate();
else beforeAll(activate);
