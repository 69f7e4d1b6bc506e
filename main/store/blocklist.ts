import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import { Listeners } from "../../shared/listeners.ts";
import type { AccountId } from "../../shared/model/account.ts";
import { type Address, domainOf, isUri } from "../../shared/model/address.ts";
import { BlockRecordSchema, type BlockScope } from "../../shared/model/block.ts";
import { contactId, parseContactId } from "../../shared/model/contact.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { Profile } from "../profile/profile.ts";
import type { TablesWriter } from "./tables.ts";

/** Change of the block list that a network does not know yet: these are to be blocked there, or no longer. */
export interface Untold {
  readonly address: string;
  readonly isBlocked: boolean;
}

/**
 * Whom the person has blocked, for each account: kept in the profile, published as table `blocked`, and held in step
 * with the list of a server that keeps one (XEP-0191).
 *
 *   block ---> here --told--> on the server --unblock--> leaving --told--> (gone)
 *               |                  |  ^                                     ^
 *               |           listed without it, pushed as unblocked ---------+
 *               +--unblock-> leaving, for the server may have it already
 */
export interface Blocklist {
  /** Others are blocked than before. */
  readonly changes: Listeners<void>;
  restore(): Promise<void>;
  /** Is nothing heard of this address, and nothing said to it? */
  covers(accountId: AccountId, address: Address): boolean;
  /** Blocks a person, and resolves when that is kept. */
  block(accountId: AccountId, address: Address): Promise<void>;
  /** Blocks everybody of a domain who is not on the contact list; no server knows such a rule. */
  blockStrangers(accountId: AccountId, domain: string): Promise<void>;
  /** Error: `not-found`. */
  unblock(id: string): Promise<void>;
  /** Changes that the network is still to be told, in the order in which the person made them. */
  untold(accountId: AccountId): readonly Untold[];
  /** The network has heard of it. */
  told(accountId: AccountId, what: Untold): Promise<void>;
  /** The whole list of the server. What it no longer has was unblocked on another device. */
  listed(accountId: AccountId, addresses: readonly string[]): void;
  /** Another device has blocked these, or blocks them no longer. */
  pushed(accountId: AccountId, addresses: readonly string[], isBlocked: boolean): void;
  forgetAccount(accountId: AccountId): Promise<void>;
}

const EntrySchema = v.object({
  ...BlockRecordSchema.entries,
  /** The server has it. */
  told: v.optional(v.boolean()),
  /** The person blocks them no longer, which the server has not heard yet. */
  leaving: v.optional(v.boolean()),
});
type Entry = v.InferOutput<typeof EntrySchema>;

const key = "blocklist";
/** Where earlier versions keep theirs. They can read no other form of it, so that it is left as it is. */
const earlierKey = "blocked";
/** Entries of one account that are taken over from a server. */
const maxListed = 10_000;

interface BlocklistParts {
  readonly tables: TablesWriter;
  readonly profile: Profile;
  readonly now: () => number;
  /** The list could not be kept. */
  readonly onFailed?: (error: unknown) => void;
}

export function createBlocklist(parts: BlocklistParts): Blocklist {
  return new LiveBlocklist(parts);
}

class LiveBlocklist implements Blocklist {
  readonly changes = new Listeners<void>();
  readonly #parts: BlocklistParts;
  readonly #entries = new Map<string, Entry>();

  constructor(parts: BlocklistParts) {
    this.#parts = parts;
  }

