import { contactOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { Tables } from "./tables.ts";

/**
 * Place of a conversation: out of its record, else out of that of the contact that it is with; undefined: there is
 * neither.
 */
export function placeIn(tables: Pick<Tables, "get">, id: ConversationId): ConversationPlace | undefined {
  const record = tables.get("conversations", id);
  if (record) return { accountId: record.accountId, kind: record.kind, address: record.address };
  const contact = contactOf(id, (contactId) => tables.get("contacts", contactId));
  return contact && { accountId: contact.accountId, kind: "direct", address: contact.address };
}
