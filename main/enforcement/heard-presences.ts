import type { Address } from "../../shared/model/address.ts";
import { type Presence, unknownPresence } from "../../shared/model/presence.ts";
import type { NetworkEvent } from "../networks/events.ts";
import type { Governor } from "./governor.ts";

/** Presences remembered for each connection, so that a rule that is lifted shows them again. */
const maxHeard = 50_000;

/** Presences of other people on one connection: heard from the network, and shown where the rules allow it. */
export class HeardPresences {
  readonly #governor: Governor;
  readonly #emit: (event: NetworkEvent) => unknown;
  readonly #heard = new Map<Address, { readonly presence: Presence; shown: boolean }>();

  constructor(governor: Governor, emit: (event: NetworkEvent) => unknown) {
    this.#governor = governor;
    this.#emit = emit;
  }

  hear(address: Address, presence: Presence): void {
    const shown = this.#governor.mayMeet(address);
    if (this.#heard.size < maxHeard || this.#heard.has(address)) this.#heard.set(address, { presence, shown });
    if (shown) this.#emit({ type: "presence", address, presence });
  }

  /** Shows what may be seen now, and takes back what no longer may. */
  applyRules(): void {
    for (const [address, entry] of this.#heard) {
      const shown = this.#governor.mayMeet(address);
      if (shown === entry.shown) continue;
      entry.shown = shown;
      this.#emit({ type: "presence", address, presence: shown ? entry.presence : unknownPresence });
    }
  }

  /**
   * Forgets all before a session is made: what the new one brings comes while it is made. Answers a function to be told
   * whether the old session continues, which brings back what it had.
   */
  connecting(): (continues: boolean) => void {
    const before = new Map(this.#heard);
    this.#heard.clear();
    return (continues) => {
      if (continues)
        for (const [address, entry] of before) if (!this.#heard.has(address)) this.#heard.set(address, entry);
    };
  }
}
