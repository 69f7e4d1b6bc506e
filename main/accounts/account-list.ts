import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig, AccountId } from "../../shared/model/account.ts";
import type { AccountPasswords } from "./account-passwords.ts";
import { createLiveAccount, type LiveAccount, type LiveAccountParts } from "./live-account.ts";
import type { Presences } from "./presences.ts";

export interface AccountListParts extends LiveAccountParts {
  readonly passwords: AccountPasswords;
}

/** Live accounts: how one comes, is replaced and goes. */
export class AccountList {
  readonly #parts: AccountListParts;
  readonly #presences: Pick<Presences, "of" | "chosenFor">;
  readonly #entries = new Map<AccountId, LiveAccount>();
  #isStarted = false;

  constructor(parts: AccountListParts, presences: Pick<Presences, "of" | "chosenFor">) {
    this.#parts = parts;
    this.#presences = presences;
  }

  all(): readonly LiveAccount[] {
    return [...this.#entries.values()];
  }

  ids(): readonly AccountId[] {
    return [...this.#entries.keys()];
  }

  /** Error: `not-found`. */
  get(accountId: AccountId): LiveAccount {
    const found = this.#entries.get(accountId);
    if (!found) throw new HallwayError("not-found");
    return found;
  }

  /** An account that the person may change. Errors: `not-found`, `blocked-by-policy`. */
  own(accountId: AccountId): LiveAccount {
    const found = this.get(accountId);
    if (found.config.provisioned !== undefined)
      throw new HallwayError("blocked-by-policy", { setting: "ProvisionedAccounts" });
    return found;
  }

  /** Signs in to all that are enabled, from here on at once. */
  start(): void {
    this.#isStarted = true;
    for (const { config, session } of this.#entries.values()) if (config.enabled) session.start();
  }

  /** One that is not on the list yet. */
  make(config: AccountConfig, password: () => Promise<string | undefined>, isKept: () => boolean): LiveAccount {
    this.#parts.connections.tried(config);
    return createLiveAccount(this.#parts, {
      config,
      password,
      isKept,
      presence: () => this.#presences.of(config),
      ownPresence: () => this.#presences.chosenFor(config.id),
    });
  }

  /** One that is kept. */
  put(config: AccountConfig): LiveAccount {
    const made = this.make(
      config,
      () => this.#parts.passwords.get(config.id),
      () => true,
    );
    this.#list(made);
    made.publish();
    if (config.enabled && this.#isStarted) made.session.start();
    return made;
  }

  /** One that was made, has signed in, and is kept from now on. */
  add(made: LiveAccount): void {
    this.#list(made);
    made.audit.added();
    made.publish();
  }

  /** An account's connection is made for its server: another server needs another one. */
  async remake(found: LiveAccount, config: AccountConfig): Promise<void> {
    const before = found.config;
    await this.end(found);
    // What was on its way over the old one is known to wait before the new one looks for it.
    await this.#parts.messaging.receiving.idle();
    this.put(config).audit.changed(before);
  }

  /** Signs out and closes the connection. */
  async end(account: LiveAccount): Promise<void> {
    await account.session.stop();
    account.close();
  }

  remove(accountId: AccountId): void {
    this.#entries.delete(accountId);
    this.#parts.connections.removed(accountId);
  }

  #list(made: LiveAccount): void {
    this.#entries.set(made.config.id, made);
    this.#parts.connections.kept(made);
  }
}
