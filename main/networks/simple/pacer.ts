/**
 * Runs tasks a few at a time, in order. A thousand contacts are a thousand subscriptions: the server gets them as fast
 * as it answers, and no faster.
 */
export class Pacer {
  readonly #limit: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs the task when it is its turn and settles as it does. */
  readonly run = async <T>(task: () => Promise<T>): Promise<T> => {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#running += 1;
    try {
      return await task();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#running -= 1;
    }
  };
}
