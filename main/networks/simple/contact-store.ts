import * as v from "valibot";
import { type Address, AddressSchema } from "../../../shared/model/address.ts";
import { maxNameLength, type PresenceSubscription, PresenceSubscriptionSchema } from "../../../shared/model/contact.ts";
import { visibleName } from "../../../shared/text/visible-name.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { RosterItem } from "../facets/contacts.ts";
import type { Log } from "../log.ts";
import { EnvelopeDevices, EnvelopeDevicesSchema } from "./messages/envelope-devices.ts";

const ContactSchema = v.object({
  address: AddressSchema,
  name: v.optional(v.string()),
  groups: v.array(v.string()),
  /** We see them. */
  seen: v.boolean(),
});
type Contact = v.InferOutput<typeof ContactSchema>;

const StoredSchema = v.object({
  version: v.literal(1),
  contacts: v.array(ContactSchema),
  /** Addresses that may see us, as the person has decided. */
  accepted: v.array(AddressSchema),
  declined: v.array(AddressSchema),
  /** Addresses that see nothing of us and are not seen, whatever was decided about them before. */
  blocked: v.optional(v.array(AddressSchema)),
  /**
   * Formats that the other side understands, message/cpim or plain text only, as versions before `devices` noted them.
   */
  cpim: v.array(v.tuple([AddressSchema, v.boolean()])),
  devices: v.optional(EnvelopeDevicesSchema),
});

/** Device that does not say what it is. */
const someDevice = "";
/** Addresses remembered beside the contact list, at most; the oldest are forgotten first. */
const maxRemembered = 5_000;
const saveDelay = 500;

/**
 * The contact list of an account on a server that keeps none, and what else is remembered of people: kept through
 * environment.cache. Changes by a person are saved at once, others a moment later together.
 */
