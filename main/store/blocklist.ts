import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import type { AccountId } from "../../shared/model/account.ts";
import { type Address, domainOf, isUri } from "../../shared/model/address.ts";
import { BlockRecordSchema, type BlockScope } from "../../shared/model/block.ts";
import { contactId, parseContactId } from "../../shared/model/contact.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { Profile } from "../profile/profile.ts";
import type { TablesWriter } from "./tables.ts";

/** What a network does not know yet of the block list: these are to be blocked there, or no longer. */
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
  restore(): Promise<void>;
  /** Is nothing heard of this address, and nothing said to it? */
  covers(accountId: AccountId, address: Address): boolean;
  /** Blocks a person, and resolves when that is kept. */
  block(accountId: AccountId, address: Address): Promise<void>;
  /** Blocks everybody of a domain who is not on the contact list; no server knows such a rule. */
  blockStrangers(accountId: AccountId, domain: string): Promise<void>;
  /** Error: `not-found`. */
  unblock(id: string): Promise<void>;
  /** What the network is still to be told, in the order in which the person said it. */
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

export function createBlocklist({
  tables,
  profile,
  now,
  onChanged = () => undefined,
  onFailed = () => undefined,
}: {
  readonly tables: TablesWriter;
  readonly profile: Profile;
  readonly now: () => number;
  /** Others are blocked than before. */
  readonly onChanged?: () => void;
  /** The list could not be kept. */
  readonly onFailed?: (error: unknown) => void;
}): Blocklist {
  const entries = new Map<string, Entry>();

  function save(): Promise<void> {
    return profile.put([{ namespace: "app", key, value: JSON.stringify([...entries.values()]) }]);
  }

  /** Others are blocked than before. */
  function changed(): Promise<void> {
    onChanged();
    return save();
  }

  function put(entry: Entry): void {
    entries.set(entry.id, entry);
    const { told: _told, leaving, ...record } = entry;
    if (leaving) tables.remove("blocked", entry.id);
    else tables.put("blocked", record);
  }

  function drop(id: string): void {
    entries.delete(id);
    tables.remove("blocked", id);
  }

  function of(accountId: AccountId): Entry[] {
    return [...entries.values()].filter((entry) => entry.accountId === accountId);
  }

  /** The server has these: what the person has taken off meanwhile stays off. */
  function onServer(accountId: AccountId, addresses: readonly string[]): void {
    let room = maxListed - of(accountId).length;
    for (const address of addresses) {
      const entry = entries.get(contactId(accountId, address));
      // A service that is blocked here may have the name of a domain that is blocked there.
      const scope = scopeOf(address);
      if (entry?.leaving || (entry?.told && entry.scope === scope) || (entry === undefined && room-- <= 0)) continue;
      put({ ...(entry ?? fresh(accountId, address, scope, now())), scope, told: true });
    }
  }

  /** The server does not have it: what it has not been told yet stays. */
  function notOnServer(entry: Entry): void {
    if (entry.told || entry.leaving) drop(entry.id);
  }

  const isActive = (id: string): boolean => entries.has(id) && entries.get(id)?.leaving !== true;

  return {
    async restore() {
      const list = parseJson((await profile.get("app", key)) ?? (await profile.get("app", earlierKey)));
      for (const value of Array.isArray(list) ? (list as readonly unknown[]) : []) {
        const parsed = v.safeParse(EntrySchema, typeof value === "string" ? fromVersion1(value) : value);
        if (parsed.success) put(parsed.output);
      }
      onChanged();
    },
    covers(accountId, address) {
      if (entries.size === 0) return false;
      const id = contactId(accountId, address);
      const domain = domainOf(address);
      const isDomainBlocked =
        isActive(contactId(accountId, domain)) && entries.get(contactId(accountId, domain))?.scope === "domain";
      return (
        isActive(id) ||
        isDomainBlocked ||
        (isActive(strangersId(accountId, domain)) && tables.get("contacts", id) === undefined)
      );
    },
    async block(accountId, address) {
      const entry = entries.get(contactId(accountId, address));
      // Whatever the server still has of an earlier block, it is told anew.
      if (entry === undefined || entry.leaving) put(fresh(accountId, address, "person", now()));
      await changed();
    },
    async blockStrangers(accountId, domain) {
      put({ ...fresh(accountId, domain, "strangers", now()), id: strangersId(accountId, domain) });
      await changed();
    },
    async unblock(id) {
      const entry = entries.get(id);
      if (entry === undefined || entry.leaving) throw new HallwayError("not-found");
      if (isLocal(entry.scope, entry.address)) drop(id);
      else put({ ...entry, leaving: true });
      await changed();
    },
    untold: (accountId) =>
      of(accountId).flatMap(({ scope, address, told, leaving }) =>
        isLocal(scope, address) || (told && !leaving) ? [] : [{ address, isBlocked: leaving !== true }],
      ),
    async told(accountId, { address, isBlocked }) {
      const entry = entries.get(contactId(accountId, address));
      // The person has changed their mind meanwhile.
      if (entry === undefined || (entry.leaving === true) === isBlocked) return;
      if (isBlocked) put({ ...entry, told: true });
      else drop(entry.id);
      await save();
    },
    listed(accountId, addresses) {
      const there = new Set(addresses.map((address) => contactId(accountId, address)));
      for (const entry of of(accountId))
        if (!isLocal(entry.scope, entry.address) && !there.has(entry.id)) notOnServer(entry);
      onServer(accountId, addresses);
      changed().catch(onFailed);
    },
    pushed(accountId, addresses, isBlocked) {
      for (const address of addresses) {
        const entry = entries.get(contactId(accountId, address));
        if (entry && !isBlocked) notOnServer(entry);
        // A device of the person's has blocked them anew, whatever was said here before.
        else if (entry?.leaving) drop(entry.id);
      }
      if (isBlocked) onServer(accountId, addresses);
      changed().catch(onFailed);
    },
    async forgetAccount(accountId) {
      const own = of(accountId);
      if (own.length === 0) return;
      for (const { id } of own) drop(id);
      await changed();
    },
  };
}

function fresh(accountId: AccountId, address: string, scope: BlockScope, at: number): Entry {
  return { id: contactId(accountId, address), accountId, scope, address, at };
}

function scopeOf(address: string): BlockScope {
  if (address.includes("/")) return "device";
  return address.includes("@") || isUri(address) ? "person" : "domain";
}

/**
 * What no network has a rule for: strangers, and a server that speaks for itself, whose name there means everybody of
 * it.
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
