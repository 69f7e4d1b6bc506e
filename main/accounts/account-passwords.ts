import type { Secrets } from "../secrets/secrets.ts";

/**
 * Passwords by the account's id, that are stored only while that is allowed (policy PasswordSaveEnabled); otherwise
 * they live until Hallway quits.
 */
export interface AccountPasswords extends Secrets {
  /**
   * Deletes what is stored of these accounts where it may not be. `inUse`: it is known on until Hallway quits; else the
   * next sign-in asks the person.
   */
  applyPolicy(accountIds: readonly string[], inUse: boolean): Promise<void>;
}

/**
 * `isKnown`: what policy says of it can be read; while it cannot, nothing is deleted for it, and nothing that is stored
 * is used.
 */
export function createAccountPasswords(
  store: Secrets,
  mayStore: () => boolean,
  isKnown: () => boolean,
): AccountPasswords {
  const inMemory = new Map<string, string>();
  return {
    async get(accountId) {
      return inMemory.get(accountId) ?? (mayStore() ? store.get(accountId) : undefined);
    },
    async set(accountId, password) {
      if (mayStore()) {
        await store.set(accountId, password);
        inMemory.delete(accountId);
      } else {
        inMemory.set(accountId, password);
        await store.delete(accountId);
      }
    },
    async delete(accountId) {
      inMemory.delete(accountId);
      await store.delete(accountId);
    },
    async applyPolicy(accountIds, inUse) {
      if (mayStore() || !isKnown()) return;
      for (const accountId of accountIds) {
        const stored = inUse ? await store.get(accountId) : undefined;
        if (stored !== undefined && !inMemory.has(accountId)) inMemory.set(accountId, stored);
        await store.delete(accountId);
      }
    },
  };
}
