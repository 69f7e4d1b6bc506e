import { renameSync, writeFileSync } from "node:fs";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Worker } from "node:worker_threads";

/** Memory of the main process, in bytes, right after a collection in the main thread. */
export interface MainMemory {
  /** When it was measured, milliseconds since the epoch. */
  readonly at: number;
  readonly rss: number;
  readonly heapTotal: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly malloced: number;
  /** Heaps of all workers, as V8 holds them and what of that is used; nothing collects there before. */
  readonly workers: { readonly heapTotal: number; readonly heapUsed: number; readonly external: number };
  /** Timers and open handles. */
  readonly resources: number;
}

/**
 * On each SIGUSR2 collects garbage, measures, and writes MainMemory to the file as JSON. For tests and the soak; never
 * in the product.
 */
export function measureOnSignal(file: string): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const workers = new Set<Worker>();
  process.on("worker", (worker) => {
    workers.add(worker);
    worker.once("exit", () => workers.delete(worker));
  });
  process.on("SIGUSR2", () => void measure(file, collect, workers));
}

async function measure(file: string, collect: () => void, workers: ReadonlySet<Worker>): Promise<void> {
  // One that is just ending cannot be asked.
  const heaps = await Promise.all([...workers].map((worker) => worker.getHeapStatistics().catch(() => undefined)));
  const sum = (of: "total_heap_size" | "used_heap_size" | "external_memory"): number =>
    heaps.reduce((total, heap) => total + (heap?.[of] ?? 0), 0);
  collect();
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  const memory: MainMemory = {
    at: Date.now(),
    rss,
    heapTotal,
    heapUsed,
    external,
    malloced: getHeapStatistics().malloced_memory,
    workers: { heapTotal: sum("total_heap_size"), heapUsed: sum("used_heap_size"), external: sum("external_memory") },
    resources: process.getActiveResourcesInfo().length,
  };
  writeFileSync(`${file}.new`, JSON.stringify(memory));
  renameSync(`${file}.new`, file);
}
