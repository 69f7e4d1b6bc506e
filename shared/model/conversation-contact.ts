import type { ContactId } from "./contact.ts";
import type { ConversationId } from "./conversation-id.ts";

/**
 * Id of the contact that a direct conversation is with, whether or not there is a record of it. The two share one id;
 * that of a room is no contact's.
 */
export function contactIdOf(id: ConversationId): ContactId {
  return id as string;
}

/** Record of the contact that a direct conversation is with; `get` looks it up. */
export function contactOf<T>(id: ConversationId, get: (id: ContactId) => T | undefined): T | undefined {
  return get(contactIdOf(id));
}

/** Direct conversation with a contact. */
export function conversationWith(contact: ContactId): ConversationId {
  return contact as string;
}
