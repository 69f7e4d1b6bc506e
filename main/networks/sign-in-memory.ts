import type { AccountId } from "../../shared/model/account.ts";
import type { NetworkEnvironment } from "./environment.ts";

/** Where it is remembered of an account how it has signed in: a key of `NetworkEnvironment.cache`. */
export function signInMemoryKey(accountId: AccountId): string {
  return `sign-in|${accountId}`;
}

/**
 * The SASL mechanism or way of digest below which an account does not sign in without its owner's consent. Kept over
 * restarts, and read once. What was set counts at once, whether or not it could be stored.
 */
export class SignInMemory {
  readonly #accountId: AccountId;
  readonly #environment: Pick<NetworkEnvironment, "cache" | "log">;
  #known: { readonly mechanism: string | undefined } | undefined;

  constructor(accountId: AccountId, environment: Pick<NetworkEnvironment, "cache" | "log">) {
    this.#accountId = accountId;
    this.#environment = environment;
  }

  /** Undefined: it has never signed in with anything that could be weakened. */
  async get(): Promise<string | undefined> {
    this.#known ??= { mechanism: await this.#environment.cache.get(signInMemoryKey(this.#accountId)) };
    return this.#known.mechanism;
  }

  async set(mechanism: string): Promise<void> {
    if (this.#known?.mechanism === mechanism) return;
    this.#known = { mechanism };
    const { cache, log } = this.#environment;
    await cache
      .set(signInMemoryKey(this.#accountId), mechanism)
      .catch((error: unknown) =>
        log.warn("How an account signed in could not be stored", { account: this.#accountId, error }),
      );
  }
}
