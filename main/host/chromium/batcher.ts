import type { Delivery } from "./bridge.ts";

/** Batches on their way to the page that it has not taken yet; beyond it the rest waits and is joined into one. */
const maxInFlight = 2;
/** Deliveries that may wait; beyond it the page is stuck or gone and updates are let go (it sees the gap in `seq`). */
const maxWaiting = 20_000;

/** Takes a batch to the page; resolves when the page has taken it. A rejection drops the batch: the page was reloaded. */
type Transmit = (batch: string) => Promise<unknown>;

/**
 * Gathers what goes to the page within one turn of the event loop into one batch, and keeps at most two batches on the
 * way.
 */
export class Batcher {
  readonly #transmit: Transmit;
  #waiting: Delivery[] = [];
  #inFlight = 0;
  /** Which page it is for: a page that fell over may never say that it took a batch. */
  #page = 0;
  #isScheduled = false;

  constructor(transmit: Transmit) {
    this.#transmit = transmit;
  }

  push(delivery: Delivery): void {
    if (this.#waiting.length >= maxWaiting) this.#waiting = this.#waiting.filter((one) => !isUpdate(one));
    this.#waiting.push(delivery);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#flush());
  }

  /** Forgets what waits: a new page begins. */
  clear(): void {
    this.#waiting = [];
    this.#inFlight = 0;
    this.#page++;
  }

  #flush(): void {
    this.#isScheduled = false;
    if (this.#waiting.length === 0 || this.#inFlight >= maxInFlight) return;
    const batch = JSON.stringify(this.#waiting);
    this.#waiting = [];
    this.#inFlight++;
    const taker = this.#page;
    this.#transmit(batch)
      .catch(() => undefined)
      .finally(() => {
        if (taker !== this.#page) return;
        this.#inFlight--;
        this.#flush();
      });
  }
}

function isUpdate(delivery: Delivery): boolean {
  return delivery.kind === "message" && (delivery.message as { readonly kind?: unknown } | null)?.kind === "update";
}
