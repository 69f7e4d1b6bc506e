import { vi } from "vitest";

/**
 * How long a test waits for a condition before it calls it failed, in milliseconds. It costs nothing where the program
 * is right; the one second of vitest is less than a loaded machine takes to start a thread and open a database in it.
 */
export const patience = 30_000;

/** Time between two looks at a condition, in milliseconds: the suite waits hundreds of times, half of this each. */
export const lookAgain = 10;

/** A test may say that it needs more time, never less: `expect.poll` has a setting for this, `vi.waitFor` has none. */
const { waitFor } = vi;
vi.waitFor = (callback, options = {}) => {
  const { timeout = 0, ...others } = typeof options === "number" ? { timeout: options } : options;
  // A look at a fake clock sets it forward by the interval, which those tests count on.
  const interval = vi.isFakeTimers() ? {} : { interval: lookAgain };
  return waitFor(callback, { ...interval, ...others, timeout: Math.max(timeout, patience) });
};
