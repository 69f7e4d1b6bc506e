import { Worker } from "node:worker_threads";
import { type ErrorInfo, HallwayError } from "../../shared/errors.ts";
import type { HistoryOpenOptions, WorkerMessage, WorkerMethod, WorkerMethods } from "./worker-protocol.ts";

/** The worker thread with the databases, seen from the main thread. Every call rejects with a HallwayError only. */
export interface DatabaseWorker {
  call<M extends WorkerMethod>(method: M, ...args: WorkerMethods[M]["args"]): Promise<WorkerMethods[M]["result"]>;
  /** Trouble that the worker met. Returns a disposer. */
  onTrouble(from: "profile" | "history" | "audit" | "archive", listener: (error: ErrorInfo) => void): () => void;
  /** Trouble of the history is over. Returns a disposer. */
  onWell(listener: () => void): () => void;
  /**
   * Closes what is open and ends the thread, after what was asked so far. It is asked to end and not made to: a thread
   * that is ended inside the native module takes the whole process with it.
   */
  stop(): Promise<void>;
}

/** Room for what is new in the thread's heap, in MB: what it works on is small, and more would only lie there. */
const maxYoungGenerationSizeMb = 16;
/** A thread that dies more often than this within a minute is not started again. */
const maxRestarts = 3;

/** What changes an open history: the option that stands for it when it is opened again. */
const reopening: Partial<Record<WorkerMethod, keyof HistoryOpenOptions>> = {
  "history.setMode": "mode",
  "history.setScope": "scope",
  "history.keep": "keeping",
};

interface Pending {
  readonly method: WorkerMethod;
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: HallwayError) => void;
  /** It was asked before the thread died: should the thread die again, it may be the reason. */
  again: boolean;
}

/**
 * Starts the thread. `url`: main/history/worker.ts, or what it was bundled to. If the thread dies after it has worked,
 * another takes its place: what was open is opened, and what was not answered is asked again, once (every call may be
 * repeated). If that is of no use, all calls reject with `storage-failed` and all listeners are told.
 */
export function startDatabaseWorker(url: URL): DatabaseWorker {
  const pending = new Map<number, Pending>();
  /** What is open, as it was asked for. */
  const open = new Map<WorkerMethod, readonly unknown[]>();
  const listeners = {
    profile: new Set<(error: ErrorInfo) => void>(),
    history: new Set<(error: ErrorInfo) => void>(),
    audit: new Set<(error: ErrorInfo) => void>(),
    archive: new Set<(error: ErrorInfo) => void>(),
  };
  const wellListeners = new Set<() => void>();
  let nextId = 1;
  let dead: HallwayError | undefined;
  let stopping = false;
  /** The thread has answered. */
  let worked = false;
  let restarts: number[] = [];
  let worker = spawn();

  function spawn(): Worker {
    const made = new Worker(url, {
      name: "hallway-history",
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    // It must not keep a program alive that has nothing else to do.
    made.unref();
    made.on("message", settle);
    for (const event of ["error", "exit"]) made.on(event, (cause: unknown) => made === worker && ended(cause));
    made.on("messageerror", die);
    return made;
  }

  function ended(cause: unknown): void {
    if (dead) return;
    const now = performance.now();
    restarts = restarts.filter((at) => now - at < 60_000);
    if (stopping || !worked || restarts.length >= maxRestarts) {
      die(cause);
      return;
    }
    restarts.push(now);
    worked = false;
    worker = spawn();
    for (const [method, args] of open) post(nextId++, method, args);
    for (const [id, call] of pending) {
      if (call.again) {
        pending.delete(id);
        call.reject(new HallwayError("storage-failed", { reason: "worker-ended" }, cause));
        continue;
      }
      call.again = true;
      post(id, call.method, call.args);
    }
    if (pending.size > 0) worker.ref();
  }

  function post(id: number, method: WorkerMethod, args: readonly unknown[]): void {
    worker.postMessage({ id, method, args });
  }

  function die(cause: unknown): void {
    if (dead) return;
    dead = new HallwayError("storage-failed", { reason: "worker-ended" }, cause);
    for (const { reject } of pending.values()) reject(dead);
    pending.clear();
    if (stopping) return;
    for (const listener of [...listeners.profile, ...listeners.history, ...listeners.audit]) listener(dead.info);
  }

  /** Notes what is open, so that it can be opened again. */
  function note({ method, args }: Pending): void {
    if (method === "profile.open" || method === "history.open" || method === "audit.open" || method === "archive.open")
      open.set(method, args);
    else if (method === "profile.close") open.delete("profile.open");
    else if (method === "history.close") open.delete("history.open");
    else if (method === "audit.close") open.delete("audit.open");
    else if (method === "archive.close") open.delete("archive.open");
    else {
      const option = reopening[method];
      const [options] = open.get("history.open") ?? [];
      if (option !== undefined && options !== undefined) open.set("history.open", [{ ...options, [option]: args[0] }]);
    }
  }

  function settle(message: WorkerMessage): void {
    worked = true;
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
    if (!call) return;
    if (message.kind === "error") {
      call.reject(new HallwayError(message.error.code, message.error.params));
      return;
    }
    note(call);
    call.resolve(message.value);
  }

  return {
    call<M extends WorkerMethod>(method: M, ...args: WorkerMethods[M]["args"]): Promise<WorkerMethods[M]["result"]> {
      if (dead) return Promise.reject(dead);
      return new Promise((resolve, reject) => {
        const id = nextId++;
        pending.set(id, { method, args, resolve: resolve as (value: unknown) => void, reject, again: false });
        // A call in flight is worth staying for.
        worker.ref();
        post(id, method, args);
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
