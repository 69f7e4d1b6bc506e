import type { Awaitable } from "../awaitable.ts";

/**
 * Work in lanes, one for each conversation: within a lane everything happens in the order in which it was handed in,
 * however long a piece of it takes; lanes do not wait for each other. A lane with nothing in it does its work at once.
 */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();
  #waiting = 0;

  /** How many pieces of work have begun or wait, and are not done. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves and rejects as the work does; a piece that fails does not stop the next one. */
  run<T>(lane: string, work: () => Awaitable<T>): Awaitable<T> {
    const before = this.#tails.get(lane);
    const done = before ? before.then(work) : work();
    if (!(done instanceof Promise)) return done;
    this.#waiting += 1;
    const left = (): void => {
      this.#waiting -= 1;
      if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
    };
    const tail = done.then(left, left);
    this.#tails.set(lane, tail);
    return done;
  }

  /** Resolves when everything handed in so far is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}
