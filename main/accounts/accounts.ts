import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig, AccountId, ServerSettings } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { PasswordCheck } from "../lock/proof.ts";
import type { Provisioning } from "../settings/provisioning.ts";
import { AccountList, type AccountListParts } from "./account-list.ts";
import { type CandidateAccounts, createCandidateAccounts, type NewAccount } from "./candidate-accounts.ts";
import { createKeptAccounts, type KeptAccounts, type KeptAccountsParts } from "./kept-accounts.ts";
import type { LiveAccount } from "./live-account.ts";
import { createPasswordCheck } from "./password-check.ts";
import { createPresences, type Presences } from "./presences.ts";
import { provisionAccounts } from "./provision.ts";
import { passwordDoubts } from "./sign-in-errors.ts";

/** All accounts: kept, signed in, and their connections. */
export interface Accounts {
  /** Brings back what is kept: accounts and contact lists, offline. */
  restore(): Promise<void>;
  /** Signs in to all that are enabled. */
  start(): void;
  /** Signs in first and keeps the account only when that worked. */
  add(account: NewAccount, signal: AbortSignal): Promise<AccountId>;
  update(
    accountId: AccountId,
    change: { readonly label?: string; readonly server?: ServerSettings; readonly enabled?: boolean },
  ): Promise<void>;
  setPassword(accountId: AccountId, password: string): Promise<void>;
  /** Whether somebody knows a password of these accounts. */
  readonly passwordCheck: PasswordCheck;
  remove(accountId: AccountId): Promise<void>;
  retry(accountId?: AccountId): void;
  /**
   * Signs in with a way that is weaker than those before; error `not-found` where the account does not wait for consent
   * to this one.
   */
  allowWeakerSignIn(accountId: AccountId, method: string): Promise<void>;
  check(): void;
  /**
   * Policy has changed what may be connected, or what may be stored: at once for connections; resolves when all is
   * done.
   */
  applyPolicy(): Promise<void>;
  /**
   * The accounts that policy sets up: they are there, and what was there and is not in the list becomes the person's
   * own, turned off.
   */
  provision(wanted: Provisioning): Promise<void>;
  /** Presence for all, or for one account; null there follows the one for all again. */
  setPresence(accountId: AccountId | undefined, presence: OwnPresence | null): Promise<void>;
  /** Announces the presence again after a change of what others may see of it. */
  announce(): void;
  /** Automatic idle and Away, laid over what the person chose. */
  setAutomatic(apply: (chosen: OwnPresence) => OwnPresence): void;
  stop(): Promise<void>;
}

type AccountsParts = AccountListParts & KeptAccountsParts;

export function createAccounts(parts: AccountsParts): Accounts {
  return new AllAccounts(parts);
}

