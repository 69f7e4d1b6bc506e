import * as v from "valibot";
import { AccountRecordSchema } from "../model/account.ts";
import { AppRecordSchema } from "../model/app.ts";
import { BlockRecordSchema } from "../model/block.ts";
import { ContactRecordSchema, RequestRecordSchema } from "../model/contact.ts";
import type { ConversationId } from "../model/conversation-id.ts";
import { ConversationRecordSchema, MessageRecordSchema } from "../model/message.ts";
import { NetworkDescriptionSchema } from "../model/network.ts";
import { RosterGroupSchema, RosterRecordSchema } from "../model/roster.ts";
import { SettingRecordSchema } from "../settings/declaration.ts";

/**
 * Tables that main publishes. They hold flat records by id; an update is a batch of operations with a sequence number
 * that grows by one. A receiver that sees a gap asks for a new snapshot (`app.snapshot`) and drops what is older. Table
 * `messages` only carries conversations that are open; pages are requests. Table `contacts` only carries people whom
 * the window shows (`roster.show`), who have a conversation, or who are blocked; one who is removed from it may still be
 * on the contact list.
 */
export const tableSchemas = {
  app: AppRecordSchema,
  networks: NetworkDescriptionSchema,
  accounts: AccountRecordSchema,
  contacts: ContactRecordSchema,
  groups: RosterGroupSchema,
  roster: RosterRecordSchema,
  conversations: ConversationRecordSchema,
  requests: RequestRecordSchema,
  blocked: BlockRecordSchema,
  settings: SettingRecordSchema,
  messages: MessageRecordSchema,
} as const;

export type TableName = keyof typeof tableSchemas;
export type RecordOf<T extends TableName> = v.InferOutput<(typeof tableSchemas)[T]>;

/**
 * `patch` replaces the named fields; a field set to null is removed. `forget`: what was told of a conversation's
 * messages, or (`all`) of every one's, may be out of sight now; whoever holds some lets go of them, and asks again
 * where they are shown.
 */
export type Op =
  | {
      [T in TableName]: { readonly op: "put"; readonly table: T; readonly id: string; readonly record: RecordOf<T> };
    }[TableName]
  | {
      [T in TableName]: {
        readonly op: "patch";
        readonly table: T;
        readonly id: string;
        readonly fields: { [K in keyof RecordOf<T>]?: RecordOf<T>[K] | null };
      };
    }[TableName]
  | { readonly op: "remove"; readonly table: TableName; readonly id: string }
  | { readonly op: "forget"; readonly table: "messages"; readonly id: ConversationId | "all" };

export interface Update {
  readonly seq: number;
  readonly ops: readonly Op[];
}

/** Snapshots leave `messages` out: pages bring them. */
export const SnapshotSchema = v.object({
  seq: v.number(),
  tables: v.object({
    app: v.array(AppRecordSchema),
    networks: v.array(NetworkDescriptionSchema),
    accounts: v.array(AccountRecordSchema),
    contacts: v.array(ContactRecordSchema),
    groups: v.array(RosterGroupSchema),
    roster: v.array(RosterRecordSchema),
    conversations: v.array(ConversationRecordSchema),
    requests: v.array(RequestRecordSchema),
    blocked: v.array(BlockRecordSchema),
    settings: v.array(SettingRecordSchema),
  }),
});
export type Snapshot = v.InferOutput<typeof SnapshotSchema>;
