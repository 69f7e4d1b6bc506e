import type { Host } from "../host/host.ts";

interface IdleLockParts {
  readonly host: Pick<Host, "idleSeconds" | "onLockScreen">;
  readonly minutes: () => number;
  readonly now: () => number;
  readonly lock: () => void;
  /** How often to look, in milliseconds. */
  readonly every?: number;
}

/**
 * Locks after `minutes` without input (0: never), and at once when the desktop is locked. Time is the wall clock's, so
 * that the sleep of the machine counts.
 */
export class IdleLock {
  readonly #parts: IdleLockParts;
  readonly #timer: NodeJS.Timeout;
  readonly #unlisten: () => void;
  #lastInput: number;

  constructor(parts: IdleLockParts) {
    const { host, minutes, now, lock, every = 5_000 } = parts;
    this.#parts = parts;
    this.#lastInput = now();
    this.#timer = setInterval(() => void this.#look(), every).unref();
    this.#unlisten = host.onLockScreen((locked) => {
      if (locked && minutes() > 0) lock();
    });
  }

  /** Somebody used our own window: what counts where the desktop cannot say. */
  input(): void {
    this.#lastInput = this.#parts.now();
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#unlisten();
  }

  async #look(): Promise<void> {
    const { host, minutes, now, lock } = this.#parts;
    const limit = minutes() * 60;
    if (limit === 0) return;
    const idle = (await host.idleSeconds().catch(() => undefined)) ?? (now() - this.#lastInput) / 1000;
    if (idle >= limit) lock();
  }
}
