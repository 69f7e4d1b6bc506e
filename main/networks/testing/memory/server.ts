import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { OwnPresence, Presence } from "../../../../shared/model/presence.ts";
import type { NetworkEvent } from "../../events.ts";
import type { RosterItem } from "../../facets/contacts.ts";

type Tell = (event: NetworkEvent) => unknown;

/** An account of the server: what is kept of it, and the devices that are signed in. */
interface Account {
  readonly list: Map<Address, Pick<RosterItem, "name" | "groups">>;
  /** People who may see this one. */
  readonly watchers: Set<Address>;
  readonly devices: Map<Tell, Presence>;
}

/** The server of the memory network. */
export class MemoryServer {
  readonly #accounts = new Map<Address, Account>();

  /** Makes the account at the first mention of it. */
  account(address: Address): Account {
    const account = this.#accounts.get(address) ?? { list: new Map(), watchers: new Set(), devices: new Map() };
    this.#accounts.set(address, account);
    return account;
  }

  has(address: Address): boolean {
    return this.#accounts.has(address);
  }

  tell(address: Address, event: NetworkEvent): void {
    for (const device of this.#accounts.get(address)?.devices.keys() ?? []) device(event);
  }

  signIn(address: Address, tell: Tell, presence: OwnPresence): void {
    const account = this.account(address);
    account.devices.set(tell, presence);
    tell({ type: "roster", items: [...account.list.keys()].map((peer) => this.item(address, peer)) });
    for (const peer of account.list.keys()) if (this.#sees(address, peer)) this.#show(peer, address);
    this.announce(address);
  }

  signOut(address: Address, tell: Tell): void {
    if (this.account(address).devices.delete(tell)) this.announce(address);
  }

  setPresence(address: Address, tell: Tell, presence: OwnPresence): void {
    const { devices } = this.account(address);
    if (!devices.has(tell)) throw new HallwayError("offline");
    devices.set(tell, presence);
    this.announce(address);
  }

  announce(address: Address): void {
    for (const watcher of this.account(address).watchers) this.#show(address, watcher);
  }

  item(owner: Address, address: Address): RosterItem {
    const { name, groups } = this.account(owner).list.get(address) ?? { name: undefined, groups: [] };
    const [sees, isSeen] = [this.#sees(owner, address), this.#sees(address, owner)];
    const subscription = sees ? (isSeen ? "both" : "to") : isSeen ? "from" : "none";
    return { address, name, groups, subscription, asked: !sees };
  }

  /** Lets a watcher see somebody, and tells both lists. */
  accept(address: Address, watcher: Address): void {
    this.account(address).watchers.add(watcher);
    for (const [owner, other] of [
      [watcher, address],
      [address, watcher],
    ] as const)
      if (this.account(owner).list.has(other)) this.tell(owner, { type: "roster-item", item: this.item(owner, other) });
    this.#show(address, watcher);
  }

  #sees(watcher: Address, address: Address): boolean {
    return this.#accounts.get(address)?.watchers.has(watcher) === true;
  }

  #show(address: Address, watcher: Address): void {
    const presence = [...this.account(address).devices.values()].at(-1) ?? { availability: "offline" as const };
    this.tell(watcher, { type: "presence", address, presence });
  }
}
