import * as v from "valibot";
import { type AccountConfig, AccountConfigSchema, type AccountId } from "../../shared/model/account.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { Heard } from "../messaging/heard.ts";
import type { OwnChanges } from "../messaging/own-changes.ts";
import type { Log } from "../networks/log.ts";
import { signInMemoryKey } from "../networks/sign-in-memory.ts";
import { draftsForgotten } from "../profile/drafts.ts";
import type { Profile } from "../profile/profile.ts";
import type { AccountRecords } from "../store/account-records.ts";
import type { Contacts } from "../store/contacts.ts";
import type { Conversations } from "../store/conversations.ts";
import type { Requests } from "../store/requests.ts";
import type { AccountPasswords } from "./account-passwords.ts";

/** Accounts that are stored on this computer. */
export interface KeptAccounts {
  /** One that cannot be read is left out. */
  all(): Promise<readonly AccountConfig[]>;
  keep(config: AccountConfig): Promise<void>;
  /** Copies what an account has learned about signing in to another. */
  remember(from: AccountId, to: AccountId): Promise<void>;
  /**
   * Takes everything of an account off this computer. It stays listed until the last of it is gone, so that it can be
   * asked for again.
   */
  forget(accountId: AccountId): Promise<void>;
}

export interface KeptAccountsParts {
  readonly profile: Profile;
  readonly heard: Heard;
  readonly contacts: Contacts;
  readonly requests: Requests;
  readonly conversations: Conversations;
  readonly ownChanges: OwnChanges;
  /** Its part of the history goes, as far as rules let it. */
  readonly forgetHistory: (accountId: AccountId) => Promise<void>;
  readonly passwords: AccountPasswords;
  readonly accountRecords: AccountRecords;
  readonly log: Log;
}

export function createKeptAccounts(parts: KeptAccountsParts): KeptAccounts {
  const {
    profile,
    heard,
    contacts,
    requests,
    conversations,
    ownChanges,
    forgetHistory,
    passwords,
    accountRecords,
    log,
  } = parts;
  return {
    async all() {
      const found: AccountConfig[] = [];
      for (const value of (await profile.all("account")).values()) {
        const parsed = v.safeParse(AccountConfigSchema, parseJson(value));
        if (parsed.success) found.push(parsed.output);
        else log.warn("An account could not be read and is left out", { issue: parsed.issues[0].message });
      }
      return found;
    },
    keep: (config) => profile.put([{ namespace: "account", key: config.id, value: JSON.stringify(config) }]),
    async remember(from, to) {
      const known = await profile.get("network-cache", signInMemoryKey(from));
      if (known !== undefined)
        await profile.put([{ namespace: "network-cache", key: signInMemoryKey(to), value: known }]);
    },
    async forget(accountId) {
      await contacts.forgetAccount(accountId);
      await requests.forgetAccount(accountId);
      conversations.forgetAccount(accountId);
      await ownChanges.forgetAccount(accountId);
      await forgetHistory(accountId);
      const drafts = await draftsForgotten(profile, accountId);
      const cached = [...(await profile.all("network-cache")).keys()].filter((key) => key.includes(accountId));
      await profile.put([
        ...drafts,
        ...cached.map((key) => ({ namespace: "network-cache" as const, key, value: undefined })),
        { namespace: "account", key: accountId, value: undefined },
      ]);
      await heard.forget(accountId);
      accountRecords.remove(accountId);
      await passwords
        .delete(accountId)
        .catch((error: unknown) => log.warn("A password could not be deleted", { account: accountId, error }));
    },
  };
}
