import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig, AccountId, ServerSettings } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { PasswordCheck } from "../lock/proof.ts";
import { signInMemoryKey } from "../networks/sign-in-memory.ts";
import type { Provisioning } from "../settings/provisioning.ts";
import { createKeptAccounts, type KeptAccountsParts } from "./kept-accounts.ts";
import { createLiveAccount, type LiveAccount, type LiveAccountParts } from "./live-account.ts";
import { createPasswordCheck } from "./password-check.ts";
import { createPresences } from "./presences.ts";
import { provisionAccounts } from "./provision.ts";
import { createTrials, type NewAccount } from "./trials.ts";

/** All accounts: kept, signed in, and their connections. */
export interface Accounts {
  /** Brings back what is kept: accounts and contact lists, off line. */
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
  obey(): Promise<void>;
  /**
   * The accounts that policy sets up: they are there, and what was there and is not in the list becomes the person's
   * own, turned off.
   */
  provision(wanted: Provisioning): Promise<void>;
  /** Presence for all, or for one account; null there follows the one for all again. */
  setPresence(accountId: AccountId | undefined, presence: OwnPresence | null): Promise<void>;
  /** What others may see of the presence has changed: says it again. */
  announce(): void;
  /** Automatic idle and Away, laid over what the person chose. */
  setAutomatic(apply: (chosen: OwnPresence) => OwnPresence): void;
  stop(): Promise<void>;
}

