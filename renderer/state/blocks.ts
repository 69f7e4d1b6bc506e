import { domainOf } from "../../shared/model/address.ts";
import type { BlockRecord } from "../../shared/model/block.ts";
import { type ContactId, contactId, parseContactId } from "../../shared/model/contact.ts";
import type { Replica } from "./replica.ts";

/**
 * The entry of the block list that keeps somebody away: their own, or that of their domain. Followed by whoever draws
 * it.
 */
export function blockOf({ blocked }: Pick<Replica, "blocked">, id: ContactId): BlockRecord | undefined {
  // One signal for all: a list of thousands follows it row by row.
  void blocked.version.value;
  if (blocked.size === 0) return undefined;
  const { accountId, address } = parseContactId(id);
  // The name of a service is that of its domain, and to block the one is not to block everybody of the other.
  const domain = blocked.peek(contactId(accountId, domainOf(address)));
  return blocked.peek(id) ?? (domain?.scope === "domain" ? domain : undefined);
}
