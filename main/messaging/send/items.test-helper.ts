import { directConversation } from "../../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import { createTables, type TablesWriter } from "../../store/tables.ts";
import { placed } from "../placed.test-helper.ts";

export const accountId = "account-1";
export const bob = "bob@x.example";
export const conversationId = directConversation(accountId, bob);
export const now = 1_000_000;
/** One item of each kind, to Bob. */
export const text = placed({ kind: "text", id: "m1", conversationId, body: "hello", at: now } as const);
export const correction = placed({
  kind: "correction",
  ...{ id: "c1", conversationId, targetId: "m0", body: "new", at: 5 },
} as const);
export const retraction = { ...correction, kind: "retraction", body: "" } as const;
export const receipt = placed({ kind: "receipt", conversationId, messageId: "m1", state: "read" } as const);
export const typing = placed({ kind: "typing", conversationId, active: true } as const);
/** The own message that the changes are of. */
export const own = {
  ...{ id: "m0", conversationId, direction: "out", at: now - 1_000, state: "sent", body: "old" },
  ...{ author: { isSelf: true } },
} as MessageRecord;

export function addContact(tables: TablesWriter, address: string, listed: boolean): void {
  tables.put("contacts", {
    ...{ id: `${accountId}|${address}`, accountId, address, name: "", groups: [], listed, asked: false },
    ...{ subscription: "both", presence: { availability: "available" } },
  } as never);
}

export function addAccount(
  tables: TablesWriter,
  messages: { readonly correct: boolean; readonly retract: boolean },
): void {
  tables.put("accounts", {
    ...{ id: accountId, address: "me@x.example", protocol: "xmpp", facets: { messages } },
  } as never);
}

/** Tables with an account that can do everything, and Bob on its contact list. */
export function tablesWithBob(): TablesWriter {
  const tables = createTables(() => undefined);
  addContact(tables, bob, true);
  addAccount(tables, { correct: true, retract: true });
  return tables;
}
