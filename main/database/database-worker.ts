import { Worker } from "node:worker_threads";
import { type ErrorInfo, HallwayError } from "../../shared/errors.ts";
import type { MethodsOf, ThreadMethods, WorkerCall, WorkerMessage } from "./protocol.ts";

/** The thread with the databases, seen from the main thread. Every call rejects with a HallwayError only. */
export interface DatabaseWorker<Methods extends MethodsOf<keyof Methods & string>> {
  call<M extends keyof Methods & string>(method: M, ...args: Methods[M]["args"]): Promise<Methods[M]["result"]>;
  /** Trouble that a service met: the word before the dot of its methods. Returns a disposer. */
  onTrouble(from: string, listener: (error: ErrorInfo) => void): () => void;
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

/** Methods that change what a service has open: the option that stands for it when it is opened again. */
export type Reopening = Readonly<Record<string, string>>;

interface Pending {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: HallwayError) => void;
  /** It was asked before the thread died: should the thread die again, it may be the reason. */
  again: boolean;
}

/**
 * Starts the thread. A service is opened by its method `open` and closed by `close`. If the thread dies after it has
 * worked, another takes its place: what was open is opened, and what was not answered is asked again, once (every call
 * may be repeated). If that is of no use, all calls reject with `storage-failed` and all listeners are told.
 */
export class DatabaseThread<Methods extends ThreadMethods & MethodsOf<keyof Methods & string>>
  implements DatabaseWorker<Methods>
{
  readonly #url: URL;
  readonly #reopening: Reopening;
  readonly #pending = new Map<number, Pending>();
  /** Databases that are open, by service, with the arguments they were opened with. */
  readonly #open = new Map<string, readonly unknown[]>();
  readonly #troubleListeners = new Map<string, Set<(error: ErrorInfo) => void>>();
  readonly #wellListeners = new Set<() => void>();
  #nextId = 1;
  #dead: HallwayError | undefined;
  #stopping = false;
  /** The thread has answered. */
  #worked = false;
  #restarts: number[] = [];
  #worker: Worker;

  constructor(url: URL, reopening: Reopening) {
    this.#url = url;
    this.#reopening = reopening;
    this.#worker = this.#spawn();
  }

  call<M extends keyof Methods & string>(method: M, ...args: Methods[M]["args"]): Promise<Methods[M]["result"]> {
    if (this.#dead) return Promise.reject(this.#dead);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { method, args, resolve, reject, again: false });
      // A call in flight is worth staying for.
      this.#worker.ref();
      this.#post({ id, method, args });
    });
  }

  onTrouble(from: string, listener: (error: ErrorInfo) => void): () => void {
    const listeners = this.#troubleListeners.get(from) ?? new Set();
    this.#troubleListeners.set(from, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  onWell(listener: () => void): () => void {
    this.#wellListeners.add(listener);
    return () => this.#wellListeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#dead) return;
    const ended = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.call("stop").catch(() => undefined);
    this.#worker.ref();
    await ended;
  }

  #spawn(): Worker {
    const made = new Worker(this.#url, {
      name: "hallway-databases",
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    // It must not keep a program alive that has nothing else to do.
    made.unref();
    made.on("message", (message: WorkerMessage) => this.#settle(message));
    for (const event of ["error", "exit"])
      made.on(event, (cause: unknown) => made === this.#worker && this.#ended(cause));
    made.on("messageerror", (cause) => this.#die(cause));
    return made;
  }

  #ended(cause: unknown): void {
    if (this.#dead) return;
    const now = performance.now();
    this.#restarts = this.#restarts.filter((at) => now - at < 60_000);
    if (this.#stopping || !this.#worked || this.#restarts.length >= maxRestarts) {
      this.#die(cause);
      return;
    }
    this.#restarts.push(now);
    this.#worked = false;
    this.#worker = this.#spawn();
    for (const [service, args] of this.#open) this.#post({ id: this.#nextId++, method: `${service}.open`, args });
    for (const [id, call] of this.#pending) {
      if (call.again) {
        this.#pending.delete(id);
        call.reject(new HallwayError("storage-failed", { reason: "worker-ended" }, cause));
        continue;
      }
      call.again = true;
      this.#post({ id, method: call.method, args: call.args });
    }
    if (this.#pending.size > 0) this.#worker.ref();
  }

  #post(call: WorkerCall): void {
    this.#worker.postMessage(call);
  }

  #die(cause: unknown): void {
    if (this.#dead) return;
    const dead = new HallwayError("storage-failed", { reason: "worker-ended" }, cause);
    this.#dead = dead;
    for (const { reject } of this.#pending.values()) reject(dead);
    this.#pending.clear();
    if (this.#stopping) return;
    for (const listeners of this.#troubleListeners.values()) for (const listener of listeners) listener(dead.info);
  }

  /** Notes what is open, so that it can be opened again. */
  #note({ method, args }: Pending): void {
    const [service = "", action] = method.split(".");
    const option = this.#reopening[method];
    const [options] = this.#open.get(service) ?? [];
    if (action === "open") this.#open.set(service, args);
    else if (action === "close") this.#open.delete(service);
    else if (option !== undefined && typeof options === "object")
      this.#open.set(service, [{ ...options, [option]: args[0] }]);
  }

  #settle(message: WorkerMessage): void {
    this.#worked = true;
    if (message.kind === "trouble") {
      for (const listener of this.#troubleListeners.get(message.from) ?? []) listener(message.error);
      return;
    }
    if (message.kind === "well") {
      for (const listener of this.#wellListeners) listener();
      return;
    }
    const call = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0 && !this.#stopping) this.#worker.unref();
    if (!call) return;
    if (message.kind === "error") {
      call.reject(new HallwayError(message.error.code, message.error.params));
      return;
    }
    this.#note(call);
    call.resolve(message.value);
  }
}
