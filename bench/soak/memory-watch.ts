import { processTree } from "./processes.ts";
import { type Point, slopeAnHour } from "./slope.ts";
import type { Workstation } from "./workstation.ts";

/** Growth of one kind of memory over the longest life of the process, megabytes an hour. */
export interface Growth {
  readonly name: string;
  /** Megabytes at the end. */
  readonly last: number;
  readonly early: number;
  readonly late: number;
  /** More than this in the later half is a failure; absent: it is only told. */
  readonly most: number | undefined;
}

interface Sample {
  readonly pid: number;
  readonly at: number;
  /** Things done so far. */
  readonly done: number;
  /** Megabytes; handles are a number. */
  readonly values: Readonly<Record<string, number>>;
}

const megabyte = 1024 * 1024;
/** Things done in a minute to which the limits below apply. */
const usualRate = 60;
/**
 * A program warms up in its first minutes; half a life shorter than this says nothing about a leak, in milliseconds at
 * the usual rate.
 */
const shortestHalf = 20 * 60_000;
/** Limits in MB an hour at the usual rate: of what JavaScript holds, and of the whole process. */
const limits: Readonly<Record<string, number>> = {
  "main: heap": 6,
  "main: buffers": 6,
  "main: worker heaps": 6,
  "main: native": 15,
  "window: page": 25,
};

/**
 * Measures main and the window's processes now and then. `done`: answers how many things were done so far. A leak is of
 * so much a thing, so that twice the usual rate is judged after half the time, by twice the limits.
 */
export class MemoryWatch {
  readonly #workstation: Workstation;
  readonly #done: () => number;
  readonly #samples: Sample[] = [];

  constructor(workstation: Workstation, done: () => number) {
    this.#workstation = workstation;
    this.#done = done;
  }

  /** Measures once; a program that is being killed is left out. Answers a line for the person who watches. */
  async sample(): Promise<string> {
    const pid = await this.#workstation.pid();
    const memory = await this.#workstation.memory().catch(() => undefined);
    if (!memory) return "not measured";
    const processes = processTree(pid);
    const of = (kind: string): number =>
      sum(processes.filter((one) => one.kind === kind).map(({ anonymous }) => anonymous / megabyte));
    const values = {
      "main: heap": memory.heapUsed / megabyte,
      "main: buffers": memory.external / megabyte,
      "main: worker heaps": memory.workers.heapUsed / megabyte,
      "main: native":
        of("main") -
        (memory.heapTotal + memory.external + memory.workers.heapTotal + memory.workers.external) / megabyte,
      "main: whole": of("main"),
      "window: page": of("renderer"),
      "window: rest": sum(
        processes
          .filter(({ kind }) => kind !== "main" && kind !== "renderer")
          .map(({ anonymous }) => anonymous / megabyte),
      ),
      "main: handles": memory.resources,
    };
    this.#samples.push({ pid, at: memory.at, done: this.#done(), values });
    return Object.entries(values)
      .map(([name, value]) => `${name} ${value.toFixed(1)}`)
      .join(", ");
  }

  /** Growth in each half of the longest life; `judged` where it is long enough to say something. */
  growth(): { readonly judged: boolean; readonly minutes: number; readonly kinds: readonly Growth[] } {
    const lives = Map.groupBy(this.#samples, ({ pid }) => pid);
    const life = [...lives.values()].reduce<readonly Sample[]>(
      (longest, one) => (span(one) > span(longest) ? one : longest),
      [],
    );
    const middle = (life[0]?.at ?? 0) + span(life) / 2;
    const rate = ((life.at(-1)?.done ?? 0) - (life[0]?.done ?? 0)) / (span(life) / 60_000);
    const pace = Math.max(1, rate / usualRate || 0);
    const names = Object.keys(life[0]?.values ?? {});
    const slope = (name: string, samples: readonly Sample[]): number =>
      slopeAnHour(samples.map(({ at, values }): Point => ({ at, value: values[name] ?? 0 })));
    const kinds = names.map((name) => ({
      name,
      last: life.at(-1)?.values[name] ?? 0,
      early: slope(
        name,
        life.filter(({ at }) => at < middle),
      ),
      late: slope(
        name,
        life.filter(({ at }) => at >= middle),
      ),
      most: limits[name] === undefined ? undefined : limits[name] * pace,
    }));
    return { judged: (span(life) / 2) * pace >= shortestHalf, minutes: span(life) / 60_000, kinds };
  }
}

function span(samples: readonly Sample[]): number {
  return (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
