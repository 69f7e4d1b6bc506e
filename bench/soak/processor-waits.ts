import { readFileSync } from "node:fs";
import type { Point } from "./slope.ts";

/** Time between two looks, in milliseconds: a quarter of the shortest task that counts. */
const lookEvery = 25;
/** Looks that are remembered: two minutes of them. */
const mostPoints = 4_800;

/**
 * Time for which the first thread of a process (in the page's process: the one that the page runs on) was ready to run
 * and had to wait for a processor, because the machine was busy with others (Linux: /proc/PID/schedstat).
 */
export class ProcessorWaits {
  readonly #read: (pid: number) => number | undefined;
  /** Milliseconds waited since the process began, at each look. */
  #points: Point[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(read: (pid: number) => number | undefined = readWaited) {
    this.#read = read;
  }

  /** Looks at this process from now on. */
  follow(pid: number): void {
    this.stop();
    this.#points = [];
    this.#timer = setInterval(() => this.#look(pid), lookEvery);
    this.#look(pid);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Milliseconds waited between two moments (milliseconds since the epoch), evenly spread between two looks. */
  between(from: number, to: number): number {
    return Math.max(0, this.#waitedAt(to) - this.#waitedAt(from));
  }

  #look(pid: number): void {
    const value = this.#read(pid);
    if (value === undefined) this.stop();
    else this.#points.push({ at: Date.now(), value });
    if (this.#points.length > mostPoints) this.#points.splice(0, mostPoints / 4);
  }

  #waitedAt(at: number): number {
    const after = this.#points.findIndex((point) => point.at >= at);
    const [before, next] = [this.#points.at(after === -1 ? -1 : after - 1), this.#points[after]];
    if (after === 0 || before === undefined || next === undefined) return (next ?? before)?.value ?? 0;
    return before.value + ((next.value - before.value) * (at - before.at)) / (next.at - before.at);
  }
}

/** The second number is the time spent waiting to run, in nanoseconds (Linux: Documentation/scheduler/sched-stats). */
function readWaited(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]) / 1e6;
  } catch {
    return undefined;
  }
}
