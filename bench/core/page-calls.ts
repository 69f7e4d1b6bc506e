import type { Args, Method, Result } from "../../shared/ipc/contract.ts";
import type { BenchWindow } from "./window.ts";

let last = 1_000_000;

/** A request of the contract made from within the page, as the page's own code would. Answers its result. */
export function requestInPage<M extends Method>(window: BenchWindow, method: M, args: Args<M>): Promise<Result<M>> {
  const call = JSON.stringify({ id: ++last, method, args });
  return window.evaluate(`new Promise((resolve, reject) => {
    const call = ${call};
    const stop = hallway.listen((message) => {
      if (message.kind !== "reply" || message.id !== call.id) return;
      stop();
      if (message.ok) resolve(message.result); else reject(new Error(JSON.stringify(message.error)));
    });
    hallway.post(call);
  })`);
}
