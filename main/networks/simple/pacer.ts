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

/**
 * Urgency of a request, most urgent first: what the connection itself hangs on, what a person waits for, the upkeep of
 * a long contact list.
 */
const urgencies = ["vital", "prompt", "background"] as const;
export type Urgency = (typeof urgencies)[number];

/**
 * Debian's Kamailio with WITH_ANTIFLOOD bans for five minutes whoever sends 16 requests or more in 2 seconds, and other
 * servers have rules like it. The window is longer than theirs, since requests bunch on their way.
 */
export const politePace: PacerOptions = { limit: 14, background: 10, window: 2_300 };

/** A request that waits for its turn. */
interface Waiting {
  readonly owner: object;
  readonly go: () => void;
}

/**
 * Spreads requests over time: so many in any window, in order, the most urgent first. It outlives a connection, since
 * servers count the requests of an address whatever the connection.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #now: () => number;
  readonly #waiting: Record<Urgency, Waiting[]> = { vital: [], prompt: [], background: [] };
  /** When the requests of the last window went out, oldest first. */
  #sent: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Resolves when the next request of that urgency may go out, or its owner is let go; undefined: now. */
  turn(urgency: Urgency, owner: object): Promise<void> | undefined {
    if (this.#waiting[urgency].length === 0 && this.#room(urgency)) {
      this.#sent.push(this.#now());
      return undefined;
    }
    return new Promise((go) => {
      this.#waiting[urgency].push({ owner, go });
      this.#wait();
    });
  }

  /** Lets go of all of this owner's requests that wait: they do not go out. */
  letGo(owner: object): void {
    for (const urgency of urgencies) {
      const waiting = this.#waiting[urgency];
      this.#waiting[urgency] = waiting.filter((request) => request.owner !== owner);
      for (const request of waiting) if (request.owner === owner) request.go();
    }
    this.#wait();
  }

  #room(urgency: Urgency): boolean {
    const since = this.#now() - this.#options.window;
    this.#sent = this.#sent.filter((at) => at > since);
    return this.#sent.length < this.#limit(urgency);
  }

  #limit(urgency: Urgency): number {
    return urgency === "background" ? this.#options.background : this.#options.limit;
  }

  #next(): void {
    for (const urgency of urgencies) {
      while (this.#waiting[urgency].length > 0 && this.#room(urgency)) {
        this.#sent.push(this.#now());
        this.#waiting[urgency].shift()?.go();
      }
    }
    this.#wait();
  }

  /** Looks again when as many requests have left the window as have to. */
  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const due = urgencies
      .filter((urgency) => this.#waiting[urgency].length > 0)
      .map((urgency) => this.#sent[this.#sent.length - this.#limit(urgency)] ?? 0);
    if (due.length === 0) return;
    const delay = Math.min(...due) + this.#options.window - this.#now();
    this.#timer = setTimeout(() => this.#next(), Math.max(1, Math.ceil(delay)));
  }
}
