import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import { type AccountConfig, AccountConfigSchema, type AccountId, type Protocol, type ServerSettings } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import { parseContactId } from "../../shared/model/contact.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { PasswordCheck } from "../lock/proof.ts";
import type { Connection } from "../networks/network.ts";
import type { Conversations } from "../store/conversations.ts";
import { parseJson } from "../store/parse-json.ts";
import type { Requests } from "../store/requests.ts";
import { createLiveAccount, type LiveAccount, type LiveAccountParts } from "./live-account.ts";
import type { Outbox } from "./outbox.ts";
import { createPasswordCheck } from "./password-check.ts";
import type { PasswordKeeper } from "./password-keeper.ts";
import type { ProvisionedAccount } from "./provisioning.ts";

export interface NewAccount {
  readonly address: Address;
  readonly password: string;
  /** Networks to try, in order. */
  readonly protocols: readonly Protocol[];
  readonly server: ServerSettings;
}

/** All accounts: kept, signed in, and their connections. */
export interface Accounts {
  /** Brings back what is kept: accounts and contact lists, off line. */
  restore(): Promise<void>;
  /** Signs in to all that are enabled. */
  start(): void;
  /** Signs in first and keeps the account only when that worked. */
  add(account: NewAccount, signal: AbortSignal): Promise<AccountId>;
  update(accountId: AccountId, change: { readonly label?: string; readonly server?: ServerSettings; readonly enabled?: boolean }): Promise<void>;
  setPassword(accountId: AccountId, password: string): Promise<void>;
  /** Whether somebody knows a password of these accounts. */
  readonly passwordCheck: PasswordCheck;
  remove(accountId: AccountId): Promise<void>;
  retry(accountId?: AccountId): void;
  check(): void;
  /** Policy has changed what may be connected, or what may be stored: at once for connections; resolves when all is done. */
  obey(): Promise<void>;
  /** The accounts that policy sets up: they are there, and what was there and is not in the list becomes the person's own, turned off. */
  provision(wanted: readonly ProvisionedAccount[]): Promise<void>;
  /** The connection while on line; throws `offline`, or `not-found` for an unknown account. */
  online(accountId: AccountId): Connection;
  /** The connection while on line, else undefined. */
  connection(accountId: AccountId): Connection | undefined;
  /** Undefined for an account that is not kept (yet). */
  outbox(accountId: AccountId): Outbox | undefined;
  protocol(accountId: AccountId): Protocol;
  /** The account's own address, also while it is only tried; undefined: there is none of this id. */
  address(accountId: AccountId): Address | undefined;
  /** Presence for all, or for one account; null there follows the one for all again. */
  setPresence(accountId: AccountId | undefined, presence: OwnPresence | null): Promise<void>;
  /** What others may see of the presence has changed: says it again. */
  announce(): void;
  /** Automatic idle and Away, laid over what the person chose. */
  setAutomatic(apply: (chosen: OwnPresence) => OwnPresence): void;
  stop(): Promise<void>;
}

/** Longest time that asking a server about a password may take, in milliseconds. */
const signInWithin = 30_000;

