import type { Host } from "../host/host.ts";

export interface IdleLock {
  /** Somebody used our own window: what counts where the desktop cannot say. */
  input(): void;
  dispose(): void;
}

/**
 * Locks after `minutes` without input (0: never), and at once when the desktop is locked. Time is the wall clock's, so
 * that the sleep of the machine counts.
 */
export function watchForLock(parts: {
  readonly host: Pick<Host, "idleSeconds" | "onLockScreen">;
  readonly minutes: () => number;
  readonly now: () => number;
  readonly lock: () => void;
  /** How often to look, in milliseconds. */
  readonly every?: number;
}): IdleLock {
  const { host, minutes, now, lock, every = 5_000 } = parts;
  let lastInput = now();

  async function look(): Promise<void> {
    const limit = minutes() * 60;
    if (limit === 0) return;
    const idle = (await host.idleSeconds().catch(() => undefined)) ?? (now() - lastInput) / 1000;
    if (idle >= limit) lock();
  }

  const timer = setInterval(() => void look(), every);
  timer.unref();
  const unlisten = host.onLockScreen((locked) => {
    if (locked && minutes() > 0) lock();
  });
  return {
    input() {
      lastInput = now();
    },
    dispose() {
      clearInterval(timer);
      unlisten();
    },
  };
}
