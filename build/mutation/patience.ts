import { vi } from "vitest";

/**
 * How long a test waits for a condition under mutation, in milliseconds. What does not come within the time of a whole usual test
 * does not come at all, and every mutant that is noticed by waiting costs this much.
 */
export const mutationPatience = 8_000;

const { waitFor } = vi;
vi.waitFor = (callback, options = {}) => {
  const given = typeof options === "number" ? { timeout: options } : options;
  return waitFor(callback, { ...given, timeout: mutationPatience });
};