export function createAccounts(
  parts: LiveAccountParts & {
    readonly passwords: PasswordKeeper;
    readonly conversations: Conversations;
    readonly requests: Requests;
    /** An account is removed: its part of the history goes, as far as rules let it. */
    readonly forgetHistory: (accountId: AccountId) => Promise<void>;
  },
): Accounts {
  const { passwords, profile, contacts, conversations, requests, facts, rules, log } = parts;
  const entries = new Map<AccountId, LiveAccount>();
  let chosen: OwnPresence = { availability: "available" };
  let automatic: (presence: OwnPresence) => OwnPresence = (presence) => presence;
  const chosenFor = new Map<AccountId, OwnPresence>();
  const addresses = new Map<AccountId, Address>();
  let changing: Promise<unknown> = Promise.resolve();
  /** Accounts that are being tried, which end with the program. */
  const trials = new Set<Promise<unknown>>();
  const ending = new AbortController();
  let started = false;

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
    if (found.config.provisioned !== undefined) throw new HallwayError("blocked-by-policy", { setting: "ProvisionedAccounts" });
    return found;
  }

  function presenceOf(accountId: AccountId): OwnPresence {
    return automatic(chosenFor.get(accountId) ?? chosen);
  }

  function make(config: AccountConfig, password: () => Promise<string | undefined>, isKept: () => boolean): LiveAccount {
    addresses.set(config.id, config.address);
    return createLiveAccount(parts, { config, password, isKept, presence: () => presenceOf(config.id), ownPresence: () => chosenFor.get(config.id) });
  }

  async function keep(config: AccountConfig): Promise<void> {
    await profile.put([{ namespace: "account", key: config.id, value: JSON.stringify(config) }]);
  }

  /** Takes everything of an account off this computer. It stays listed until the last of it is gone, so that it can be asked for again. */
  async function forget(accountId: AccountId): Promise<void> {
    await contacts.forgetAccount(accountId);
    await requests.forgetAccount(accountId);
    conversations.forgetAccount(accountId);
    await parts.ownChanges.forgetAccount(accountId);
    await parts.forgetHistory(accountId);
    const drafts = [...(await profile.all("draft")).keys()].filter((key) => parseContactId(key).accountId === accountId);
    const cached = [...(await profile.all("network-cache")).keys()].filter((key) => key.includes(accountId));
    await profile.put([
      ...drafts.map((key) => ({ namespace: "draft" as const, key, value: undefined })),
      ...cached.map((key) => ({ namespace: "network-cache" as const, key, value: undefined })),
      { namespace: "account", key: accountId, value: undefined },
      { namespace: "archive-mark", key: accountId, value: undefined },
    ]);
    facts.remove(accountId);
    addresses.delete(accountId);
    await passwords.delete(accountId).catch((error: unknown) => log.warn("A password could not be deleted", { account: accountId, error }));
  }

  /** Ends a try, and takes away what it has brought. */
  async function discard({ config, session, close }: LiveAccount): Promise<void> {
    await session.stop();
    close();
    await parts.ingest().idle();
    await forget(config.id).catch((error: unknown) => log.warn("Something of an account that was only tried is left", { account: config.id, error }));
  }

  /** Signs in beside the account, as another device, and out again. */
  async function signInOnce(accountId: AccountId, password: string): Promise<boolean> {
    const { config } = entry(accountId);
    const refusal = rules.refusal(config, undefined);
    if (refusal) throw new HallwayError(refusal.code, refusal.params);
    const tried = make(
      { ...config, id: randomUUID(), deviceId: randomUUID() },
      async () => password,
      () => false,
    );
    try {
      const trial = tried.session.tryOnce(AbortSignal.any([AbortSignal.timeout(signInWithin), ending.signal]));
      trials.add(trial);
      await trial.finally(() => trials.delete(trial));
    } catch (error) {
      if (error instanceof HallwayError && error.code === "wrong-password") return false;
      throw error;
    } finally {
      await discard(tried);
    }
    await passwords.set(accountId, password);
    entry(accountId).session.passwordChanged();
    return true;
  }

  async function tryProtocol(account: NewAccount, protocol: Protocol, signal: AbortSignal): Promise<AccountId> {
    const config: AccountConfig = { id: randomUUID(), protocol, address: account.address, enabled: true, server: account.server, deviceId: randomUUID() };
    let isKept = false;
    const made = make(
      config,
      async () => (isKept ? ((await passwords.get(config.id)) ?? account.password) : account.password),
      () => isKept,
    );
    try {
      await made.session.tryOnce(signal);
      await passwords.set(config.id, account.password);
      await keep(config);
      if (signal.aborted) throw new HallwayError("cancelled");
    } catch (error) {
      await discard(made);
      throw error;
    }
    isKept = true;
    entries.set(config.id, made);
    made.audit.added();
    made.publish();
    return config.id;
  }

  return {
    async restore() {
      const text = await profile.get("app", "presence");
      if (text !== undefined) chosen = facts.restorePresence(text) ?? chosen;
      facts.presence(chosen);
      for (const value of (await profile.all("account")).values()) {
        const parsed = v.safeParse(AccountConfigSchema, parseJson(value));
        if (!parsed.success) {
          log.warn("An account could not be read and is left out", { issue: parsed.issues[0].message });
          continue;
        }
        const config = parsed.output;
        const made = make(
          config,
          () => passwords.get(config.id),
          () => true,
        );
        entries.set(config.id, made);
        made.publish();
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
      let telling: unknown;
      const refusals = account.protocols.map((protocol) => rules.refusal({ protocol, address: account.address, server: account.server }, undefined));
      if (refusals[0] && refusals.every((refusal) => refusal)) throw new HallwayError(refusals[0].code, refusals[0].params);
      for (const protocol of account.protocols.filter((_, index) => !refusals[index])) {
        try {
          const trial = tryProtocol(account, protocol, AbortSignal.any([signal, ending.signal]));
          trials.add(trial);
          return await trial.finally(() => trials.delete(trial));
        } catch (error) {
          if (signal.aborted) throw new HallwayError("cancelled");
          // The first network that was reached has the say; where none was, the first one asked.
          if (telling === undefined || (isUnreachable(telling) && !isUnreachable(error))) telling = error;
          if (!isUnreachable(error)) break;
        }
      }
      throw telling;
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
      signIn: signInOnce,
    }),

    remove: (accountId) =>
      inTurn(async () => {
        const found = own(accountId);
        await found.session.stop();
        found.close();
        await parts.ingest().idle();
        // When something of it cannot be deleted now, it is still there to be removed.
        await forget(accountId);
        found.audit.removed();
        entries.delete(accountId);
        chosenFor.delete(accountId);
      }),

    retry(accountId) {
      for (const [id, { session }] of entries) if (accountId === undefined || id === accountId) session.retry();
    },
    check() {
      for (const { session } of entries.values()) session.check();
    },
    async obey() {
      for (const { session } of entries.values()) session.obey();
      await inTurn(() => passwords.obey([...entries.keys()], true));
    },
    provision: (wanted) => inTurn(() => provision(wanted)),
    online(accountId) {
      const { session } = entry(accountId);
      if (!session.online) throw new HallwayError("offline");
      return session.online;
    },
    connection: (accountId) => entries.get(accountId)?.session.online,
    outbox: (accountId) => entries.get(accountId)?.outbox,
    protocol: (accountId) => entry(accountId).config.protocol,
    address: (accountId) => addresses.get(accountId),

    async setPresence(accountId, presence) {
      if (accountId === undefined) {
        if (!presence) throw new HallwayError("invalid-argument", { method: "presence.set", field: "presence" });
        chosen = presence;
        chosenFor.clear();
        facts.presence(presence);
        await profile.put([{ namespace: "app", key: "presence", value: JSON.stringify(presence) }]);
      } else if (presence) chosenFor.set(accountId, presence);
      else chosenFor.delete(accountId);
      const affected = accountId === undefined ? [...entries.values()] : [entry(accountId)];
      await Promise.all(affected.map((one) => follow(one)));
    },

    setAutomatic(apply) {
      automatic = apply;
      announce();
    },
    announce,

    async stop() {
      ending.abort();
      await Promise.allSettled([changing, ...trials]);
      await Promise.all(
        [...entries.values()].map(async (account) => {
          await account.session.stop();
          account.close();
        }),
      );
      await contacts.save();
    },
  };

  function announce(): void {
    for (const { config, session } of entries.values())
      if (session.online)
        void session.setPresence(presenceOf(config.id)).catch((error: unknown) => log.info("Presence could not be announced", { account: config.id, error }));
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
    // What is refused before anything changes; an account that may not sign in for another reason can still be put right.
    if (refusal?.params?.["setting"] === "CertificateExceptionsEnabled") throw new HallwayError(refusal.code, refusal.params);
    await keep(config);
    if (server !== undefined) {
      await remake(found, config);
      return;
    }
    found.config = config;
    found.publish();
    if (enabled === true) found.session.start();
    if (enabled === false) await found.session.stop();
  }

  /** An account's connection is made for its server: another server needs another one. */
  async function remake(found: LiveAccount, config: AccountConfig): Promise<void> {
    const before = found.config;
    await found.session.stop();
    found.close();
    // What was on its way over the old one is known to wait before the new one looks for it.
    await parts.ingest().idle();
    put(config).audit.changed(before);
  }

  function put(config: AccountConfig): LiveAccount {
    const made = make(
      config,
      () => passwords.get(config.id),
      () => true,
    );
    entries.set(config.id, made);
    made.publish();
    if (config.enabled && started) made.session.start();
    return made;
  }

  async function provision(wanted: readonly ProvisionedAccount[]): Promise<void> {
    for (const found of [...entries.values()]) {
      const { provisioned, ...rest } = found.config;
      if (provisioned === undefined) continue;
      if (wanted.some(({ name, protocol, address }) => name === provisioned && protocol === rest.protocol && address === rest.address)) continue;
      // Nothing is deleted because a policy goes: what was said stays, and the person may remove the account now.
      const released: AccountConfig = { ...rest, enabled: false };
      await keep(released);
      await found.session.stop();
      found.config = released;
      found.publish();
    }
    for (const { name, protocol, address, label, server } of wanted) {
      const found = [...entries.values()].find(({ config }) => config.protocol === protocol && config.address === address);
      const { id, deviceId } = found?.config ?? { id: randomUUID(), deviceId: randomUUID() };
      const config: AccountConfig = { id, protocol, address, ...(label === undefined ? {} : { label }), enabled: true, server, provisioned: name, deviceId };
      if (found && isDeepStrictEqual(found.config, config)) continue;
      await keep(config);
      if (found) await remake(found, config);
      else put(config).audit.added();
    }
  }

  /** Brings a session in line with the presence chosen for it. */
  async function follow({ config, session, publish }: LiveAccount): Promise<void> {
    const presence = presenceOf(config.id);
    publish();
    if (!config.enabled) return;
    if (presence.availability === "offline") return session.stop();
    if (session.status.state === "signed-out") return session.start();
    await session.setPresence(presence);
  }
}

function isUnreachable(error: unknown): boolean {
  return (
    error instanceof HallwayError && ["unknown-host", "no-network", "connection-refused", "connection-lost", "timed-out", "unsupported"].includes(error.code)
  );
}
