import { type ContactId, contactId, parseContactId } from "./contact.ts";
import { type ConversationId, directConversation, placeOf } from "./conversation-id.ts";

/** Contact that a direct conversation is with, whether or not there is a record of it; undefined for a room. */
export function contactIdOf(id: ConversationId): ContactId | undefined {
  const { kind, accountId, address } = placeOf(id);
  return kind === "direct" ? contactId(accountId, address) : undefined;
}

/** Record of the contact that a direct conversation is with; `get` looks it up. */
export function contactOf<T>(id: ConversationId, get: (id: ContactId) => T | undefined): T | undefined {
  const contact = contactIdOf(id);
  return contact === undefined ? undefined : get(contact);
}

/** Direct conversation with a contact. */
export function conversationWith(contact: ContactId): ConversationId {
  const { accountId, address } = parseContactId(contact);
  return directConversation(accountId, address);
}
