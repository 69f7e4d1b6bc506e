import type { Log } from "../networks/log.ts";

/**
 * The last net under the whole program: a promise that nobody waited for was rejected. That is a defect and is logged
 * as one, but no reason to take a person's conversations away, which Node would do. Returns a disposer.
 */
export function watchUnhandled(log: Log, of: NodeJS.EventEmitter = process): () => void {
  const onRejection = (error: unknown): void => log.warn("A failure that nobody expected", { error });
  of.on("unhandledRejection", onRejection);
  return () => of.off("unhandledRejection", onRejection);
}
