import type { AccountId, Protocol } from "../../shared/model/account.ts";
import { type Address, nameOf } from "../../shared/model/address.ts";
import { type ContactId, type ContactRecord, contactId, maxNameLength } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { type Presence, unknownPresence } from "../../shared/model/presence.ts";
import { createSharing } from "../../shared/model/sharing.ts";
import { visibleName } from "../../shared/text/visible-name.ts";
import type { RosterItem } from "../networks/facets/contacts.ts";
import type { Profile } from "../profile/profile.ts";
import { KeptContacts } from "./kept-contacts.ts";
import { LastPresences } from "./last-presences.ts";
import type { TablesWriter } from "./tables.ts";

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
  readonly #tables: TablesWriter;
  readonly #kept: KeptContacts;
  readonly #presences = new LastPresences();
  readonly #byAccount = new Map<AccountId, Set<ContactId>>();
  readonly #share = createSharing();

  constructor({ tables, profile, onFailed }: ContactsParts) {
    this.#tables = tables;
    const contactsOf = (accountId: AccountId): readonly ContactRecord[] | undefined =>
      this.#byAccount.has(accountId) ? this.#contactsOf(accountId) : undefined;
    this.#kept = new KeptContacts({ profile, contactsOf, onFailed });
  }

  async restore(accountId: AccountId, protocol: Protocol): Promise<void> {
    await this.#kept.read(accountId, (kept) => {
      const id = contactId(accountId, kept.address);
      this.#idsOf(accountId).add(id);
      this.#tables.put("contacts", this.#share({ ...kept, id, accountId, protocol, presence: unknownPresence }));
    });
  }

  roster(accountId: AccountId, protocol: Protocol, items: readonly RosterItem[]): void {
    const listed = new Set(items.map((item) => contactId(accountId, item.address)));
    for (const item of items) this.rosterItem(accountId, protocol, item);
    for (const record of this.#contactsOf(accountId))
      if (record.listed && !listed.has(record.id)) this.rosterRemoved(accountId, record.address);
  }

  rosterItem(accountId: AccountId, protocol: Protocol, item: RosterItem): void {
    const next = this.#fromRoster(accountId, protocol, item);
    const old = this.#tables.get("contacts", next.id);
    if (!old || JSON.stringify(old) !== JSON.stringify(next)) this.#put(next);
  }

  rosterRemoved(accountId: AccountId, address: Address): void {
    const id = contactId(accountId, address);
    const old = this.#tables.get("contacts", id);
    if (!old?.listed) return;
    this.#presences.forget(accountId, address);
    // A conversation, or what is typed for one, outlives the list entry: the person stays reachable, off the list.
    const conversation = this.#tables.get("conversations", conversationWith(id));
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
      this.#tables.remove("contacts", id);
      this.#kept.changed(accountId);
    }
  }

  presence(accountId: AccountId, address: Address, presence: Presence): void {
    this.#presences.hear(accountId, address, presence);
    this.#setPresence(accountId, address, presence);
  }

  signingIn(accountId: AccountId): void {
    this.#presences.signingIn(accountId);
  }

  signedIn(accountId: AccountId, resumed: boolean): void {
    this.#presences.signedIn(accountId, resumed);
    for (const record of this.#contactsOf(accountId)) {
      const presence = this.#presences.of(accountId, record, this.#tables.get("networks", record.protocol));
      // What is known already is not told again, least of all of a whole list after a resumed session.
      if (record.presence !== presence) this.#setPresence(accountId, record.address, presence);
    }
  }

  pin(id: ContactId, pinned: boolean): void {
    const record = this.#tables.patch("contacts", id, { pinned });
    if (record) this.#kept.changed(record.accountId);
  }

  known(accountId: AccountId, address: string): { readonly address: Address; readonly protocol: Protocol } | undefined {
    const id = contactId(accountId, address);
    return this.#tables.get("contacts", id) ?? this.#tables.get("requests", id);
  }

  ensure(accountId: AccountId, protocol: Protocol, address: Address): ContactRecord {
    const id = contactId(accountId, address);
    const old = this.#tables.get("contacts", id);
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
    for (const id of this.#idsOf(accountId)) this.#tables.remove("contacts", id);
    this.#byAccount.delete(accountId);
    this.#presences.forgetAccount(accountId);
    await this.#kept.forget(accountId);
  }

  save(): Promise<void> {
    return this.#kept.save();
  }

  #contactsOf(accountId: AccountId): readonly ContactRecord[] {
    return [...this.#idsOf(accountId)].flatMap((id) => this.#tables.get("contacts", id) ?? []);
  }

  #idsOf(accountId: AccountId): Set<ContactId> {
    let ids = this.#byAccount.get(accountId);
    if (!ids) this.#byAccount.set(accountId, (ids = new Set()));
    return ids;
  }

  #put(record: ContactRecord): void {
    this.#idsOf(record.accountId).add(record.id);
    this.#tables.put("contacts", record);
    this.#kept.changed(record.accountId);
  }

  #fromRoster(accountId: AccountId, protocol: Protocol, item: RosterItem): ContactRecord {
    const name = visibleName(item.name, maxNameLength);
    const id = contactId(accountId, item.address);
    const old = this.#tables.get("contacts", id);
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
      presence: this.#presences.of(accountId, item, this.#tables.get("networks", protocol)),
      pinned: old?.pinned ?? false,
      listed: true,
    });
  }

  #setPresence(accountId: AccountId, address: Address, presence: Presence): void {
    this.#tables.patch("contacts", contactId(accountId, address), { presence });
  }
}
