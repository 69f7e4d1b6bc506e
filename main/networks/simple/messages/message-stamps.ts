/**
 * A stamp that is further back than this says more than the way of the wire, in ms; later ones, also of the future, say
 * nothing.
 */
const delayThreshold = 30_000;
/** For so long after signing in, what was said before signing in counts as kept by the server, in ms. */
const storeDelivery = 20_000;

/** Stamps of messages, which anybody can write. */
export class MessageStamps {
  readonly #now: () => number;
  #signedInAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new connection is there; what the server kept will come over it first. */
  signedIn(): void {
    this.#signedInAt = this.#now();
  }

  /**
   * The stamp inside an envelope is its sender's; of what a store hands over, the Date beside it is the store's, which
   * got it later.
   */
  ofEnvelope(inside: number | undefined, outside: number | undefined): number | undefined {
    if (inside === undefined || outside === undefined || !this.#isHandingOver()) return inside ?? outside;
    return inside > this.#now() ? outside : Math.max(inside, outside);
  }

  /** As IncomingMessage has it. */
  of(said: number | undefined): { readonly at: number | undefined; readonly delayed: boolean } {
    const kept = said !== undefined && this.#isHandingOver() && said + 1_000 < this.#signedInAt;
    const stamped = said !== undefined && (kept || this.#now() - said > delayThreshold);
    return { at: stamped ? said : undefined, delayed: kept };
  }

  /**
   * Only right after signing in does a server hand over what it kept; at any other time a stamp is its sender's word.
   */
  #isHandingOver(): boolean {
    return this.#now() - this.#signedInAt < storeDelivery;
  }
}
