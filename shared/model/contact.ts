import * as v from "valibot";
import { type AccountId, AccountIdSchema, ProtocolSchema } from "./account.ts";
import { type Address, AddressSchema } from "./address.ts";
import { MessageNoticeSchema } from "./notice.ts";
import { PresenceSchema } from "./presence.ts";

/** Id of a contact: an address on an account. It is no ConversationId, and only this file knows its form. */
export type ContactId = string & { readonly __id?: "contact" };

export const ContactIdSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{8,40}\|.+$/u),
  v.maxLength(3200),
) as v.GenericSchema<string, ContactId>;

export function contactId(account: AccountId, address: Address): ContactId {
  return `${account}|${address}`;
}

/** Account and address of a contact, where its record is not at hand. */
export function parseContactId(id: ContactId): { accountId: AccountId; address: Address } {
  const bar = id.indexOf("|");
  return { accountId: id.slice(0, bar), address: id.slice(bar + 1) };
}

/** Directions of presence sharing (RFC 6121 section 2.1.2.5); SIMPLE maps its watcher state onto them. */
export const PresenceSubscriptionSchema = v.picklist(["none", "to", "from", "both"]);
export type PresenceSubscription = v.InferOutput<typeof PresenceSubscriptionSchema>;

export const maxNameLength = 1023;
/** A group as a person makes one. Those that other programs made may be longer, or more. */
export const GroupSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** One person on one network, as drawn. */
export const ContactRecordSchema = v.object({
  id: ContactIdSchema,
  accountId: AccountIdSchema,
  protocol: ProtocolSchema,
  address: AddressSchema,
  /** The name the person gave, or the address's local part; never empty. */
  name: v.string(),
  /** Nobody gave a name: `name` is made of the address. */
  unnamed: v.optional(v.literal(true)),
  groups: v.array(v.string()),
  subscription: PresenceSubscriptionSchema,
  /** We asked to see their presence and they have not answered. */
  asked: v.boolean(),
  /** As it was heard last: nobody's is known while the account is not connected. */
  presence: PresenceSchema,
  pinned: v.boolean(),
  /** False for someone we only have a conversation with. */
  listed: v.boolean(),
});
export type ContactRecord = v.InferOutput<typeof ContactRecordSchema>;

/**
 * Whether somebody on the list was asked to share their presence and has not answered. The request may have been lost,
 * so that it can be made again.
 */
export function awaitsAnswer(contact: ContactRecord): boolean {
  return contact.listed && contact.asked && contact.subscription !== "both" && contact.subscription !== "to";
}

/**
 * Somebody unknown who wants something: to see our presence, or to say something. They learn nothing until accepted. A
 * `burst` is one line for many.
 */
export const RequestRecordSchema = v.object({
  id: ContactIdSchema,
  accountId: AccountIdSchema,
  protocol: ProtocolSchema,
  address: AddressSchema,
  name: v.optional(v.string()),
  kind: v.picklist(["presence", "message", "burst"]),
  /** Of a `burst`: how many strangers of the address's domain (`*`: of many domains) were only counted. */
  count: v.optional(v.number()),
  text: v.optional(v.string()),
  /** Action of theirs that this version cannot show. */
  notice: v.optional(MessageNoticeSchema),
  /** How much room what they said takes up, in UTF-16 units with an allowance for each message. */
  kept: v.optional(v.number()),
  /** They said more than is kept of somebody who has not been answered. */
  more: v.optional(v.boolean()),
  at: v.number(),
});
export type RequestRecord = v.InferOutput<typeof RequestRecordSchema>;
