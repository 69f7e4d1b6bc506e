import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A measured side that runs in a process of its own, so that memory and warm-up of one do not tell on another. */
export interface Side<Result> {
  readonly pid: number;
  /** Resolves when the side says that it stands (`ready` below). */
  readonly ready: Promise<void>;
  readonly result: Promise<Result>;
  /** Tells it to end, and waits until it has. */
  stop(): Promise<void>;
}

type Report =
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: string };

export interface SideOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts `bench/sides/<name>.ts` under the same Node. `Result` is what that file answers. To see where a side's time
 * goes, run the bench with NODE_OPTIONS="--cpu-prof --cpu-prof-dir=FOLDER".
 */
export function startSide<Result>(name: string, input: unknown, options: SideOptions = {}): Side<Result> {
  const child = fork(fileURLToPath(new URL(`sides/${name}.ts`, import.meta.url)), [], {
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

/** Runs a side to its end and answers its result. */
export async function runSide<Result>(name: string, input: unknown, options: SideOptions = {}): Promise<Result> {
  const side = startSide<Result>(name, input, options);
  try {
    return await side.result;
  } finally {
    await side.stop();
  }
}

/**
 * The other end, in a file of bench/sides: does `work` with the input, answers its result, and ends when it is told to.
 * `ready` tells the parent that the side stands.
 */
export function asSide<Input, Result>(work: (input: Input, ready: () => void) => Promise<Result>): void {
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
