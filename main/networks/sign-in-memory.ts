import type { AccountId } from "../../shared/model/account.ts";
import type { NetworkEnvironment } from "./environment.ts";

/** Where it is remembered of an account how it has signed in: a key of `NetworkEnvironment.cache`. */
export function signInMemoryKey(accountId: AccountId): string {
  return `sign-in|${accountId}`;
}

/**
 * The SASL mechanism or way of digest below which an account does not sign in without its owner's consent. Kept over
 * restarts.
 */
export interface SignInMemory {
  /** Undefined: it has never signed in with anything that could be weakened. */
  get(): Promise<string | undefined>;
  set(mechanism: string): Promise<void>;
}

/** Reads it once. What was set counts at once, whether or not it could be stored. */
export function createSignInMemory(
  accountId: AccountId,
  { cache, log }: Pick<NetworkEnvironment, "cache" | "log">,
): SignInMemory {
  const key = signInMemoryKey(accountId);
  let known: { readonly mechanism: string | undefined } | undefined;
  return {
    async get() {
      known ??= { mechanism: await cache.get(key) };
      return known.mechanism;
    },
    async set(mechanism) {
      if (known?.mechanism === mechanism) return;
      known = { mechanism };
      await cache
        .set(key, mechanism)
        .catch((error: unknown) =>
          log.warn("How an account signed in could not be stored", { account: accountId, error }),
        );
    },
  };
}
