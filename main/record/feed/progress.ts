import * as v from "valibot";
import type { Log } from "../../networks/log.ts";

/**
 * How far the archive has all of what it is to have, kept outside of the queue: where that is lost, the record is fed
 * again from there.
 */
export interface Progress {
  /**
   * From when on (milliseconds since the epoch, by when it was stored) the record has to be fed again; undefined:
   * nothing was ever to be fed.
   */
  readonly from: number | undefined;
  /** Everything that was stored before this moment is in the archive. Written down once a minute at most. */
  reached(at: number): void;
  /** Something is archived from now on, or nothing any more. */
  archiving(is: boolean, now: number): void;
}

export interface ProgressStore {
  read(): Promise<string | undefined>;
  write(value: string | undefined): Promise<void>;
}

const ProgressSchema = v.object({ since: v.number(), reached: v.number() });
const everyMs = 60_000;
/** Clocks are set: what came in a day before is fed again, too. Receivers know it by its id. */
const marginMs = 24 * 3_600_000;

export async function openProgress(store: ProgressStore, log: Log): Promise<Progress> {
  let state = parse(await store.read());

  function set(next: typeof state): void {
    state = next;
    store
      .write(next && JSON.stringify(next))
      .catch((error: unknown) => log.info("How far the archive has come could not be kept", { error }));
  }

  return {
    get from() {
      return state && Math.max(state.since, state.reached - marginMs);
    },
    reached(at) {
      if (state && Math.abs(at - state.reached) >= everyMs) set({ ...state, reached: at });
    },
    archiving(is, now) {
      if (is !== (state !== undefined)) set(is ? { since: now, reached: now } : undefined);
    },
  };
}

function parse(text: string | undefined): v.InferOutput<typeof ProgressSchema> | undefined {
  try {
    return text === undefined ? undefined : v.parse(ProgressSchema, JSON.parse(text));
  } catch {
    // What cannot be read says that something was archived, and not since when.
    return { since: 0, reached: 0 };
  }
}
