import { domainOf } from "../../shared/model/address.ts";
import type { BlockRecord } from "../../shared/model/block.ts";
import { type ContactId, contactId, parseContactId } from "../../shared/model/contact.ts";
import type { Replica } from "./replica.ts";

/** The entry of the block list that keeps somebody away: their own, or that of their domain. Followed by whoever draws it. */
export function blockOf({ blocked }: Pick<Replica, "blocked">, id: ContactId): BlockRecord | undefined {
  // One signal for all: a list of thousands follows it row by row.
  void blocked.version.value;
  if (blocked.size === 0) return undefined;
  const { accountId, address } = parseContactId(id);
  return blocked.peek(id) ?? blocked.peek(contactId(accountId, domainOf(address)));
}
