/** Longest stretch of work before other work gets its turn, in milliseconds. */
const slice = 8;

/** Runs work to its end; where it yields, other work gets a turn once a slice is over. */
export async function inSlices<T>(work: Iterator<void, T>): Promise<T> {
  let begun = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - begun < slice) continue;
    await new Promise((resolve) => setTimeout(resolve));
    begun = performance.now();
  }
}
