import { backoff } from "../../../shared/backoff.ts";
import type { ErrorInfo } from "../../../shared/errors.ts";
import { toErrorInfo } from "../../../shared/errors.ts";
import { type Destination, NotNow, type Parcel, Refused } from "./destinations/destination.ts";

/** Options of a feeder of a queue of `T`. */
export interface FeederOptions<T> {
  /** The next that wait: at most `count`, and no more once they have `length` characters. */
  readonly head: (count: number, length: number) => Promise<readonly T[]>;
  /** The destination has them: they wait no more. */
  readonly taken: (items: readonly T[]) => Promise<void>;
  /** The destination will never take it: it waits no more. */
  readonly refused: (item: T, error: ErrorInfo) => Promise<void>;
  readonly parcel: (item: T) => Parcel;
  /** Where to deliver now; the same object for as long as it stays the same place. Undefined: nowhere. */
  readonly destination: () => Destination | undefined;
  /** Delivery after a batch, where there is something new. It is no item: nothing waits for it. */
  readonly after?: (deliver: (parcel: Parcel) => Promise<void>) => Promise<void>;
  /** How things stand with the destination: why it cannot be used, or undefined. Only changes are told. */
  readonly onState: (trouble: ErrorInfo | undefined) => void;
  readonly random?: () => number;
  /** Of the first wait after a failure, in milliseconds; 1000. */
  readonly firstWait?: number;
}

/** Brings what is queued to the destination. */
export interface Feeder {
  /** Something was put into the queue. */
  wake(): void;
  /** The destination, or the form, is another: tries at once. */
  changed(): void;
  close(): Promise<void>;
}

/** One batch: so many items, and no more once they have so many characters. */
const maxCount = 500;
const maxLength = 2 * 1024 * 1024;
/** After so many failures waits do not get longer (half a minute): people wait for this. */
const maxTries = 5;

/**
 * In order, a batch at a time:
 *
 *   look -- nothing waits --> rest -- wake, changed --> look
 *    |  ^
 *    |  +-- taken (then the next batch) --+
 *    +-- something waits --> deliver -----+
 *    ^                          |
 *    +-- wait (jittered) <------+ not now
 *
 * A destination is tried once before anything waits for it, so that trouble shows before the first word. A batch that
 * is refused for ever is halved until the items that are refused stand alone; those are set aside and the others go on.
 */
export function createFeeder<T>(options: FeederOptions<T>): Feeder {
  const ending = new AbortController();
  /** Turn under way, and what ends it early: another destination, or the same under other rules. */
  let busy: { readonly target: Destination; readonly end: AbortController } | undefined;
  let interrupt: (() => void) | undefined;
  let resting = false;
  let woken = false;
  /** State that was told last; null: what is told next is news in any case. */
  let state: string | undefined | null;
  let known: Destination | undefined;
  let tries = 0;

  function tell(trouble: ErrorInfo | undefined): void {
    const now = trouble && JSON.stringify(trouble);
    if (now === state) return;
    state = now;
    options.onState(trouble);
  }

  /** Until something calls, or so many milliseconds have passed. */
  async function pause(time: number | undefined): Promise<void> {
    if (ending.signal.aborted) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      interrupt = resolve;
      if (time !== undefined) timer = setTimeout(resolve, time).unref();
    });
    clearTimeout(timer);
    interrupt = undefined;
  }

  async function rest(): Promise<void> {
    if (woken) return;
    resting = true;
    await pause(undefined);
    resting = false;
  }

  async function deliver(target: Destination, items: readonly T[], signal: AbortSignal): Promise<void> {
    try {
      await target.deliver(items.map(options.parcel), signal);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const [only] = items;
      if (only !== undefined && items.length === 1)
        return options.refused(only, { code: "archive-refused", params: { reason: error.message } });
      const half = Math.ceil(items.length / 2);
      await deliver(target, items.slice(0, half), signal);
      await deliver(target, items.slice(half), signal);
      return;
    }
    await options.taken(items);
  }

  /** One turn; answers whether there may be more. */
  async function turn(target: Destination, signal: AbortSignal): Promise<boolean> {
    const items = await options.head(maxCount, maxLength);
    if (items.length > 0) await deliver(target, items, signal);
    else if (known !== target) await target.probe(signal);
    known = target;
    tries = 0;
    tell(undefined);
    await options.after?.(async (parcel) => {
      await target.deliver([parcel], signal);
    });
    return items.length > 0;
  }

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      // What comes from here on is looked for in this turn, or in the next.
      woken = false;
      const target = options.destination();
      if (!target) {
        known = undefined;
        tell({ code: "archive-unreachable", params: { reason: "not-set" } });
        await rest();
        continue;
      }
      const end = new AbortController();
      busy = { target, end };
      try {
        const more = await turn(target, AbortSignal.any([ending.signal, end.signal]));
        busy = undefined;
        if (!more) await rest();
      } catch (error) {
        if (ending.signal.aborted) return;
        busy = undefined;
        known = undefined;
        if (end.signal.aborted) continue;
        tell(toErrorInfo(error));
        const asked = error instanceof NotNow ? error.retryAfter : undefined;
        const wait = (backoff(Math.min(tries, maxTries), options.random) * (options.firstWait ?? 1000)) / 1000;
        tries += 1;
        await pause(asked ?? wait);
      }
    }
  }

  const running = run();
  return {
    wake() {
      woken = true;
      if (resting) interrupt?.();
    },
    changed() {
      woken = true;
      tries = 0;
      state = null;
      if (busy && busy.target !== options.destination()) busy.end.abort();
      interrupt?.();
    },
    async close() {
      ending.abort();
      interrupt?.();
      await running;
    },
  };
}
