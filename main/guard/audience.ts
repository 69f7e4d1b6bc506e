import { type Address, domainOf } from "../../shared/model/address.ts";

/** Between whom a message goes. */
export interface Parties {
  /** The account's own address; undefined where it is not known (yet). */
  readonly own: Address | undefined;
  readonly peer: Address;
}

/**
 * Is the other side outside the organization: of another domain than the account's, and of none that policy names? Undefined:
 * nobody can tell, and rules for either side apply.
 */
export function isExternal({ own, peer }: Parties, allowedDomains: readonly string[]): boolean | undefined {
  if (own === undefined) return undefined;
  const domain = domainOf(peer).toLowerCase();
  return domain !== domainOf(own).toLowerCase() && !allowedDomains.some((pattern) => fits(domain, pattern.toLowerCase()));
}

/** `*` is every domain, `*.a.example` all below it but not itself (shared/settings/forms.ts). */
function fits(domain: string, pattern: string): boolean {
  return pattern === "*" || domain === pattern || (pattern.startsWith("*.") && domain.endsWith(pattern.slice(1)));
}
