import { vi } from "vitest";

/**
 * How long a test waits for a condition before it calls it failed, in milliseconds. It costs nothing where the program
 * is right; the one second of vitest is less than a loaded machine takes to start a thread and open a database in it.
 */
export const patience = 30_000;

/** A test may say that it needs more, never less: `expect.poll` has a setting for this, `vi.waitFor` has none. */
const { waitFor } = vi;
vi.waitFor = (callback, options = {}) => {
  const { timeout = 0, ...others } = typeof options === "number" ? { timeout: options } : options;
  return waitFor(callback, { ...others, timeout: Math.max(timeout, patience) });
};
