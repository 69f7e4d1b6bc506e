import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Measured work in a process of its own, so that memory and warm-up of one do not tell on another. */
export interface BenchWorker<Result> {
  readonly pid: number;
  /** Resolves when the worker says that it is ready (`ready` below). */
  readonly ready: Promise<void>;
  readonly result: Promise<Result>;
  /** Tells it to end, and waits until it has. */
  stop(): Promise<void>;
}

type Report =
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: string };

export interface WorkerOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts `bench/workers/<name>.ts` under the same Node. `Result` is what that file answers. To see where a worker's
 * time goes, run the bench with NODE_OPTIONS="--cpu-prof --cpu-prof-dir=FOLDER".
 */
export function startWorker<Result>(name: string, input: unknown, options: WorkerOptions = {}): BenchWorker<Result> {
  const child = fork(fileURLToPath(new URL(`workers/${name}.ts`, import.meta.url)), [], {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...options.env },
    execArgv: [],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stopWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", stopWithUs);
  void exited.then(() => process.off("exit", stopWithUs));
  const ready = Promise.withResolvers<void>();
  const result = Promise.withResolvers<Result>();
  ready.promise.catch(() => undefined);
  result.promise.catch(() => undefined);
  const fail = (why: string): void => {
    const error = new Error(`${name}: ${why}`);
    ready.reject(error);
    result.reject(error);
  };
  child.on("message", (report: Report) => {
    if (report.kind === "ready") ready.resolve();
    else if (report.kind === "failed") fail(report.error);
    else result.resolve(report.value as Result);
  });
  child.once("exit", (code, signal) => fail(`ended with ${code ?? signal} before it answered`));
  child.once("error", (error) => fail(error.message));
  child.send({ input });
  return {
    pid: child.pid ?? -1,
    ready: ready.promise,
    result: result.promise,
    async stop() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(stopWithUs, 5_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Runs a worker to its end and answers its result. */
export async function runWorker<Result>(name: string, input: unknown, options: WorkerOptions = {}): Promise<Result> {
  const worker = startWorker<Result>(name, input, options);
  try {
    return await worker.result;
  } finally {
    await worker.stop();
  }
}

/**
 * The other end, in a file of bench/workers: does `work` with the input, answers its result, and ends when it is told
 * to. `ready` tells the parent that the worker is ready.
 */
export function asWorker<Input, Result>(work: (input: Input, ready: () => void) => Promise<Result>): void {
  const tell = (report: Report): void => void process.send?.(report);
  process.once("message", ({ input }: { readonly input: Input }) => {
    work(input, () => tell({ kind: "ready" })).then(
      (value) => tell({ kind: "result", value }),
      (error: unknown) =>
        tell({ kind: "failed", error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once("disconnect", () => process.exit(0));
}
