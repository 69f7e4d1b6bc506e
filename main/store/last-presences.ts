import type { AccountId } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { NetworkDescription } from "../../shared/model/network.ts";
import { offline, type Presence, unknownPresence } from "../../shared/model/presence.ts";
import type { RosterItem } from "../networks/facets/contacts.ts";

const maxHeard = 50_000;

/**
 * The last presence heard of each address, for each account; kept while offline so that a resumed session can show it
 * again.
 */
export class LastPresences {
  readonly #heard = new Map<AccountId, Map<Address, Presence>>();
  /** Addresses heard of since the last attempt to sign in began, as long as it has not ended. */
  readonly #fresh = new Map<AccountId, Set<Address>>();

  hear(accountId: AccountId, address: Address, presence: Presence): void {
    let known = this.#heard.get(accountId);
    if (!known) this.#heard.set(accountId, (known = new Map()));
    // Presence may come before the list it belongs to; strangers cannot fill the memory with it.
    if (known.size < maxHeard || known.has(address)) known.set(address, presence);
    this.#fresh.get(accountId)?.add(address);
  }

  /**
   * Presence of somebody on the list. Of whom nothing was heard in this session: offline where the server is silent of
   * those who are, else unknown until it answers.
   */
  of(
    accountId: AccountId,
    { address, subscription }: Pick<RosterItem, "address" | "subscription">,
    network: NetworkDescription | undefined,
  ): Presence {
    const known = this.#heard.get(accountId)?.get(address);
    if (known) return known;
    return network?.silentWhenOffline === true && (subscription === "to" || subscription === "both")
      ? offline
      : unknownPresence;
  }

  /** Before a connection attempt: from here on it is remembered whose presence is fresh. */
  signingIn(accountId: AccountId): void {
    this.#fresh.set(accountId, new Set());
  }

  /** Signed in: unless resumed, nothing is left of what was known before `signingIn`. */
  signedIn(accountId: AccountId, resumed: boolean): void {
    const news = this.#fresh.get(accountId);
    this.#fresh.delete(accountId);
    const known = this.#heard.get(accountId);
    if (known && !resumed) for (const address of [...known.keys()]) if (!news?.has(address)) known.delete(address);
  }

  forget(accountId: AccountId, address: Address): void {
    this.#heard.get(accountId)?.delete(address);
  }

  forgetAccount(accountId: AccountId): void {
    this.#heard.delete(accountId);
    this.#fresh.delete(accountId);
  }
}
