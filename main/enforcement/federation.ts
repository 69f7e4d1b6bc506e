import type { ErrorInfo } from "../../shared/errors.ts";
import { type Address, domainOf } from "../../shared/model/address.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { comparable, namedByAny, namedExpressly } from "../addressing/domains.ts";
import { blocked } from "./rules.ts";

/**
 * Why one may not talk with somebody; undefined: one may. `own`: the domain of an account that is not kept yet.
 * The error is always `blocked-by-policy` with the setting that says so, and the domain.
 */
export type Federation = (address: Address, own?: string) => ErrorInfo | undefined;

/**
 * FederationMode, AllowedDomains and BlockedDomains: who may be written to, added and heard. The domains of the
 * person's own accounts are inside, unless BlockedDomains names them expressly. `ownDomains`: those of all kept
 * accounts.
 */
export function createFederation(get: ReadSetting, ownDomains: () => Iterable<string>): Federation {
  return (address, own) => {
    const mode = get("FederationMode");
    const barred = get("BlockedDomains");
    if (mode === "open" && barred.length === 0) return undefined;
    const domain = domainOf(address);
    if (namedExpressly(barred, domain)) return blocked("BlockedDomains", { domain });
    const wanted = comparable(domain);
    if (own !== undefined && comparable(own) === wanted) return undefined;
    for (const known of ownDomains()) if (comparable(known) === wanted) return undefined;
    if (namedByAny(barred, domain)) return blocked("BlockedDomains", { domain });
    if (mode === "none" || (mode === "list" && !namedByAny(get("AllowedDomains"), domain)))
      return blocked("FederationMode", { domain });
    return undefined;
  };
}
