/** A task that kept the page's thread busy. */
export interface PageTask {
  /** When it began, milliseconds since the epoch. */
  readonly at: number;
  readonly milliseconds: number;
}

/**
 * Runs in the page: notes every long task (Long Tasks API: over 50 ms) from now on. Uses nothing from outside itself.
 */
export function watchTasks(): void {
  const scope = globalThis as typeof globalThis & { soakTasks?: { at: number; milliseconds: number }[] };
  const tasks: { at: number; milliseconds: number }[] = [];
  scope.soakTasks = tasks;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      tasks.push({ at: performance.timeOrigin + startTime, milliseconds: duration });
  }).observe({ type: "longtask" });
}

/** A task with the time that it was worked on: all but what the thread waited for a processor. */
export interface MeasuredTask extends PageTask {
  readonly worked: number;
}

/** Runs in the page: answers what was noted since it was asked last. */
export function takeTasks(): readonly PageTask[] {
  const scope = globalThis as typeof globalThis & { soakTasks?: { at: number; milliseconds: number }[] };
  return scope.soakTasks?.splice(0) ?? [];
}
