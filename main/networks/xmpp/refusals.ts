import type { NetworkEvent } from "../events.ts";

/** Refusals told in one minute. */
const maxRefusals = 50;

/** Notes of what was refused. A flood of oddities is told as the first of them, minute by minute. */
export class Refusals {
  readonly #now: () => number;
  readonly #emit: (event: NetworkEvent) => unknown;
  #minute = 0;
  #count = 0;

  constructor(now: () => number, emit: (event: NetworkEvent) => unknown) {
    this.#now = now;
    this.#emit = emit;
  }

  /** Notes one, in one constant sentence. */
  readonly note = (what: string): void => {
    const minute = Math.floor(this.#now() / 60_000);
    this.#count = this.#minute === minute ? this.#count + 1 : 1;
    this.#minute = minute;
    if (this.#count <= maxRefusals) this.#emit({ type: "refused", what });
  };
}
