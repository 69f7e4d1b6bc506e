/** How many requests may go out in a time. */
export interface PacerOptions {
  /** Requests in any window, at most. */
  readonly limit: number;
  /** How many of them background requests may use up; the rest is kept free for what a person waits for. */
  readonly background: number;
  /** Milliseconds. */
  readonly window: number;
  /** Monotonic clock, in ms. */
  readonly now?: () => number;
}

/** What a person waits for goes before the upkeep of a long contact list. */
export type Urgency = "prompt" | "background";

/**
 * Debian's Kamailio with WITH_ANTIFLOOD bans for five minutes whoever sends 16 requests or more in 2 seconds, and other
 * servers have rules like it. The window is longer than theirs, since requests bunch on their way.
 */
export const politePace: PacerOptions = { limit: 14, background: 10, window: 2_300 };

/** Spreads requests over time: so many in any window, in order, prompt ones first. */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #now: () => number;
  readonly #waiting: Readonly<Record<Urgency, (() => void)[]>> = { prompt: [], background: [] };
  /** When the requests of the last window went out, oldest first. */
  #sent: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(options: PacerOptions = politePace) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Resolves when the next request of that urgency may go out; undefined: now. After the end everything may go on, and fail. */
  turn(urgency: Urgency): Promise<void> | undefined {
    if (this.#ended) return undefined;
    if (this.#waiting[urgency].length === 0 && this.#room(urgency)) {
      this.#sent.push(this.#now());
      return undefined;
    }
    return new Promise((resolve) => {
      this.#waiting[urgency].push(resolve);
      this.#wait();
    });
  }

  /** Lets go of all that waits. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const queue of Object.values(this.#waiting)) for (const go of queue.splice(0)) go();
  }

  #room(urgency: Urgency): boolean {
    const since = this.#now() - this.#options.window;
    this.#sent = this.#sent.filter((at) => at > since);
    return this.#sent.length < this.#limit(urgency);
  }

  #limit(urgency: Urgency): number {
    return urgency === "prompt" ? this.#options.limit : this.#options.background;
  }

  #next(): void {
    for (const urgency of ["prompt", "background"] as const) {
      while (this.#waiting[urgency].length > 0 && this.#room(urgency)) {
        this.#sent.push(this.#now());
        this.#waiting[urgency].shift()?.();
      }
    }
    this.#wait();
  }

  /** Looks again when as many requests have left the window as have to. */
  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const due = (["prompt", "background"] as const)
      .filter((urgency) => this.#waiting[urgency].length > 0)
      .map((urgency) => this.#sent[this.#sent.length - this.#limit(urgency)] ?? 0);
    if (due.length === 0) return;
    const delay = Math.min(...due) + this.#options.window - this.#now();
    this.#timer = setTimeout(() => this.#next(), Math.max(1, Math.ceil(delay)));
  }
}
