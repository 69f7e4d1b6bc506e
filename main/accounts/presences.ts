import type { AccountConfig, AccountId, Protocol } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { Log } from "../networks/log.ts";
import type { Profile } from "../profile/profile.ts";
import type { AccountRecords } from "../store/account-records.ts";
import type { LiveAccount } from "./live-account.ts";

/** Presence that the person wants to show, for all accounts or for one, with automatic idle and Away laid over it. */
export interface Presences {
  /** Takes up what was chosen for all in an earlier run. */
  restore(): Promise<void>;
  /** Presence that an account announces now, in the words that its network has. */
  of(account: Pick<AccountConfig, "id" | "protocol">): OwnPresence;
  /** Presence chosen for this account alone. */
  chosenFor(accountId: AccountId): OwnPresence | undefined;
  /** For all; what was chosen for one alone counts no more. */
  choose(presence: OwnPresence): Promise<void>;
  /** For one; null: it follows the one for all again. */
  chooseFor(account: LiveAccount, presence: OwnPresence | null): Promise<void>;
  setAutomatic(apply: (chosen: OwnPresence) => OwnPresence): void;
  /** Announces the presence again after a change of what others may see of it. */
  announce(): void;
  /** The account is gone. */
  forget(accountId: AccountId): void;
}

export interface PresencesParts {
  readonly accounts: () => Iterable<LiveAccount>;
  readonly profile: Profile;
  readonly accountRecords: Pick<AccountRecords, "presence" | "restorePresence">;
  readonly seenAs: (presence: OwnPresence, protocol: Protocol) => OwnPresence;
  readonly log: Log;
}

export function createPresences(parts: PresencesParts): Presences {
  return new ChosenPresences(parts);
}

class ChosenPresences implements Presences {
  readonly #parts: PresencesParts;
  readonly #chosenFor = new Map<AccountId, OwnPresence>();
  #chosen: OwnPresence = { availability: "available" };
  #automatic: (presence: OwnPresence) => OwnPresence = (presence) => presence;

  constructor(parts: PresencesParts) {
    this.#parts = parts;
  }

  async restore(): Promise<void> {
    const { profile, accountRecords } = this.#parts;
    const text = await profile.get("app", "presence");
    if (text !== undefined) this.#chosen = accountRecords.restorePresence(text) ?? this.#chosen;
    accountRecords.presence(this.#chosen);
  }

  of({ id, protocol }: Pick<AccountConfig, "id" | "protocol">): OwnPresence {
    return this.#parts.seenAs(this.#automatic(this.#chosenFor.get(id) ?? this.#chosen), protocol);
  }

  chosenFor(accountId: AccountId): OwnPresence | undefined {
    return this.#chosenFor.get(accountId);
  }

  async choose(presence: OwnPresence): Promise<void> {
    const { accounts, profile, accountRecords } = this.#parts;
    this.#chosen = presence;
    this.#chosenFor.clear();
    accountRecords.presence(presence);
    await profile.put([{ namespace: "app", key: "presence", value: JSON.stringify(presence) }]);
    await Promise.all([...accounts()].map((account) => this.#follow(account)));
  }

  async chooseFor(account: LiveAccount, presence: OwnPresence | null): Promise<void> {
    if (presence) this.#chosenFor.set(account.config.id, presence);
    else this.#chosenFor.delete(account.config.id);
    await this.#follow(account);
  }

  setAutomatic(apply: (chosen: OwnPresence) => OwnPresence): void {
    this.#automatic = apply;
    this.announce();
  }

  announce(): void {
    const { accounts, log } = this.#parts;
    for (const { config, session } of accounts())
      if (session.online)
        void session
          .setPresence(this.of(config))
          .catch((error: unknown) => log.info("Presence could not be announced", { account: config.id, error }));
  }

  forget(accountId: AccountId): void {
    this.#chosenFor.delete(accountId);
  }

  /** Brings a session in line with the presence chosen for it. */
  async #follow(account: LiveAccount): Promise<void> {
    const { config, session } = account;
    const presence = this.of(config);
    account.publish();
    if (!config.enabled) return;
    if (presence.availability === "offline") return session.stop();
    if (session.status.state === "signed-out") return session.start();
    await session.setPresence(presence);
  }
}
