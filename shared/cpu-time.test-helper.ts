/** shared knows no Node, and its tests run in it. */
declare const process: { threadCpuUsage(): { readonly user: number; readonly system: number } };

/** What this thread has worked so far, in milliseconds: unlike a clock, it does not go on while a busy machine works for others. */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
