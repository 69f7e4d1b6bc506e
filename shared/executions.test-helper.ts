/** shared knows no Node, and its tests run in it. */
declare const process: { getBuiltinModule(name: "node:inspector"): { readonly Session: new () => Inspector } };

interface Inspector {
  connect(): void;
  post(method: string, params: object, done?: (error: Error | null, result: Coverage) => void): void;
}

/** Precise coverage of V8: how often each block of each script was run since it was asked last. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

// From the start: V8 counts only the blocks of functions that it compiles after this.
const inspector = new (process.getBuiltinModule("node:inspector").Session)();
inspector.connect();
inspector.post("Profiler.enable", {});
inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/**
 * Count of the blocks of the program that some work runs (loop bodies, branches and functions, as V8 counts them): a
 * measure of work that is the same on every machine, busy or not. What built-in functions do by themselves is not in
 * it.
 */
export function executions(work: () => void): number {
  take();
  work();
  return take();
}

/** How many times more work a large input is than a small one. */
export function growth(work: (size: number) => void, small: number, large: number): number {
  // What is made only once is made before.
  work(small);
  return executions(() => work(large)) / executions(() => work(small));
}

function take(): number {
  let count = 0;
  inspector.post("Profiler.takePreciseCoverage", {}, (error, coverage) => {
    if (error) throw error;
    for (const { url, functions } of coverage.result)
      if (isProgram(url)) for (const { ranges } of functions) for (const range of ranges) count += range.count;
  });
  return count;
}

/** The program and the one package that it works with; not what runs its tests, wherever the clone is. */
const isProgram = (url: string): boolean =>
  (url.includes("/node_modules/") ? url.includes("/re2js/") : /\/(main|shared|renderer)\//.test(url)) &&
  !/\.test(-helper)?\./.test(url);
