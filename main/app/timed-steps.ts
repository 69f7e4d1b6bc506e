import type { Log } from "../networks/log.ts";

export interface TimedStepsOptions {
  /** Longest time of one step, in milliseconds. */
  readonly within: number;
  readonly log: Log;
}

/**
 * The steps with which the program ends. One that fails or takes too long is logged and left behind, so that a server
 * or a file that hangs does not keep the program; what was stored before stays stored.
 */
export class TimedSteps {
  readonly #options: TimedStepsOptions;
  #isCut = false;

  constructor(options: TimedStepsOptions) {
    this.#options = options;
  }

  /** Whether a step was left behind: it may still hold the process. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Resolves when the step is done, has failed, or has had its time. */
  async run(step: string, work: () => Promise<unknown> | undefined): Promise<void> {
    const { within, log } = this.#options;
    const limit = Promise.withResolvers<"late">();
    const timer = setTimeout(() => limit.resolve("late"), within);
    try {
      if ((await Promise.race([work(), limit.promise])) !== "late") return;
      this.#isCut = true;
      log.warn("The program ends without waiting for a step any longer", { step });
    } catch (error) {
      log.warn("A step of the end failed", { step, error });
    } finally {
      clearTimeout(timer);
    }
  }
}