export class ContactStore {
  readonly #cache: NetworkEnvironment["cache"];
  readonly #key: string;
  readonly #log: Log;
  readonly #contacts = new Map<Address, Contact>();
  readonly #accepted = new Set<Address>();
  readonly #declined = new Set<Address>();
  readonly #blocked = new Set<Address>();
  readonly #devices = new EnvelopeDevices();
  #loaded: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(cache: NetworkEnvironment["cache"], accountId: string, log: Log) {
    this.#cache = cache;
    this.#key = `simple/${accountId}/contacts`;
    this.#log = log;
  }

  /** Reads what was kept; once. What cannot be read is as if it was not there. */
  load(): Promise<void> {
    this.#loaded ??= this.#read();
    return this.#loaded;
  }

  async #read(): Promise<void> {
    try {
      const text = await this.#cache.get(this.#key);
      if (text === undefined) return;
      const stored = v.parse(StoredSchema, JSON.parse(text));
      for (const contact of stored.contacts) this.#contacts.set(contact.address, contact);
      for (const address of stored.accepted) this.#accepted.add(address);
      for (const address of stored.declined) this.#declined.add(address);
      for (const address of stored.blocked ?? []) this.#blocked.add(address);
      for (const [address, takes] of stored.cpim) this.#devices.set(address, someDevice, takes);
      this.#devices.load(stored.devices ?? []);
    } catch (error) {
      this.#log.warn("SIP contact list could not be read", { error });
    }
  }

  has(address: Address): boolean {
    return this.#contacts.has(address);
  }

  /** On the list, or accepted, and not blocked: may know that we are here. */
  knows(address: Address): boolean {
    return !this.#blocked.has(address) && (this.#contacts.has(address) || this.#accepted.has(address));
  }

  isBlocked(address: Address): boolean {
    return this.#blocked.has(address);
  }

  /** Blocks or unblocks an address. Earlier decisions about it are remembered, for the day on which it is unblocked. */
  async setBlocked(address: Address, isBlocked: boolean): Promise<void> {
    if (isBlocked) this.#blocked.add(address);
    else this.#blocked.delete(address);
    await this.save();
  }

  addresses(): readonly Address[] {
    return [...this.#contacts.keys()];
  }

  items(): readonly RosterItem[] {
    return [...this.#contacts.values()].map((c) => this.#item(c));
  }

  item(address: Address): RosterItem | undefined {
    const contact = this.#contacts.get(address);
    return contact && this.#item(contact);
  }

  /** Adds or changes a contact; `seen` stays as it was. */
  async put(address: Address, name: string | undefined, groups: readonly string[]): Promise<void> {
    const seen = this.#contacts.get(address)?.seen ?? false;
    this.#contacts.set(address, {
      address,
      groups: [...new Set(groups)],
      seen,
      ...(name === undefined ? {} : { name }),
    });
    await this.save();
  }

  /** Takes over the list that a server keeps: who is not on it is gone. */
  async replace(list: readonly Pick<RosterItem, "address" | "name" | "groups">[]): Promise<void> {
    const seen = new Set([...this.#contacts.values()].filter((c) => c.seen).map((c) => c.address));
    this.#contacts.clear();
    for (const { address, name, groups } of list) {
      this.#contacts.set(address, {
        address,
        groups: [...new Set(groups)],
        seen: seen.has(address),
        ...(name === undefined ? {} : { name }),
      });
    }
    await this.save();
  }

  async remove(address: Address): Promise<void> {
    this.#contacts.delete(address);
    this.#accepted.delete(address);
    await this.save();
  }

  /** Notes whether we see their presence; true when that is news. */
  setSeen(address: Address, seen: boolean): boolean {
    const contact = this.#contacts.get(address);
    if (!contact || contact.seen === seen) return false;
    this.#contacts.set(address, { ...contact, seen });
    this.#saveSoon();
    return true;
  }

  /** Decision of the person about somebody who wants to see us. */
  decision(address: Address): "accepted" | "declined" | undefined {
    return this.#accepted.has(address) ? "accepted" : this.#declined.has(address) ? "declined" : undefined;
  }

  async decide(address: Address, decision: "accepted" | "declined" | undefined): Promise<void> {
    this.#forgetDecision(address);
    if (decision) bounded(decision === "accepted" ? this.#accepted : this.#declined).add(address);
    await this.save();
  }

  /** Takes over decisions that the server keeps. */
  async adopt(accepted: readonly Address[], declined: readonly Address[]): Promise<void> {
    const isOpen = (address: Address): boolean => !this.#blocked.has(address);
    for (const address of accepted.filter(isOpen)) {
      this.#forgetDecision(address);
      bounded(this.#accepted).add(address);
    }
    for (const address of declined.filter(isOpen)) {
      this.#forgetDecision(address);
      bounded(this.#declined).add(address);
    }
    await this.save();
  }

  /** Before another one: whose place is free already takes nobody else's. */
  #forgetDecision(address: Address): void {
    this.#accepted.delete(address);
    this.#declined.delete(address);
  }

  /** Whether all their devices take message/cpim; undefined: not known. */
  takesCpim(address: Address): boolean | undefined {
    return this.#devices.takes(address);
  }

  /** Notes what one of their devices takes; `device`: what it calls itself (User-Agent). */
  setTakesCpim(address: Address, takes: boolean, device = someDevice): void {
    if (this.#devices.set(address, device, takes)) this.#saveSoon();
  }

  /**
   * One of their devices was heard, and did not say what it takes: unless more is known of it, it shows nothing but
   * plain text.
   */
  heardDevice(address: Address, device: string): void {
    if (!this.#devices.knows(address, device)) this.setTakesCpim(address, false, device);
  }

  /** Writes what is still to be written. */
  async flush(): Promise<void> {
    if (this.#timer) await this.save();
    await this.#saving;
  }

  /** Writes now, after what is being written. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#saving = this.#saving.then(async () => {
      const stored: v.InferOutput<typeof StoredSchema> = {
        version: 1,
        contacts: [...this.#contacts.values()],
        accepted: [...this.#accepted],
        declined: [...this.#declined],
        blocked: [...this.#blocked],
        cpim: [],
        devices: this.#devices.stored(),
      };
      try {
        await this.#cache.set(this.#key, JSON.stringify(stored));
      } catch (error) {
        this.#log.warn("SIP contact list could not be kept", { error });
      }
    });
    return this.#saving;
  }

  #saveSoon(): void {
    this.#timer ??= setTimeout(() => void this.save(), saveDelay);
    this.#timer.unref();
  }

  #item(contact: Contact): RosterItem {
    const { address, name, groups, seen } = contact;
    const subscription: PresenceSubscription = v.parse(
      PresenceSubscriptionSchema,
      seen ? (this.#accepted.has(address) ? "both" : "to") : this.#accepted.has(address) ? "from" : "none",
    );
    return { address, name: visibleName(name, maxNameLength), groups, subscription, asked: !seen };
  }
}

function bounded<T extends { readonly size: number; keys(): IterableIterator<Address>; delete(key: Address): boolean }>(
  collection: T,
): T {
  if (collection.size >= maxRemembered) {
    const oldest = collection.keys().next();
    if (!oldest.done) collection.delete(oldest.value);
  }
  return collection;
}