export function createAccounts(parts: LiveAccountParts & KeptAccountsParts): Accounts {
  const { passwords, profile, contacts, connections, facts, messaging, rules, log } = parts;
  const entries = new Map<AccountId, LiveAccount>();
  let changing: Promise<unknown> = Promise.resolve();
  let started = false;
  const kept = createKeptAccounts(parts);
  const presences = createPresences({ accounts: () => entries.values(), profile, facts, seenAs: parts.seenAs, log });
  const trials = createTrials({
    rules,
    make,
    async keep(config, password) {
      await passwords.set(config.id, password);
      await kept.keep(config);
    },
    password: ({ id }) => passwords.get(id),
    async remember(from, to) {
      const known = await profile.get("network-cache", signInMemoryKey(from));
      if (known !== undefined)
        await profile.put([{ namespace: "network-cache", key: signInMemoryKey(to), value: known }]);
    },
    onKept(made) {
      entries.set(made.config.id, made);
      connections.kept(made);
      made.audit.added();
      made.publish();
    },
    async discard(tried) {
      const { id } = tried.config;
      await end(tried);
      await messaging.receiving.idle();
      await forget(id).catch((error: unknown) =>
        log.warn("Something of an account that was only tried is left", { account: id, error }),
      );
    },
  });

  /** One change of the accounts after the other: two at a time could leave a connection that nobody knows of. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = changing.then(work);
    changing = done.catch(() => undefined);
    return done;
  }

  function entry(accountId: AccountId): LiveAccount {
    const found = entries.get(accountId);
    if (!found) throw new HallwayError("not-found");
    return found;
  }

  /** An account that the person may change. */
  function own(accountId: AccountId): LiveAccount {
    const found = entry(accountId);
    if (found.config.provisioned !== undefined)
      throw new HallwayError("blocked-by-policy", { setting: "ProvisionedAccounts" });
    return found;
  }

  function make(
    config: AccountConfig,
    password: () => Promise<string | undefined>,
    isKept: () => boolean,
  ): LiveAccount {
    connections.tried(config);
    return createLiveAccount(parts, {
      config,
      password,
      isKept,
      presence: () => presences.of(config),
      ownPresence: () => presences.chosenFor(config.id),
    });
  }

  /** One that is kept. */
  function put(config: AccountConfig): LiveAccount {
    const made = make(
      config,
      () => passwords.get(config.id),
      () => true,
    );
    entries.set(config.id, made);
    connections.kept(made);
    made.publish();
    if (config.enabled && started) made.session.start();
    return made;
  }

  async function end({ session, close }: LiveAccount): Promise<void> {
    await session.stop();
    close();
  }

  async function forget(accountId: AccountId): Promise<void> {
    await kept.forget(accountId);
    connections.forget(accountId);
  }

  /** An account's connection is made for its server: another server needs another one. */
  async function remake(found: LiveAccount, config: AccountConfig): Promise<void> {
    const before = found.config;
    await end(found);
    // What was on its way over the old one is known to wait before the new one looks for it.
    await messaging.receiving.idle();
    put(config).audit.changed(before);
  }

  async function update(accountId: AccountId, change: Parameters<Accounts["update"]>[1]): Promise<void> {
    const found = own(accountId);
    const { label, server, enabled } = change;
    const config: AccountConfig = {
      ...found.config,
      ...(label === undefined ? {} : { label }),
      ...(server === undefined ? {} : { server }),
      ...(enabled === undefined ? {} : { enabled }),
    };
    const refusal = server === undefined ? undefined : rules.refusal(config, undefined);
    // What is refused before anything changes; an account that may not sign in for another reason can still be put
    // right.
    if (refusal?.params?.["setting"] === "CertificateExceptionsEnabled")
      throw new HallwayError(refusal.code, refusal.params);
    await kept.keep(config);
    if (server !== undefined) {
      await remake(found, config);
      return;
    }
    found.config = config;
    found.publish();
    if (enabled === true) found.session.start();
    if (enabled === false) await found.session.stop();
  }

  return {
    async restore() {
      await presences.restore();
      for (const config of await kept.all()) {
        put(config);
        await contacts.restore(config.id, config.protocol);
      }
      await passwords.obey([...entries.keys()], false);
    },

    start() {
      started = true;
      for (const { config, session } of entries.values()) if (config.enabled) session.start();
    },

    async add(account, signal) {
      for (const { config } of entries.values())
        if (config.address === account.address && account.protocols.includes(config.protocol))
          throw new HallwayError("already-exists", { address: account.address });
      return (await trials.add(account, signal)).config.id;
    },

    update: (accountId, change) => inTurn(() => update(accountId, change)),

    setPassword: (accountId, password) =>
      inTurn(async () => {
        const { session } = entry(accountId);
        await passwords.set(accountId, password);
        session.passwordChanged();
      }),

    passwordCheck: createPasswordCheck({
      accounts: () =>
        [...entries.values()].map(({ config, session }) => ({
          id: config.id,
          address: config.address,
          refused: session.status.state === "failed" && session.status.error?.code === "wrong-password",
        })),
      password: (id) => passwords.get(id),
      async signIn(id, password) {
        if (!(await trials.passwordIsRight(entry(id).config, password))) return false;
        await passwords.set(id, password);
        entry(id).session.passwordChanged();
        return true;
      },
    }),

    remove: (accountId) =>
      inTurn(async () => {
        const found = own(accountId);
        await end(found);
        await messaging.receiving.idle();
        // When something of it cannot be deleted now, it is still there to be removed.
        await forget(accountId);
        found.audit.removed();
        entries.delete(accountId);
        connections.removed(accountId);
        presences.forget(accountId);
      }),

    retry(accountId) {
      for (const [id, { session }] of entries) if (accountId === undefined || id === accountId) session.retry();
    },
    async allowWeakerSignIn(accountId, method) {
      const { session, audit } = entry(accountId);
      await session.allowWeaker(method);
      audit.weakerAllowed(method);
    },
    check() {
      for (const { session } of entries.values()) session.check();
    },
    async obey() {
      for (const { session } of entries.values()) session.obey();
      await inTurn(() => passwords.obey([...entries.keys()], true));
    },
    provision: (wanted) =>
      inTurn(() => provisionAccounts(wanted, { accounts: () => [...entries.values()], keep: kept.keep, put, remake })),
    async setPresence(accountId, presence) {
      if (accountId !== undefined) return presences.chooseFor(entry(accountId), presence);
      if (!presence) throw new HallwayError("invalid-argument", { method: "presence.set", field: "presence" });
      await presences.choose(presence);
    },
    setAutomatic: presences.setAutomatic,
    announce: presences.announce,

    async stop() {
      await Promise.allSettled([changing, trials.stop()]);
      await Promise.all([...entries.values()].map(end));
      await contacts.save();
    },
  };
}
