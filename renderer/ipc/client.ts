import { type ErrorInfo, errorCodes, HallwayError } from "../../shared/errors.ts";
import type { Args, Method, Result } from "../../shared/ipc/contract.ts";
import type { CommandMessage, RendererTransport } from "../../shared/ipc/transport.ts";
import type { Update } from "../../shared/ipc/updates.ts";

export type Command = CommandMessage["command"];

/** The renderer's end of the contract in shared/ipc. */
export interface Client {
  /**
   * Makes a request. Rejects with a HallwayError carrying main's code, `timed-out` when main does not answer, or
   * `internal` when the answer makes no sense.
   */
  request<M extends Method>(method: M, args: Args<M>): Promise<Result<M>>;
  /** Returns a disposer. */
  onUpdate(listener: (update: Update) => void): () => void;
  /** Returns a disposer. */
  onCommand(listener: (command: Command) => void): () => void;
  /** Lets go of the transport; what is still unanswered is rejected with `cancelled`. */
  dispose(): void;
}

/** Longest wait for an answer, in milliseconds. Signing in has its own limits in main, and a Cancel. */
const patience = 60_000;
const patient: ReadonlySet<Method> = new Set<Method>([
  "accounts.add",
  "vault.create",
  "vault.unlock",
  "vault.change",
  "lock.unlock",
  "history.export",
]);
const codes: ReadonlySet<unknown> = new Set(errorCodes);

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: HallwayError) => void;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

export function createClient(transport: RendererTransport): Client {
  return new TransportClient(transport);
}

class TransportClient implements Client {
  readonly #transport: RendererTransport;
  readonly #unlisten: () => void;
  readonly #pending = new Map<number, Pending>();
  readonly #updateListeners = new Set<(update: Update) => void>();
  readonly #commandListeners = new Set<(command: Command) => void>();
  #lastId = 0;

  constructor(transport: RendererTransport) {
    this.#transport = transport;
    this.#unlisten = transport.listen((message: unknown) => this.#take(message));
  }

  request<M extends Method>(method: M, args: Args<M>): Promise<Result<M>> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = patient.has(method)
        ? undefined
        : setTimeout(() => this.#settle(id)?.reject(new HallwayError("timed-out")), patience);
      // Main has checked the result against the contract's schema; here only its shape is looked at.
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject, timer });
      this.#transport.post({ id, method, args });
    });
  }

  onUpdate(listener: (update: Update) => void): () => void {
    return subscribe(this.#updateListeners, listener);
  }

  onCommand(listener: (command: Command) => void): () => void {
    return subscribe(this.#commandListeners, listener);
  }

  dispose(): void {
    this.#unlisten();
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(new HallwayError("cancelled"));
    this.#updateListeners.clear();
    this.#commandListeners.clear();
  }

  #take(message: unknown): void {
    if (!isObject(message)) return;
    if (message["kind"] === "reply" && typeof message["id"] === "number") {
      const call = this.#settle(message["id"]);
      if (message["ok"] === true && isObject(message["result"])) call?.resolve(message["result"]);
      else call?.reject(errorFrom(message["error"]));
    } else if (message["kind"] === "update" && isUpdate(message["update"])) {
      for (const listener of this.#updateListeners) listener(message["update"]);
    } else if (
      message["kind"] === "command" &&
      isObject(message["command"]) &&
      typeof message["command"]["name"] === "string"
    ) {
      for (const listener of this.#commandListeners) listener(message["command"] as unknown as Command);
    }
  }

  #settle(id: number): Pending | undefined {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(call?.timer);
    return call;
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isUpdate(value: unknown): value is Update {
  return isObject(value) && typeof value["seq"] === "number" && Array.isArray(value["ops"]);
}

function errorFrom(value: unknown): HallwayError {
  if (!isObject(value) || !codes.has(value["code"])) return new HallwayError("internal");
  const { code, params } = value as unknown as ErrorInfo;
  return new HallwayError(code, isObject(params) ? params : undefined);
}
