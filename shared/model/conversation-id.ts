import * as v from "valibot";
import type { AccountId } from "./account.ts";
import type { Address } from "./address.ts";

/** Kinds of conversations: with one person or service, or among the occupants of a room. */
export const ConversationKindSchema = v.picklist(["direct", "room"]);
export type ConversationKind = v.InferOutput<typeof ConversationKindSchema>;

/**
 * Id of a conversation. Only this file knows its form; that a direct one shares its id with its contact, only
 * `conversation-contact.ts`. Account and address are in the record of the conversation, and in that of its contact.
 */
export type ConversationId = string & { readonly __id?: "conversation" };

export const ConversationIdSchema = v.pipe(
  v.string(),
  v.regex(/^(?:room\/[a-z0-9-]{8,40}\/|[a-z0-9-]{8,40}\|).+$/u),
  v.maxLength(3200),
) as v.GenericSchema<string, ConversationId>;

/** Place of a conversation: which account has it, and the address that it is with. */
export interface ConversationPlace {
  readonly accountId: AccountId;
  readonly kind: ConversationKind;
  readonly address: Address;
}

/** Id of a conversation; the same place always has the same id. */
export function conversationId({ accountId, kind, address }: ConversationPlace): ConversationId {
  return kind === "room" ? `room/${accountId}/${address}` : `${accountId}|${address}`;
}

/** Id of the direct conversation with an address. */
export function directConversation(accountId: AccountId, address: Address): ConversationId {
  return conversationId({ accountId, kind: "direct", address });
}

/** Place of which an id was made: for profiles of versions that kept the id alone. */
export function placeOf(id: ConversationId): ConversationPlace {
  if (id.startsWith("room/")) {
    const end = id.indexOf("/", "room/".length);
    return { accountId: id.slice("room/".length, end), kind: "room", address: id.slice(end + 1) };
  }
  const bar = id.indexOf("|");
  return { accountId: id.slice(0, bar), kind: "direct", address: id.slice(bar + 1) };
}