class AllAccounts implements Accounts {
  readonly #parts: AccountsParts;
  #changing: Promise<unknown> = Promise.resolve();
  readonly #list: AccountList;
  readonly #kept: KeptAccounts;
  readonly #presences: Presences;
  readonly #candidates: CandidateAccounts;
  readonly passwordCheck: PasswordCheck;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
    const { profile, accountRecords, seenAs, log, rules, passwords } = parts;
    this.#kept = createKeptAccounts(parts);
    this.#presences = createPresences({ accounts: () => this.#list.all(), profile, accountRecords, seenAs, log });
    this.#list = new AccountList(parts, this.#presences);
    this.#candidates = createCandidateAccounts({
      rules,
      make: (config, password, isKept) => this.#list.make(config, password, isKept),
      keep: (config, password) => this.#keep(config, password),
      password: ({ id }) => passwords.get(id),
      remember: (from, to) => this.#kept.remember(from, to),
      onKept: (made) => this.#list.add(made),
      discard: (tried) => this.#discard(tried),
    });
    this.passwordCheck = createPasswordCheck({
      accounts: () =>
        this.#list.all().map(({ config, session }) => ({
          id: config.id,
          address: config.address,
          refused: session.status.state === "failed" && passwordDoubts.has(session.status.error?.code ?? "internal"),
        })),
      password: (id) => passwords.get(id),
      signIn: (id, password) => this.#signInToCheck(id, password),
    });
  }

  async restore(): Promise<void> {
    await this.#presences.restore();
    for (const config of await this.#kept.all()) {
      this.#list.put(config);
      await this.#parts.contacts.restore(config.id, config.protocol);
    }
    await this.#parts.passwords.applyPolicy(this.#list.ids(), false);
  }

  start(): void {
    this.#list.start();
  }

  async add(account: NewAccount, signal: AbortSignal): Promise<AccountId> {
    for (const { config } of this.#list.all())
      if (config.address === account.address && account.protocols.includes(config.protocol))
        throw new HallwayError("already-exists", { address: account.address });
    return (await this.#candidates.add(account, signal)).config.id;
  }

  update(
    accountId: AccountId,
    change: { readonly label?: string; readonly server?: ServerSettings; readonly enabled?: boolean },
  ): Promise<void> {
    return this.#inTurn(() => this.#update(accountId, change));
  }

  setPassword(accountId: AccountId, password: string): Promise<void> {
    return this.#inTurn(async () => {
      const { session } = this.#list.get(accountId);
      await this.#parts.passwords.set(accountId, password);
      session.passwordChanged();
    });
  }

  remove(accountId: AccountId): Promise<void> {
    return this.#inTurn(async () => {
      const found = this.#list.own(accountId);
      await this.#list.end(found);
      await this.#parts.messaging.receiving.idle();
      // When something of it cannot be deleted now, it is still there to be removed.
      await this.#forget(accountId);
      found.audit.removed();
      this.#list.remove(accountId);
      this.#presences.forget(accountId);
    });
  }

  retry(accountId?: AccountId): void {
    for (const { config, session } of this.#list.all())
      if (accountId === undefined || config.id === accountId) session.retry();
  }

  async allowWeakerSignIn(accountId: AccountId, method: string): Promise<void> {
    const { session, audit } = this.#list.get(accountId);
    await session.allowWeaker(method);
    audit.weakerAllowed(method);
  }

  check(): void {
    for (const { session } of this.#list.all()) session.check();
  }

  async applyPolicy(): Promise<void> {
    for (const { session } of this.#list.all()) session.applyPolicy();
    await this.#inTurn(() => this.#parts.passwords.applyPolicy(this.#list.ids(), true));
  }

  provision(wanted: Provisioning): Promise<void> {
    return this.#inTurn(() =>
      provisionAccounts(wanted, {
        accounts: () => this.#list.all(),
        keep: (config) => this.#kept.keep(config),
        put: (config) => this.#list.put(config),
        remake: (found, config) => this.#list.remake(found, config),
      }),
    );
  }

  async setPresence(accountId: AccountId | undefined, presence: OwnPresence | null): Promise<void> {
    if (accountId !== undefined) return this.#presences.chooseFor(this.#list.get(accountId), presence);
    if (!presence) throw new HallwayError("invalid-argument", { method: "presence.set", field: "presence" });
    await this.#presences.choose(presence);
  }

  setAutomatic(apply: (chosen: OwnPresence) => OwnPresence): void {
    this.#presences.setAutomatic(apply);
  }

  announce(): void {
    this.#presences.announce();
  }

  async stop(): Promise<void> {
    await Promise.allSettled([this.#changing, this.#candidates.stop()]);
    await Promise.all(this.#list.all().map((account) => this.#list.end(account)));
    await this.#parts.contacts.save();
  }

  /** One change of the accounts after the other: two at a time could leave a connection that nobody knows of. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => undefined);
    return done;
  }

  async #keep(config: AccountConfig, password: string): Promise<void> {
    await this.#parts.passwords.set(config.id, password);
    await this.#kept.keep(config);
  }

  async #discard(tried: LiveAccount): Promise<void> {
    const { id } = tried.config;
    await this.#list.end(tried);
    await this.#parts.messaging.receiving.idle();
    await this.#forget(id).catch((error: unknown) =>
      this.#parts.log.warn("Something of an account that was only tried is left", { account: id, error }),
    );
  }

  /** False: it is not the password; one that is right is kept. */
  async #signInToCheck(id: AccountId, password: string): Promise<boolean> {
    if (!(await this.#candidates.passwordIsRight(this.#list.get(id).config, password))) return false;
    await this.#parts.passwords.set(id, password);
    this.#list.get(id).session.passwordChanged();
    return true;
  }

  async #forget(accountId: AccountId): Promise<void> {
    await this.#kept.forget(accountId);
    this.#parts.connections.forget(accountId);
  }

  async #update(accountId: AccountId, change: Parameters<Accounts["update"]>[1]): Promise<void> {
    const found = this.#list.own(accountId);
    const { server, enabled } = change;
    const config: AccountConfig = { ...found.config, ...change };
    const refusal = server === undefined ? undefined : this.#parts.rules.refusal(config, undefined);
    // What is refused before anything changes; an account that may not sign in for another reason can still be put
    // right.
    if (refusal?.params?.["setting"] === "CertificateExceptionsEnabled")
      throw new HallwayError(refusal.code, refusal.params);
    await this.#kept.keep(config);
    if (server !== undefined) {
      await this.#list.remake(found, config);
      return;
    }
    found.config = config;
    found.publish();
    if (enabled === true) found.session.start();
    if (enabled === false) await found.session.stop();
  }
}
