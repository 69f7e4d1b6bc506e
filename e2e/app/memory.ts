import { renameSync, writeFileSync } from "node:fs";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Memory of the main process, in bytes, right after a collection; workers' heaps are in `rss` alone. */
export interface MainMemory {
  /** When it was measured, milliseconds since the epoch. */
  readonly at: number;
  readonly rss: number;
  readonly heapTotal: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly malloced: number;
  /** Timers and open handles. */
  readonly resources: number;
}

/** On each SIGUSR2 collects garbage, measures, and writes MainMemory to the file as JSON. For tests and the soak; never in the product. */
export function measureOnSignal(file: string): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  process.on("SIGUSR2", () => {
    collect();
    const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
    const malloced = getHeapStatistics().malloced_memory;
    const memory: MainMemory = { at: Date.now(), rss, heapTotal, heapUsed, external, malloced, resources: process.getActiveResourcesInfo().length };
    writeFileSync(`${file}.new`, JSON.stringify(memory));
    renameSync(`${file}.new`, file);
  });
}
