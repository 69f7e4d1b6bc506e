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

export function createPresences(parts: {
  readonly accounts: () => Iterable<LiveAccount>;
  readonly profile: Profile;
  readonly accountRecords: Pick<AccountRecords, "presence" | "restorePresence">;
  readonly seenAs: (presence: OwnPresence, protocol: Protocol) => OwnPresence;
  readonly log: Log;
}): Presences {
  const { accounts, profile, accountRecords, seenAs, log } = parts;
  let chosen: OwnPresence = { availability: "available" };
  let automatic: (presence: OwnPresence) => OwnPresence = (presence) => presence;
  const chosenFor = new Map<AccountId, OwnPresence>();

  function of({ id, protocol }: Pick<AccountConfig, "id" | "protocol">): OwnPresence {
    return seenAs(automatic(chosenFor.get(id) ?? chosen), protocol);
  }

  /** Brings a session in line with the presence chosen for it. */
  async function follow({ config, session, publish }: LiveAccount): Promise<void> {
    const presence = of(config);
    publish();
    if (!config.enabled) return;
    if (presence.availability === "offline") return session.stop();
    if (session.status.state === "signed-out") return session.start();
    await session.setPresence(presence);
  }

  function announce(): void {
    for (const { config, session } of accounts())
      if (session.online)
        void session
          .setPresence(of(config))
          .catch((error: unknown) => log.info("Presence could not be announced", { account: config.id, error }));
  }

  return {
    async restore() {
      const text = await profile.get("app", "presence");
      if (text !== undefined) chosen = accountRecords.restorePresence(text) ?? chosen;
      accountRecords.presence(chosen);
    },
    of,
    chosenFor: (accountId) => chosenFor.get(accountId),
    async choose(presence) {
      chosen = presence;
      chosenFor.clear();
      accountRecords.presence(presence);
      await profile.put([{ namespace: "app", key: "presence", value: JSON.stringify(presence) }]);
      await Promise.all([...accounts()].map(follow));
    },
    async chooseFor(account, presence) {
      if (presence) chosenFor.set(account.config.id, presence);
      else chosenFor.delete(account.config.id);
      await follow(account);
    },
    setAutomatic(apply) {
      automatic = apply;
      announce();
    },
    announce,
    forget: (accountId) => void chosenFor.delete(accountId),
  };
}
