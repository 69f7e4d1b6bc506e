import * as v from "valibot";
import { AccountIdSchema } from "./account.ts";

/**
 * Whom one entry of a block list keeps away: a `person` with all devices, one `device` of theirs, everybody of a
 * `domain`, or of a domain only those who are not on the contact list (`strangers`).
 */
export const BlockScopeSchema = v.picklist(["person", "device", "domain", "strangers"]);
export type BlockScope = v.InferOutput<typeof BlockScopeSchema>;

export const BlockIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9-]{8,40}\|.+$/u), v.maxLength(3200));

/**
 * An entry of the block list of one account. That of a person has the id of the contact and of the conversation with
 * them.
 */
export const BlockRecordSchema = v.object({
  id: BlockIdSchema,
  accountId: AccountIdSchema,
  scope: BlockScopeSchema,
  /** The person's address, one with a resource, or a domain. */
  address: v.pipe(v.string(), v.minLength(1), v.maxLength(3100)),
  /** When it was blocked here or seen on the server first, in milliseconds since the epoch; absent: not known. */
  at: v.optional(v.number()),
});
export type BlockRecord = v.InferOutput<typeof BlockRecordSchema>;
