/** Tells now and then that something may have changed; at least every 15 minutes, the default. Returns a disposer. */
export function pollEvery(milliseconds: number | undefined, changed: () => void): () => void {
  const longest = 15 * 60_000;
  const timer = setInterval(changed, Math.min(milliseconds ?? longest, longest));
  timer.unref();
  return () => clearInterval(timer);
}
