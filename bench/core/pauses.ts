import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Row } from "../figure.ts";

/** Pauses of the main loop, in milliseconds. */
export interface Pauses {
  /** Longest time that the loop was not free, by the clock: also what other programs took from this one. */
  readonly longest: number;
  /** Longest time that the thread itself worked without a break: what a quiet machine would have seen. */
  readonly work: number;
}

/** Milliseconds between two looks; a pause shorter than this is not seen. */
const resolution = 2;

/** Watches the event loop of this thread from now on; the answer stops it. */
export function watchPauses(): () => Pauses {
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  let work = 0;
  let before = threadTime();
  const timer = setInterval(() => {
    const now = threadTime();
    work = Math.max(work, now - before);
    before = now;
  }, resolution);
  return () => {
    delays.disable();
    clearInterval(timer);
    return { longest: Math.max(0, delays.max / 1e6 - resolution), work };
  };
}

/** Processor time of this thread, milliseconds. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/**
 * Both as lines of the table, for what is done in between; the rule of the house is that nothing blocks the main loop
 * for more than 50 ms.
 */
export function pauseRows(runs: readonly Pauses[], when = ""): readonly Row[] {
  return [
    {
      what: `Main loop${when}: longest pause by the clock`,
      unit: "ms",
      target: 50,
      samples: runs.map(({ longest }) => longest),
      note: "with the server and the rest of the machine on the same cores",
    },
    {
      what: `Main loop${when}: longest uninterrupted work`,
      unit: "ms",
      target: 50,
      samples: runs.map(({ work }) => work),
      note: "processor time of the main thread alone",
    },
  ];
}
