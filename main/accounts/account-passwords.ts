import type { Secrets } from "../secrets/secrets.ts";

interface AccountPasswordsParts {
  readonly store: Secrets;
  readonly mayStore: () => boolean;
  /** Policy on it can be read; while it cannot, nothing is deleted for it, and nothing that is stored is used. */
  readonly isKnown: () => boolean;
}

/**
 * Passwords by the account's id, that are stored only while that is allowed (policy PasswordSaveEnabled); otherwise
 * they live until Hallway quits.
 */
export class AccountPasswords implements Secrets {
  readonly #parts: AccountPasswordsParts;
  readonly #inMemory = new Map<string, string>();

  constructor(parts: AccountPasswordsParts) {
    this.#parts = parts;
  }

  async get(accountId: string): Promise<string | undefined> {
    const { store, mayStore } = this.#parts;
    return this.#inMemory.get(accountId) ?? (mayStore() ? store.get(accountId) : undefined);
  }

  async set(accountId: string, password: string): Promise<void> {
    const { store, mayStore } = this.#parts;
    if (mayStore()) {
      await store.set(accountId, password);
      this.#inMemory.delete(accountId);
    } else {
      this.#inMemory.set(accountId, password);
      await store.delete(accountId);
    }
  }

  async delete(accountId: string): Promise<void> {
    this.#inMemory.delete(accountId);
    await this.#parts.store.delete(accountId);
  }

  /**
   * Deletes what is stored of these accounts where it may not be. `inUse`: it is known on until Hallway quits; else the
   * next sign-in asks the person.
   */
  async applyPolicy(accountIds: readonly string[], inUse: boolean): Promise<void> {
    const { store, mayStore, isKnown } = this.#parts;
    if (mayStore() || !isKnown()) return;
    for (const accountId of accountIds) {
      const stored = inUse ? await store.get(accountId) : undefined;
      if (stored !== undefined && !this.#inMemory.has(accountId)) this.#inMemory.set(accountId, stored);
      await store.delete(accountId);
    }
  }
}
