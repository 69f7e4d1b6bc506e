import * as v from "valibot";
import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import { type Args, contract, type Method, type RequestDeclaration, type Result } from "../../shared/ipc/contract.ts";
import type { Call, Reply } from "../../shared/ipc/transport.ts";
import type { SettingKey } from "../../shared/settings/declaration.ts";
import type { AppLock } from "../lock/app-lock.ts";
import type { Log } from "../networks/log.ts";

/** One function per request of the contract. */
export type Handlers = { readonly [M in Method]: (args: Args<M>) => Promise<Result<M>> | Result<M> };

export interface DispatchOptions {
  readonly handlers: Handlers;
  /** Effective value of a setting that gates a request. */
  readonly allowed: (setting: SettingKey) => boolean;
  /** While Hallway is locked, only what the lock page needs is answered. */
  readonly lock?: Pick<AppLock, "lockedBy">;
  readonly host: { send(reply: Reply): void };
  readonly log: Log;
}

/** Requests that may be under way at once; a page that asks for more is broken or hostile. */
const maxPending = 500;

/**
 * Answers calls of the renderer: known method -> lock -> valid arguments -> setting gate -> handler. The host has
 * checked the sender. Every call gets exactly one reply; an error leaves as a code only.
 */
export class Dispatcher {
  readonly #options: DispatchOptions;
  #pending = 0;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  dispatch(call: Call): void {
    this.#pending += 1;
    void this.#answer(call).then((message) => {
      this.#pending -= 1;
      this.#options.host.send(message);
    });
  }

  async #answer(call: Call): Promise<Reply> {
    try {
      if (this.#pending > maxPending) throw new HallwayError("rate-limited");
      if (!isMethod(call.method))
        throw new HallwayError("invalid-argument", { method: String(call.method).slice(0, 100) });
      return { kind: "reply", id: call.id, ok: true, result: await this.#run(call.method, call.args) };
    } catch (error) {
      if (!(error instanceof HallwayError))
        this.#options.log.warn("A request failed unexpectedly", { method: String(call.method).slice(0, 100), error });
      return { kind: "reply", id: call.id, ok: false, error: toErrorInfo(error) };
    }
  }

  async #run<M extends Method>(method: M, args: unknown): Promise<Result<M>> {
    const { handlers, allowed, lock } = this.#options;
    const declaration: RequestDeclaration = contract[method];
    const barred = (): boolean => declaration.whileLocked !== true && lock?.lockedBy !== undefined;
    if (barred()) throw new HallwayError("app-locked");
    const parsed = v.safeParse(declaration.args, args);
    if (!parsed.success)
      throw new HallwayError("invalid-argument", { method, field: v.getDotPath(parsed.issues[0]) ?? "" });
    const { requires } = declaration;
    if (requires !== undefined && !allowed(requires))
      throw new HallwayError("blocked-by-policy", { setting: requires });
    const result = await handlers[method](parsed.output as Args<M>);
    // It may have been locked meanwhile.
    if (barred()) throw new HallwayError("app-locked");
    return result;
  }
}

function isMethod(name: unknown): name is Method {
  return typeof name === "string" && Object.hasOwn(contract, name);
}
