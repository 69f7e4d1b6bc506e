import type { AccountId } from "../../shared/model/account.ts";
import { type Address, domainOf } from "../../shared/model/address.ts";

/** Whom a burst of strangers comes from: one domain, or `*`: many domains at once. */
export type BurstOrigin = string;

const window = 10 * 60_000;
const perDomain = 5;
const together = 30;

/**
 * Tells a burst of strangers from strangers: within ten minutes an account takes in five new ones of one domain, and
 * thirty of all together; from then on they are only counted. Of the account's own domain are colleagues, who are
 * counted with all others only. Memory is bounded: what it holds is at most a time for each stranger that was let in
 * within the window.
 */
export class StrangerBursts {
  readonly #now: () => number;
  readonly #admitted = new Map<AccountId, { readonly address: Address; readonly at: number }[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A stranger. Undefined: they are let in, and count; else the burst that they belong to. */
  admit(accountId: AccountId, address: Address, own: Address | undefined): BurstOrigin | undefined {
    const now = this.#now();
    const domain = domainOf(address);
    // A clock that was set back must not shut everybody out.
    const recent = (this.#admitted.get(accountId) ?? []).filter(({ at }) => Math.abs(now - at) < window);
    this.#admitted.set(accountId, recent);
    if (recent.some((one) => one.address === address)) return undefined;
    const isOwn = own !== undefined && domainOf(own) === domain;
    if (!isOwn && recent.filter((one) => domainOf(one.address) === domain).length >= perDomain) return domain;
    if (recent.length >= together) return "*";
    recent.push({ address, at: now });
    return undefined;
  }
}
