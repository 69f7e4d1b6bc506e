import type { AccountId } from "../../shared/model/account.ts";
import { type Address, domainOf } from "../../shared/model/address.ts";

/** Whom a burst of strangers comes from: one domain, or `*`: many domains at once. */
export type BurstOrigin = string;

/**
 * Tells a burst of strangers from strangers: within ten minutes an account takes in five new ones of one domain, and
 * thirty of all together; from then on they are only counted. Of the account's own domain are colleagues, who are
 * counted with all others only. Memory is bounded: what it holds is at most a time for each stranger that was let in
 * within the window.
 */
export interface StrangerBursts {
  /** A stranger. Undefined: they are let in, and count; else the burst that they belong to. */
  admit(accountId: AccountId, address: Address, own: Address | undefined): BurstOrigin | undefined;
}

const window = 10 * 60_000;
const perDomain = 5;
const together = 30;

export function createStrangerBursts(now: () => number): StrangerBursts {
  const admitted = new Map<AccountId, { readonly address: Address; readonly at: number }[]>();
  return {
    admit(accountId, address, own) {
      const domain = domainOf(address);
      // A clock that was set back must not shut everybody out.
      const recent = (admitted.get(accountId) ?? []).filter(({ at }) => Math.abs(now() - at) < window);
      admitted.set(accountId, recent);
      if (recent.some((one) => one.address === address)) return undefined;
      const isOwn = own !== undefined && domainOf(own) === domain;
      if (!isOwn && recent.filter((one) => domainOf(one.address) === domain).length >= perDomain) return domain;
      if (recent.length >= together) return "*";
      recent.push({ address, at: now() });
      return undefined;
    },
  };
}
