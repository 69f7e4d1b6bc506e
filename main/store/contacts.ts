import * as v from "valibot";
import type { AccountId, Protocol } from "../../shared/model/account.ts";
import { type Address, AddressSchema, nameOf } from "../../shared/model/address.ts";
import {
  type ContactId,
  type ContactRecord,
  contactId,
  maxNameLength,
  PresenceSubscriptionSchema,
} from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import type { NetworkDescription } from "../../shared/model/network.ts";
import { offline, type Presence, unknownPresence } from "../../shared/model/presence.ts";
import { createSharing } from "../../shared/model/sharing.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { visibleName } from "../../shared/text/visible-name.ts";
import type { RosterItem } from "../networks/facets/contacts.ts";
import type { Profile } from "../profile/profile.ts";
import type { TablesWriter } from "./tables.ts";

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

export interface Contacts {
  /** The list as it was at the last exit, before any network is reached. */
  restore(accountId: AccountId, protocol: Protocol): Promise<void>;
  roster(accountId: AccountId, protocol: Protocol, items: readonly RosterItem[]): void;
  rosterItem(accountId: AccountId, protocol: Protocol, item: RosterItem): void;
  rosterRemoved(accountId: AccountId, address: Address): void;
  presence(accountId: AccountId, address: Address, presence: Presence): void;
  /** Before a connection attempt: from here on it is remembered whose presence is fresh. */
  signingIn(accountId: AccountId): void;
  /** Signed in: unless resumed, nothing is left of what was known before `signingIn`. */
  signedIn(accountId: AccountId, resumed: boolean): void;
  pin(id: ContactId, pinned: boolean): void;
  /**
   * An address as the window has it: of somebody known, or who asks for something. It may be one that nobody could
   * type.
   */
  known(accountId: AccountId, address: string): { readonly address: Address; readonly protocol: Protocol } | undefined;
  /** Somebody off the list with whom there is a conversation. */
  ensure(accountId: AccountId, protocol: Protocol, address: Address): ContactRecord;
  forgetAccount(accountId: AccountId): Promise<void>;
  /** Writes what has changed now. Does not reject: what cannot be written is tried again later. */
  save(): Promise<void>;
}

/** Changes are written together this long after the first of them, in milliseconds. */
const saveAfter = 1_000;
const maxHeard = 50_000;
const restoredAtOnce = 1_000;
/** After a write that failed (a full disk), in milliseconds. */
const saveAgainAfter = 15_000;

interface ContactsParts {
  readonly tables: TablesWriter;
  readonly profile: Profile;
  readonly onFailed: (error: unknown) => void;
}

export function createContacts(parts: ContactsParts): Contacts {
  return new LiveContacts(parts);
}

/** The contact list over all accounts: the live records and their copy on disk. */
class LiveContacts implements Contacts {
  readonly #parts: ContactsParts;
  /**
   * Per account, the last presence heard of each address, kept while off line so that a resumed session can show it
   * again.
   */
  readonly #heard = new Map<AccountId, Map<Address, Presence>>();
  readonly #fresh = new Map<AccountId, Set<Address>>();
  readonly #byAccount = new Map<AccountId, Set<ContactId>>();
  readonly #unsaved = new Set<AccountId>();
  #timer: NodeJS.Timeout | undefined;

  readonly #share = createSharing();

  constructor(parts: ContactsParts) {
    this.#parts = parts;
  }

