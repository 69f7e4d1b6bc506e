import * as v from "valibot";
import type { AccountId } from "../../shared/model/account.ts";
import { AddressSchema } from "../../shared/model/address.ts";
import { type ContactRecord, PresenceSubscriptionSchema } from "../../shared/model/contact.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { Profile } from "../profile/profile.ts";

/** A contact as kept on disk: everything but presence. */
const KeptSchema = v.object({
  address: AddressSchema,
  name: v.string(),
  unnamed: v.optional(v.literal(true)),
  groups: v.array(v.string()),
  subscription: PresenceSubscriptionSchema,
  asked: v.boolean(),
  pinned: v.boolean(),
  listed: v.boolean(),
});
type KeptContact = v.InferOutput<typeof KeptSchema>;

/** Changes are written together this long after the first of them, in milliseconds. */
const saveAfter = 1_000;
/** After a write that failed (a full disk), in milliseconds. */
const saveAgainAfter = 15_000;
const readAtOnce = 1_000;

export interface KeptContactsOptions {
  readonly profile: Profile;
  /** The list of an account as it is now; undefined: the account is gone. */
  readonly contactsOf: (accountId: AccountId) => readonly ContactRecord[] | undefined;
  readonly onFailed: (error: unknown) => void;
}

/** The contact lists on disk, one entry for each account. */
export class KeptContacts {
  readonly #options: KeptContactsOptions;
  readonly #unsaved = new Set<AccountId>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: KeptContactsOptions) {
    this.#options = options;
  }

  /** Hands over the list of an account as it was at the last exit; a contact that cannot be read is left out. */
  async read(accountId: AccountId, take: (contact: KeptContact) => void): Promise<void> {
    const list = parseJson(await this.#options.profile.get("contact", accountId));
    for (const [index, value] of (Array.isArray(list) ? (list as readonly unknown[]) : []).entries()) {
      // A long list is checked and put with room for other work in between.
      if (index > 0 && index % readAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
      const parsed = v.safeParse(KeptSchema, value);
      if (parsed.success) take(parsed.output);
    }
  }

  /** The list of an account has changed: it is written soon. */
  changed(accountId: AccountId): void {
    this.#unsaved.add(accountId);
    this.#timer ??= setTimeout(() => void this.save(), saveAfter).unref();
  }

  /** Writes what has changed now. Does not reject: what cannot be written is tried again later. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const accounts = [...this.#unsaved];
    if (accounts.length === 0) return;
    this.#unsaved.clear();
    const { profile, contactsOf, onFailed } = this.#options;
    try {
      await profile.put(
        accounts.map((accountId) => ({
          namespace: "contact",
          key: accountId,
          value: JSON.stringify((contactsOf(accountId) ?? []).map(kept)),
        })),
      );
    } catch (error) {
      for (const accountId of accounts) if (contactsOf(accountId)) this.#unsaved.add(accountId);
      if (this.#unsaved.size > 0) this.#timer ??= setTimeout(() => void this.save(), saveAgainAfter).unref();
      onFailed(error);
    }
  }

  async forget(accountId: AccountId): Promise<void> {
    this.#unsaved.delete(accountId);
    await this.#options.profile.put([{ namespace: "contact", key: accountId, value: undefined }]);
  }
}

function kept(record: ContactRecord): KeptContact {
  const { address, name, unnamed, groups, subscription, asked, pinned, listed } = record;
  return { address, name, unnamed, groups, subscription, asked, pinned, listed };
}
