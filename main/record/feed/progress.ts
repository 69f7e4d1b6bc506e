import * as v from "valibot";
import type { Log } from "../../networks/log.ts";

export interface ProgressStore {
  read(): Promise<string | undefined>;
  write(value: string | undefined): Promise<void>;
}

const ProgressSchema = v.object({
  since: v.number(),
  reached: v.number(),
  /** Something of the record may not be in the queue. */
  isBehind: v.optional(v.boolean()),
});
const everyMs = 60_000;
/** Clocks are set: what came in a day before is fed again, too. Receivers know it by its id. */
const marginMs = 24 * 3_600_000;

type State = v.InferOutput<typeof ProgressSchema> | undefined;

/**
 * How far the archive has all of what it is to have, kept outside of the queue: where that is lost, the record is fed
 * again from there.
 */
export class Progress {
  readonly #store: ProgressStore;
  readonly #log: Log;
  #state: State;

  private constructor(store: ProgressStore, log: Log, state: State) {
    this.#store = store;
    this.#log = log;
    this.#state = state;
  }

  static async open(store: ProgressStore, log: Log): Promise<Progress> {
    return new Progress(store, log, parse(await store.read()));
  }

  /**
   * From when on (milliseconds since the epoch, by when it was stored) the record has to be fed again; undefined:
   * nothing was ever to be fed.
   */
  get from(): number | undefined {
    return this.#state && Math.max(this.#state.since, this.#state.reached - marginMs);
  }

  /** The program may have ended while the queue could not be written: the record may have more than the queue. */
  get isBehind(): boolean {
    return this.#state?.isBehind === true;
  }

  /** Something is in memory only that the queue is to have. */
  fallBehind(): void {
    if (this.#state && !this.isBehind) this.#set({ ...this.#state, isBehind: true });
  }

  /** The queue has everything of the record. */
  catchUp(): void {
    if (this.#state && this.isBehind) this.#set({ ...this.#state, isBehind: undefined });
  }

  /** Everything that was stored before this moment is in the archive. Written down once a minute at most. */
  reached(at: number): void {
    if (this.#state && Math.abs(at - this.#state.reached) >= everyMs) this.#set({ ...this.#state, reached: at });
  }

  /** Something is archived from now on, or nothing any more. */
  archiving(is: boolean, now: number): void {
    if (is !== (this.#state !== undefined)) this.#set(is ? { since: now, reached: now } : undefined);
  }

  #set(next: State): void {
    this.#state = next;
    this.#store
      .write(next && JSON.stringify(next))
      .catch((error: unknown) => this.#log.info("How far the archive has come could not be kept", { error }));
  }
}

function parse(text: string | undefined): State {
  try {
    return text === undefined ? undefined : v.parse(ProgressSchema, JSON.parse(text));
  } catch {
    // What cannot be read says that something was archived, and not since when.
    return { since: 0, reached: 0 };
  }
}
