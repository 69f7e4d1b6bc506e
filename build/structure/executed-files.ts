import { Session } from "node:inspector";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

/** Result of `Profiler.takePreciseCoverage`: how often each block of each script ran since it was last asked. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

/**
 * Files whose functions this thread has run since the last call, as V8 counts them. A file that was loaded and not run
 * is not among them: its code outside all functions runs once, as the first of its functions.
 */
export function executedFiles(): readonly string[] {
  const files: string[] = [];
  session.post("Profiler.takePreciseCoverage", (error: Error | null, coverage: object) => {
    if (error) throw error;
    for (const { url, functions } of (coverage as Coverage).result)
      if (url.startsWith("file:") && functions.some(({ ranges }) => ranges.some(({ count }) => count > 0)))
        files.push(fileURLToPath(url));
  });
  return files;
}

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });

/** Channel over which the thread with the databases is asked for its files. */
export const filesChannel = "executed-files";

/** In a thread other than the first: answers each question on the channel with the files of this thread. */
export function answerFiles(): void {
  if (isMainThread) return;
  const channel = new BroadcastChannel(filesChannel);
  channel.onmessage = ({ data }) => {
    if (data === "take") channel.postMessage(executedFiles());
  };
  (channel as unknown as { unref(): void }).unref();
}
