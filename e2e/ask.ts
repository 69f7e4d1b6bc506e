import type { Page } from "@playwright/test";
import type { Args, Method, Result } from "../shared/ipc/contract.ts";
import type { RendererTransport } from "../shared/ipc/transport.ts";

/** The window itself counts its requests from 1. */
const firstOwn = 1_000_000;
let asked = 0;

/**
 * Asks main as the window does, and answers what it says: for what is kept without being shown. Rejects with the code
 * of an error.
 */
export async function ask<M extends Method>(page: Page, method: M, args: Args<M>): Promise<Result<M>> {
  return (await page.evaluate(
    (call) =>
      new Promise<unknown>((resolve, reject) => {
        const { hallway } = globalThis as unknown as { readonly hallway: RendererTransport };
        const stop = hallway.listen((message) => {
          if (message.kind !== "reply" || message.id !== call.id) return;
          stop();
          if (message.ok) resolve(message.result);
          else reject(new Error(message.error.code));
        });
        hallway.post(call);
      }),
    { id: firstOwn + ++asked, method, args },
  )) as Result<M>;
}
