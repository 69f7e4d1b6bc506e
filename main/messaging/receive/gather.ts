import { setImmediate } from "node:timers/promises";
import { KeyedQueue } from "../../../shared/keyed-queue.ts";
import type { AccountId } from "../../../shared/model/account.ts";
import type { Acknowledgement, Delivery, Received, ReceiveStage } from "../delivery.ts";

/** Live messages that may wait to be stored in one go, so that a flood costs few transactions. */
const maxTogether = 500;
/** Deliveries that may wait for earlier ones, of all accounts. */
const maxWaiting = 10_000;

/**
 * Lets the deliveries of an account pass one after the other. Messages that come meanwhile join the last one that
 * waits; anything else ends it, so that what follows a message is handled after it.
 */
export function gather(): ReceiveStage {
  const gathering = new Gathering();
  return (delivery, next) => gathering.pass(delivery, next);
}

class Gathering {
  readonly #deliveries = new KeyedQueue<AccountId>({ maxLength: maxWaiting });
  readonly #waiting = new Map<
    AccountId,
    { readonly items: Received[]; readonly acknowledgements: Acknowledgement[] }
  >();

  pass(...[delivery, next]: Parameters<ReceiveStage>): ReturnType<ReceiveStage> {
    const { accountId } = delivery;
    const open = this.#waiting.get(accountId);
    if (open && mayJoin(delivery) && open.items.length < maxTogether) {
      open.items.push(...delivery.items);
      open.acknowledgements.push(...delivery.acknowledgements);
      // What becomes of it is said by its acknowledgement.
      return Promise.resolve(undefined);
    }
    const together = { items: [...delivery.items], acknowledgements: [...delivery.acknowledgements] };
    const passed = this.#deliveries.run(accountId, async () => {
      // A burst that has been read from the wire in one go is stored in one.
      await setImmediate();
      if (this.#waiting.get(accountId) === together) this.#waiting.delete(accountId);
      try {
        return await next({ ...delivery, ...together });
      } catch (error) {
        for (const acknowledgement of together.acknowledgements) acknowledgement.failed(error);
        throw error;
      }
    });
    if (mayJoin(delivery)) this.#waiting.set(accountId, together);
    else this.#waiting.delete(accountId);
    return passed;
  }
}

function mayJoin({ run, items }: Delivery): boolean {
  return run === undefined && items.every(({ event }) => event.type === "message");
}
