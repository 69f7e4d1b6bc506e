import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig, AccountId, Protocol } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { Connection } from "./network.ts";

/** An account and, while it is online, its connection. */
export interface Reachable {
  readonly config: AccountConfig;
  readonly session: { readonly online: Connection | undefined };
}

/** The accounts there are and their connections. `main/accounts` writes it; whoever needs a connection looks it up. */
export class Connections {
  readonly #accounts = new Map<AccountId, Reachable>();
  /** Also of accounts that are only tried. */
  readonly #addresses = new Map<AccountId, Address>();

  /** An account that is only tried has an address and no connection for others. */
  tried(config: AccountConfig): void {
    this.#addresses.set(config.id, config.address);
  }

  kept(account: Reachable): void {
    this.tried(account.config);
    this.#accounts.set(account.config.id, account);
  }

  /** Its address stays known until `forget`. */
  removed(accountId: AccountId): void {
    this.#accounts.delete(accountId);
  }

  forget(accountId: AccountId): void {
    this.#addresses.delete(accountId);
  }

  /** The connection while it is online, else undefined. */
  get(accountId: AccountId): Connection | undefined {
    return this.#accounts.get(accountId)?.session.online;
  }

  /** The connection while it is online. Errors: `offline`, `not-found` for an unknown account. */
  online(accountId: AccountId): Connection {
    const { online } = this.#entry(accountId).session;
    if (!online) throw new HallwayError("offline");
    return online;
  }

  /** Error: `not-found`. */
  protocol(accountId: AccountId): Protocol {
    return this.#entry(accountId).config.protocol;
  }

  /** The account's own address; undefined for an unknown account. */
  address(accountId: AccountId): Address | undefined {
    return this.#addresses.get(accountId);
  }

  #entry(accountId: AccountId): Reachable {
    const found = this.#accounts.get(accountId);
    if (!found) throw new HallwayError("not-found");
    return found;
  }
}
