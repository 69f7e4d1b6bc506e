import { Worker } from "node:worker_threads";
import { type ErrorInfo, HallwayError } from "../../shared/errors.ts";
import type { WorkerMessage, WorkerMethod, WorkerMethods } from "./worker-protocol.ts";

/** The worker thread with both databases, seen from the main thread. Every call rejects with a HallwayError only. */
export interface DatabaseWorker {
  call<M extends WorkerMethod>(method: M, ...args: WorkerMethods[M]["args"]): Promise<WorkerMethods[M]["result"]>;
  /** Trouble that the worker met. Returns a disposer. */
  onTrouble(from: "profile" | "history", listener: (error: ErrorInfo) => void): () => void;
  /** Trouble of the history is over. Returns a disposer. */
  onWell(listener: () => void): () => void;
  /**
   * Closes what is open and ends the thread, after what was asked so far. It is asked to end and not made to: a thread that
   * is ended inside the native module takes the whole process with it.
   */
  stop(): Promise<void>;
}

/**
 * Starts the thread. `url`: main/history/worker.ts, or what it was bundled to. If the thread dies, all calls reject with
 * `storage-failed` and both listeners are told.
 */
export function startDatabaseWorker(url: URL): DatabaseWorker {
  const worker = new Worker(url, { name: "hallway-history", execArgv: [] });
  // It must not keep a program alive that has nothing else to do.
  worker.unref();
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: HallwayError) => void }>();
  const listeners = { profile: new Set<(error: ErrorInfo) => void>(), history: new Set<(error: ErrorInfo) => void>() };
  const wellListeners = new Set<() => void>();
  let nextId = 1;
  let dead: HallwayError | undefined;
  let stopping = false;

  function die(cause: unknown): void {
    if (dead) return;
    dead = new HallwayError("storage-failed", { reason: "worker-ended" }, cause);
    for (const { reject } of pending.values()) reject(dead);
    pending.clear();
    if (stopping) return;
    for (const listener of [...listeners.profile, ...listeners.history]) listener(dead.info);
  }

  function settle(message: WorkerMessage): void {
    if (message.kind === "trouble") {
      for (const listener of listeners[message.from]) listener(message.error);
      return;
    }
    if (message.kind === "well") {
      for (const listener of wellListeners) listener();
      return;
    }
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (pending.size === 0 && !stopping) worker.unref();
    if (message.kind === "result") call?.resolve(message.value);
    else call?.reject(new HallwayError(message.error.code, message.error.params));
  }

  worker.on("message", settle);
  worker.on("error", die);
  worker.on("messageerror", die);
  worker.on("exit", die);

  return {
    call<M extends WorkerMethod>(method: M, ...args: WorkerMethods[M]["args"]): Promise<WorkerMethods[M]["result"]> {
      if (dead) return Promise.reject(dead);
      return new Promise((resolve, reject) => {
        const id = nextId++;
        pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
        // A call in flight is worth staying for.
        worker.ref();
        worker.postMessage({ id, method, args });
      });
    },
    onTrouble(from, listener) {
      listeners[from].add(listener);
      return () => listeners[from].delete(listener);
    },
    onWell(listener) {
      wellListeners.add(listener);
      return () => wellListeners.delete(listener);
    },
    async stop() {
      stopping = true;
      if (dead) return;
      const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
      this.call("stop").catch(() => undefined);
      worker.ref();
      await ended;
    },
  };
}
