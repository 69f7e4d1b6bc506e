import { Pacer, type PacerOptions, politePace } from "./pacer.ts";
import { Recent } from "./recent.ts";

/** Servers whose pace is remembered. */
const maxServers = 100;

/**
 * One pace for each server: what all accounts and connections to it send together is what its anti-flood rule counts.
 */
export class Paces {
  readonly #options: PacerOptions;
  readonly #pacers = new Recent<Pacer>(maxServers);

  constructor(options: PacerOptions = politePace) {
    this.#options = options;
  }

  /** `address`: the server's, or its name where a proxy connects. */
  of(address: string): Pacer {
    const pacer = this.#pacers.get(address) ?? new Pacer(this.#options);
    this.#pacers.set(address, pacer);
    return pacer;
  }
}
