import { Memo } from "../../shared/memo.ts";
import { type Address, domainOf } from "../../shared/model/address.ts";
import { namedByAny } from "../addressing/domains.ts";

/** Between whom a message goes. */
export interface Parties {
  /** The account's own address; undefined where it is not known (yet). */
  readonly own: Address | undefined;
  readonly peer: Address;
}

/** Pairs of domains that are remembered; a list of thousands of domains takes a while to go through. */
const maxRemembered = 2_000;

/**
 * Tells whether the other side is outside the organization: of another domain than the account's, and of none that
 * policy names. Undefined: nobody can tell, and rules for either side apply.
 */
export function createAudience(allowedDomains: readonly string[]): (parties: Parties) => boolean | undefined {
  const remembered = new Memo<string, boolean>(maxRemembered);
  return ({ own, peer }) => {
    if (own === undefined) return undefined;
    const [inside, domain] = [domainOf(own), domainOf(peer)];
    return remembered.get(`${inside} ${domain}`, () => !namedByAny([inside, ...allowedDomains], domain));
  };
}
