/** Waiting with a limit: resolves or rejects with the work, or resolves after `ms` milliseconds. The work goes on. */
export function atMost(work: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