  async restore(): Promise<void> {
    const list = parseJson(
      (await this.#parts.profile.get("app", key)) ?? (await this.#parts.profile.get("app", earlierKey)),
    );
    for (const value of Array.isArray(list) ? (list as readonly unknown[]) : []) {
      const parsed = v.safeParse(EntrySchema, typeof value === "string" ? fromVersion1(value) : value);
      if (parsed.success) this.#put(parsed.output);
    }
    this.changes.emit();
  }

  covers(accountId: AccountId, address: Address): boolean {
    if (this.#entries.size === 0) return false;
    const id = contactId(accountId, address);
    const domain = domainOf(address);
    const isDomainBlocked =
      this.#isActive(contactId(accountId, domain)) &&
      this.#entries.get(contactId(accountId, domain))?.scope === "domain";
    return (
      this.#isActive(id) ||
      isDomainBlocked ||
      (this.#isActive(strangersId(accountId, domain)) && this.#parts.tables.get("contacts", id) === undefined)
    );
  }

  async block(accountId: AccountId, address: Address): Promise<void> {
    const entry = this.#entries.get(contactId(accountId, address));
    // Whatever the server still has of an earlier block, it is told anew.
    if (entry === undefined || entry.leaving)
      this.#put(fresh({ accountId, address, scope: "person", at: this.#parts.now() }));
    await this.#changed();
  }

  async blockStrangers(accountId: AccountId, domain: string): Promise<void> {
    this.#put({
      ...fresh({ accountId, address: domain, scope: "strangers", at: this.#parts.now() }),
      id: strangersId(accountId, domain),
    });
    await this.#changed();
  }

  async unblock(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.leaving) throw new HallwayError("not-found");
    if (isLocal(entry.scope, entry.address)) this.#drop(id);
    else this.#put({ ...entry, leaving: true });
    await this.#changed();
  }

  untold(accountId: AccountId): readonly Untold[] {
    return this.#of(accountId).flatMap(({ scope, address, told, leaving }) =>
      isLocal(scope, address) || (told && !leaving) ? [] : [{ address, isBlocked: leaving !== true }],
    );
  }

  async told(accountId: AccountId, { address, isBlocked }: Untold): Promise<void> {
    const entry = this.#entries.get(contactId(accountId, address));
    // The person has changed their mind meanwhile.
    if (entry === undefined || (entry.leaving === true) === isBlocked) return;
    if (isBlocked) this.#put({ ...entry, told: true });
    else this.#drop(entry.id);
    await this.#save();
  }

  listed(accountId: AccountId, addresses: readonly string[]): void {
    const there = new Set(addresses.map((address) => contactId(accountId, address)));
    for (const entry of this.#of(accountId))
      if (!isLocal(entry.scope, entry.address) && !there.has(entry.id)) this.#notOnServer(entry);
    this.#onServer(accountId, addresses);
    this.#changed().catch((error: unknown) => this.#parts.onFailed?.(error));
  }

  pushed(accountId: AccountId, addresses: readonly string[], isBlocked: boolean): void {
    for (const address of addresses) {
      const entry = this.#entries.get(contactId(accountId, address));
      if (entry && !isBlocked) this.#notOnServer(entry);
      // A device of the person's has blocked them anew, whatever was said here before.
      else if (entry?.leaving) this.#drop(entry.id);
    }
    if (isBlocked) this.#onServer(accountId, addresses);
    this.#changed().catch((error: unknown) => this.#parts.onFailed?.(error));
  }

  async forgetAccount(accountId: AccountId): Promise<void> {
    const own = this.#of(accountId);
    if (own.length === 0) return;
    for (const { id } of own) this.#drop(id);
    await this.#changed();
  }

  #save(): Promise<void> {
    return this.#parts.profile.put([{ namespace: "app", key, value: JSON.stringify([...this.#entries.values()]) }]);
  }

  /** Others are blocked than before. */
  #changed(): Promise<void> {
    this.changes.emit();
    return this.#save();
  }

  #put(entry: Entry): void {
    this.#entries.set(entry.id, entry);
    const { told: _told, leaving, ...record } = entry;
    if (leaving) this.#parts.tables.remove("blocked", entry.id);
    else this.#parts.tables.put("blocked", record);
  }

  #drop(id: string): void {
    this.#entries.delete(id);
    this.#parts.tables.remove("blocked", id);
  }

  #of(accountId: AccountId): Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.accountId === accountId);
  }

  /** The server has these: what the person has taken off meanwhile stays off. */
  #onServer(accountId: AccountId, addresses: readonly string[]): void {
    let room = maxListed - this.#of(accountId).length;
    for (const address of addresses) {
      const entry = this.#entries.get(contactId(accountId, address));
      // A service that is blocked here may have the name of a domain that is blocked there.
      const scope = scopeOf(address);
      if (entry?.leaving || (entry?.told && entry.scope === scope) || (entry === undefined && room-- <= 0)) continue;
      this.#put({ ...(entry ?? fresh({ accountId, address, scope, at: this.#parts.now() })), scope, told: true });
    }
  }

  /** The server does not have it: what it has not been told yet stays. */
  #notOnServer(entry: Entry): void {
    if (entry.told || entry.leaving) this.#drop(entry.id);
  }

  readonly #isActive = (id: string): boolean => this.#entries.has(id) && this.#entries.get(id)?.leaving !== true;
}

function fresh(entry: Omit<Entry, "id">): Entry {
  return { id: contactId(entry.accountId, entry.address), ...entry };
}

function scopeOf(address: string): BlockScope {
  if (address.includes("/")) return "device";
  return address.includes("@") || isUri(address) ? "person" : "domain";
}

/**
 * True for what no network has a rule for: strangers, and a server that speaks for itself, whose name there means
 * everybody of it.
 */
function isLocal(scope: BlockScope, address: string): boolean {
  return scope === "strangers" || (scope === "person" && !address.includes("@") && !isUri(address));
}

/** No address is without a local part, so nobody can be taken for it. */
function strangersId(accountId: AccountId, domain: string): string {
  return contactId(accountId, `@${domain}`);
}

/** As the list was kept before servers were asked: ids alone. */
function fromVersion1(id: string): Entry {
  const { accountId, address } = parseContactId(id);
  return address.startsWith("@")
    ? { id, accountId, address: address.slice(1), scope: "strangers" }
    : { id, accountId, address, scope: scopeOf(address) };
}
