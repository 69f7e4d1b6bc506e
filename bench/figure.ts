/** How a result is read: milliseconds, microseconds, mebibytes of memory, a plain ratio, or how many of something. */
export type Unit = "ms" | "µs" | "MB" | "x" | "messages" | "turns";

/** One line of the table: what was measured, once for each run. */
export interface Row {
  /** Name of the figure, in words. */
  readonly what: string;
  readonly unit: Unit;
  /** One value for each run, in the order of the runs; never empty. */
  readonly samples: readonly number[];
  /** The median must not be above this (same unit). Absent: nothing was promised. */
  readonly target?: number;
  /** A fact without which the number would mislead. */
  readonly note?: string;
}

/** Tools that a figure works with. */
export interface Context {
  /** One line of progress for the person who waits. */
  say(line: string): void;
  /** A folder for things that may be used again by another run; what is in it can be deleted at any time. */
  readonly cache: string;
}

/** One of the things that `npm run bench` measures. */
export interface Figure {
  /** How it is asked for on the command line. */
  readonly name: string;
  /** Heading of its part of the table. */
  readonly title: string;
  /** How often both checkouts are measured in a comparison; 2 when absent. */
  readonly rounds?: number;
  measure(context: Context): Promise<readonly Row[]>;
}
