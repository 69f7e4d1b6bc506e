import type { Address } from "../../../../shared/model/address.ts";

/** Seconds for which our `active` holds at the other side; sent anew before that while typing goes on. */
export const typingRefresh = 60;
const resendAfter = 40_000;
/** People of whom something is remembered, at most. */
const maxPeers = 1_000;

/**
 * Is-composing in both directions: when to send (RFC 3994 section 3.2: at most once per refresh interval) and when what
 * was heard runs out (section 3.3).
 */
export class Typing {
  readonly #emit: (peer: Address, active: boolean) => void;
  readonly #now: () => number;
  readonly #heard = new Map<Address, NodeJS.Timeout>();
  readonly #told = new Map<Address, number>();
  /** Those whose program or server would not have it. Until they are heard of again. */
  readonly #silent = new Set<Address>();

  constructor(emit: (peer: Address, active: boolean) => void, now: () => number) {
    this.#emit = emit;
    this.#now = now;
  }

  /** They type, or not any more. `refresh` in seconds. */
  hear(peer: Address, active: boolean, refresh: number): void {
    const timer = this.#heard.get(peer);
    clearTimeout(timer);
    if (active && (timer || this.#heard.size < maxPeers)) {
      this.#heard.set(
        peer,
        setTimeout(() => this.hear(peer, false, 0), refresh * 1000),
      );
      if (!timer) this.#emit(peer, true);
    } else if (timer) {
      this.#heard.delete(peer);
      this.#emit(peer, false);
    }
  }

  /** Anything came from them: they can be told again. */
  heardFrom(peer: Address): void {
    this.#silent.delete(peer);
  }

  /** Whether to tell them now that we type or do not. Counts as told. */
  shouldTell(peer: Address, active: boolean): boolean {
    const since = this.#told.get(peer);
    if (!active) {
      this.#told.delete(peer);
      return since !== undefined && !this.#silent.has(peer);
    }
    const passed = since === undefined ? undefined : this.#now() - since;
    // A clock that was set back says nothing about how long ago it was.
    if (this.#silent.has(peer) || (passed !== undefined && passed >= 0 && passed < resendAfter)) return false;
    if (this.#told.size >= maxPeers) this.#told.clear();
    this.#told.set(peer, this.#now());
    return true;
  }

  /** A message says all that `idle` would. */
  messageSent(peer: Address): void {
    this.#told.delete(peer);
  }

  /** They, or their server, did not take it. */
  notTaken(peer: Address): void {
    this.#told.delete(peer);
    if (this.#silent.size >= maxPeers) this.#silent.clear();
    this.#silent.add(peer);
  }

  /** The connection is gone: nobody types any more. */
  reset(): void {
    for (const peer of [...this.#heard.keys()]) this.hear(peer, false, 0);
    this.#told.clear();
    this.#silent.clear();
  }
}