  async restore(accountId: AccountId, protocol: Protocol): Promise<void> {
    const text = await this.#parts.profile.get("contact", accountId);
    const list = parseJson(text);
    for (const [index, value] of (Array.isArray(list) ? (list as readonly unknown[]) : []).entries()) {
      // A long list is checked and put with room for other work in between.
      if (index > 0 && index % restoredAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
      const parsed = v.safeParse(KeptSchema, value);
      if (!parsed.success) continue;
      const kept = parsed.output;
      const id = contactId(accountId, kept.address);
      this.#idsOf(accountId).add(id);
      this.#parts.tables.put("contacts", this.#share({ ...kept, id, accountId, protocol, presence: unknownPresence }));
    }
  }

  roster(accountId: AccountId, protocol: Protocol, items: readonly RosterItem[]): void {
    const listed = new Set(items.map((item) => contactId(accountId, item.address)));
    for (const item of items) this.#rosterItem(accountId, protocol, item);
    for (const id of [...this.#idsOf(accountId)]) {
      const record = this.#parts.tables.get("contacts", id);
      if (record?.listed && !listed.has(id)) this.#rosterRemoved(accountId, record.address);
    }
  }

  rosterItem(accountId: AccountId, protocol: Protocol, item: RosterItem): void {
    this.#rosterItem(accountId, protocol, item);
  }

  rosterRemoved(accountId: AccountId, address: Address): void {
    this.#rosterRemoved(accountId, address);
  }

  presence(accountId: AccountId, address: Address, presence: Presence): void {
    let known = this.#heard.get(accountId);
    if (!known) this.#heard.set(accountId, (known = new Map()));
    // Presence may come before the list it belongs to; strangers cannot fill the memory with it.
    if (known.size < maxHeard || known.has(address)) known.set(address, presence);
    this.#fresh.get(accountId)?.add(address);
    this.#setPresence(accountId, address, presence);
  }

  signingIn(accountId: AccountId): void {
    this.#fresh.set(accountId, new Set());
  }

  signedIn(accountId: AccountId, resumed: boolean): void {
    const news = this.#fresh.get(accountId);
    this.#fresh.delete(accountId);
    const known = this.#heard.get(accountId) ?? new Map<Address, Presence>();
    if (!resumed) for (const address of [...known.keys()]) if (!news?.has(address)) known.delete(address);
    for (const id of this.#idsOf(accountId)) {
      const record = this.#parts.tables.get("contacts", id);
      const presence =
        record && (known.get(record.address) ?? unheard(this.#parts.tables.get("networks", record.protocol), record));
      // What is known already is not told again, least of all of a whole list after a resumed session.
      if (record && presence && record.presence !== presence) this.#setPresence(accountId, record.address, presence);
    }
  }

  pin(id: ContactId, pinned: boolean): void {
    const record = this.#parts.tables.patch("contacts", id, { pinned });
    if (record) this.#changed(record.accountId);
  }

  known(accountId: AccountId, address: string): { readonly address: Address; readonly protocol: Protocol } | undefined {
    const id = contactId(accountId, address);
    return this.#parts.tables.get("contacts", id) ?? this.#parts.tables.get("requests", id);
  }

  ensure(accountId: AccountId, protocol: Protocol, address: Address): ContactRecord {
    const id = contactId(accountId, address);
    const old = this.#parts.tables.get("contacts", id);
    if (old) return old;
    const record: ContactRecord = {
      id,
      accountId,
      protocol,
      address,
      name: nameOf(address),
      unnamed: true,
      groups: [],
      subscription: "none",
      asked: false,
      presence: unknownPresence,
      pinned: false,
      listed: false,
    };
    this.#put(record);
    return record;
  }

  async forgetAccount(accountId: AccountId): Promise<void> {
    for (const id of this.#idsOf(accountId)) this.#parts.tables.remove("contacts", id);
    this.#byAccount.delete(accountId);
    this.#heard.delete(accountId);
    this.#unsaved.delete(accountId);
    await this.#parts.profile.put([{ namespace: "contact", key: accountId, value: undefined }]);
  }

  save(): Promise<void> {
    return this.#save();
  }

  #idsOf(accountId: AccountId): Set<ContactId> {
    let ids = this.#byAccount.get(accountId);
    if (!ids) this.#byAccount.set(accountId, (ids = new Set()));
    return ids;
  }

  #put(record: ContactRecord): void {
    this.#idsOf(record.accountId).add(record.id);
    this.#parts.tables.put("contacts", record);
    this.#changed(record.accountId);
  }

  #changed(accountId: AccountId): void {
    this.#unsaved.add(accountId);
    this.#timer ??= setTimeout(() => void this.#save(), saveAfter).unref();
  }

  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const accounts = [...this.#unsaved];
    if (accounts.length === 0) return;
    this.#unsaved.clear();
    try {
      await this.#parts.profile.put(
        accounts.map((accountId) => ({
          namespace: "contact",
          key: accountId,
          value: JSON.stringify(
            [...this.#idsOf(accountId)].flatMap((id) => keep(this.#parts.tables.get("contacts", id))),
          ),
        })),
      );
    } catch (error) {
      for (const accountId of accounts) if (this.#byAccount.has(accountId)) this.#unsaved.add(accountId);
      if (this.#unsaved.size > 0) this.#timer ??= setTimeout(() => void this.#save(), saveAgainAfter).unref();
      this.#parts.onFailed(error);
    }
  }

  #fromRoster(accountId: AccountId, protocol: Protocol, item: RosterItem): ContactRecord {
    const name = visibleName(item.name, maxNameLength);
    const id = contactId(accountId, item.address);
    const old = this.#parts.tables.get("contacts", id);
    const known = this.#heard.get(accountId)?.get(item.address);
    return this.#share({
      id,
      accountId,
      protocol,
      address: item.address,
      name: name ?? nameOf(item.address),
      ...(name === undefined ? { unnamed: true } : {}),
      groups: [...item.groups],
      subscription: item.subscription,
      asked: item.asked,
      presence: known ?? unheard(this.#parts.tables.get("networks", protocol), item),
      pinned: old?.pinned ?? false,
      listed: true,
    });
  }

  #rosterItem(accountId: AccountId, protocol: Protocol, item: RosterItem): void {
    const next = this.#fromRoster(accountId, protocol, item);
    const old = this.#parts.tables.get("contacts", next.id);
    if (!old || JSON.stringify(old) !== JSON.stringify(next)) this.#put(next);
  }

  #rosterRemoved(accountId: AccountId, address: Address): void {
    const id = contactId(accountId, address);
    const old = this.#parts.tables.get("contacts", id);
    if (!old?.listed) return;
    this.#heard.get(accountId)?.delete(address);
    // A conversation, or what is typed for one, outlives the list entry: the person stays reachable, off the list.
    const conversation = this.#parts.tables.get("conversations", conversationWith(id));
    if (conversation?.last || conversation?.draft)
      this.#put({
        ...old,
        listed: false,
        groups: [],
        pinned: false,
        subscription: "none",
        asked: false,
        presence: unknownPresence,
      });
    else {
      this.#idsOf(accountId).delete(id);
      this.#parts.tables.remove("contacts", id);
      this.#changed(accountId);
    }
  }

  #setPresence(accountId: AccountId, address: Address, presence: Presence): void {
    this.#parts.tables.patch("contacts", contactId(accountId, address), { presence });
  }
}

/**
 * Presence of somebody of whom nothing was heard in this session: offline where the server is silent of those who are,
 * else unknown until it answers.
 */
function unheard(
  network: NetworkDescription | undefined,
  { subscription }: Pick<RosterItem, "subscription">,
): Presence {
  return network?.silentWhenOffline === true && (subscription === "to" || subscription === "both")
    ? offline
    : unknownPresence;
}

function keep(record: ContactRecord | undefined): readonly v.InferOutput<typeof KeptSchema>[] {
  if (!record) return [];
  const { address, name, unnamed, groups, subscription, asked, pinned, listed } = record;
  return [{ address, name, unnamed, groups, subscription, asked, pinned, listed }];
}
