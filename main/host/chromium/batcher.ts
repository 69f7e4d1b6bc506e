import type { Delivery } from "./bridge.ts";

/** Batches on their way to the page that it has not taken yet; beyond it the rest waits and is joined into one. */
const maxInFlight = 2;
/** Deliveries that may wait; beyond it the page is stuck or gone and updates are let go (it sees the gap in `seq`). */
const maxWaiting = 20_000;

/**
 * Gathers what goes to the page within one turn of the event loop into one batch, and keeps at most two batches on the
 * way. `transmit` resolves when the page has taken a batch; a rejection drops that batch (the page was reloaded).
 */
export interface Batcher {
  push(delivery: Delivery): void;
  /** Forgets what waits: a new page begins. */
  clear(): void;
}

export function createBatcher(transmit: (batch: string) => Promise<unknown>): Batcher {
  let waiting: Delivery[] = [];
  let inFlight = 0;
  /** Which page it is for: a page that fell over may never say that it took a batch. */
  let page = 0;
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    if (waiting.length === 0 || inFlight >= maxInFlight) return;
    const batch = JSON.stringify(waiting);
    waiting = [];
    inFlight++;
    const taker = page;
    transmit(batch)
      .catch(() => undefined)
      .finally(() => {
        if (taker !== page) return;
        inFlight--;
        flush();
      });
  }

  return {
    push(delivery) {
      if (waiting.length >= maxWaiting) waiting = waiting.filter((d) => !isUpdate(d));
      waiting.push(delivery);
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
    clear() {
      waiting = [];
      inFlight = 0;
      page++;
    },
  };
}

function isUpdate(delivery: Delivery): boolean {
  return delivery.kind === "message" && (delivery.message as { readonly kind?: unknown } | null)?.kind === "update";
}
