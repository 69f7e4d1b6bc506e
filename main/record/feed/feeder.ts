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

/** One batch: so many items, and no more once they have so many characters. */
const maxCount = 500;
const maxLength = 2 * 1024 * 1024;
/** After so many failures waits do not get longer (half a minute): people wait for this. */
const maxTries = 5;

/**
 * Delivers what is queued to the destination, in order, a batch at a time:
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
export class Feeder<T> {
  readonly #options: FeederOptions<T>;
  readonly #ending = new AbortController();
  /** Turn under way, and what ends it early: another destination, or the same under other rules. */
  #busy: { readonly target: Destination; readonly end: AbortController } | undefined;
  #interrupt: (() => void) | undefined;
  #resting = false;
  #woken = false;
  /** State that was told last; null: what is told next is news in any case. */
  #state: string | undefined | null;
  #known: Destination | undefined;
  #tries = 0;
  #running: Promise<void> | undefined;

  constructor(options: FeederOptions<T>) {
    this.#options = options;
  }

  /** Delivery begins, and goes on until `close`. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Something was put into the queue. */
  wake(): void {
    this.#woken = true;
    if (this.#resting) this.#interrupt?.();
  }

  /** The destination, or the form, is another: tries at once. */
  changed(): void {
    this.#woken = true;
    this.#tries = 0;
    this.#state = null;
    if (this.#busy && this.#busy.target !== this.#options.destination()) this.#busy.end.abort();
    this.#interrupt?.();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#interrupt?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      // What comes from here on is looked for in this turn, or in the next.
      this.#woken = false;
      const target = this.#options.destination();
      if (target) await this.#visit(target);
      else {
        this.#known = undefined;
        this.#tell({ code: "archive-unreachable", params: { reason: "not-set" } });
        await this.#rest();
      }
    }
  }

  /** One turn with a destination, and the rest or the wait that follows it. */
  async #visit(target: Destination): Promise<void> {
    const end = new AbortController();
    this.#busy = { target, end };
    try {
      const more = await this.#turn(target, AbortSignal.any([this.#ending.signal, end.signal]));
      this.#busy = undefined;
      if (!more) await this.#rest();
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      this.#busy = undefined;
      this.#known = undefined;
      if (end.signal.aborted) return;
      this.#tell(toErrorInfo(error));
      await this.#pause(this.#waitAfter(error));
    }
  }

  /** One turn; answers whether there may be more. */
  async #turn(target: Destination, signal: AbortSignal): Promise<boolean> {
    const items = await this.#options.head(maxCount, maxLength);
    if (items.length > 0) await this.#deliver(target, items, signal);
    else if (this.#known !== target) await target.probe(signal);
    this.#known = target;
    this.#tries = 0;
    this.#tell(undefined);
    await this.#options.after?.(async (parcel) => {
      await target.deliver([parcel], signal);
    });
    return items.length > 0;
  }

  async #deliver(target: Destination, items: readonly T[], signal: AbortSignal): Promise<void> {
    try {
      await target.deliver(items.map(this.#options.parcel), signal);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const [only] = items;
      if (only !== undefined && items.length === 1)
        return this.#options.refused(only, { code: "archive-refused", params: { reason: error.message } });
      const half = Math.ceil(items.length / 2);
      await this.#deliver(target, items.slice(0, half), signal);
      await this.#deliver(target, items.slice(half), signal);
      return;
    }
    await this.#options.taken(items);
  }

  #tell(trouble: ErrorInfo | undefined): void {
    const now = trouble && JSON.stringify(trouble);
    if (now === this.#state) return;
    this.#state = now;
    this.#options.onState(trouble);
  }

  /** In milliseconds: as long as the destination asks, or longer after each failure. */
  #waitAfter(error: unknown): number {
    const { random, firstWait = 1000 } = this.#options;
    const wait = (backoff(Math.min(this.#tries, maxTries), random) * firstWait) / 1000;
    this.#tries += 1;
    return (error instanceof NotNow ? error.retryAfter : undefined) ?? wait;
  }

  async #rest(): Promise<void> {
    if (this.#woken) return;
    this.#resting = true;
    await this.#pause(undefined);
    this.#resting = false;
  }

  /** Until something calls, or so many milliseconds have passed. */
  async #pause(time: number | undefined): Promise<void> {
    if (this.#ending.signal.aborted) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#interrupt = resolve;
      if (time !== undefined) timer = setTimeout(resolve, time).unref();
    });
    clearTimeout(timer);
    this.#interrupt = undefined;
  }
}
