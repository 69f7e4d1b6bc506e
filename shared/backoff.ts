/** First wait, longest wait, both in milliseconds. */
const first = 1_000;
const longest = 300_000;

/**
 * How long to wait before try number `tries` (0 = the first after a loss): 1 s doubled up to 5 min, each drawn from the
 * upper half of its range, so that a thousand clients do not come back in the same second after a server restart.
 */
export function backoff(tries: number, random: () => number = Math.random): number {
  const ceiling = Math.min(longest, first * 2 ** Math.min(tries, 20));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
