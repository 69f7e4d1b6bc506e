import * as v from "valibot";
import { Memo } from "../../../shared/memo.ts";
import { ProtocolSchema } from "../../../shared/model/account.ts";
import type { ConversationKind } from "../../../shared/model/conversation-id.ts";
import type { Statements } from "../../database/statements.ts";
import type { Member } from "../recorded-message.ts";
import { kindOf } from "./message-row.ts";

/** Texts that the numbers in rows stand for, each looked up once. */
export type Names = ReturnType<typeof namesOf>;

/** Place of a message: its conversation. */
export interface RecordedPlace {
  readonly conversationId: string;
  readonly kind: ConversationKind;
  readonly peer: string;
  /** Of a conversation of two. */
  readonly members: readonly Member[];
}

/** Place of a message whose conversation is not there. */
export const nowhere = recordedPlace({ key: "", kind: 0, address: "" });

interface PlaceRow {
  readonly key: string;
  readonly kind: number;
  readonly address: string;
}

function recordedPlace({ key, kind, address: peer }: PlaceRow): RecordedPlace {
  const members = [{ address: peer, name: undefined }];
  return { conversationId: key, kind: kindOf({ kind }), peer, members };
}

/** Looks up what numbers in rows stand for. */
export function namesOf(sql: Statements) {
  return {
    conversation: lookUp(sql, "SELECT key, kind, address FROM conversation WHERE id = ?", recordedPlace),
    account: lookUp(sql, "SELECT key FROM account WHERE id = ?", (row: { key: string }) => row.key),
    own: lookUp(sql, "SELECT network, address FROM own WHERE id = ?", (row: { network: string; address: string }) => ({
      network: v.is(ProtocolSchema, row.network) ? row.network : undefined,
      own: row.address === "" ? undefined : row.address,
    })),
    author: lookUp(sql, "SELECT value FROM author WHERE id = ?", (row: { value: string }) => row.value),
    members: lookUp(
      sql,
      "SELECT members FROM membership WHERE id = ?",
      (row: { members: string }) => JSON.parse(row.members) as Member[],
    ),
  };
}

/** So many names are kept of a kind. */
const mostNames = 2000;

function lookUp<R, T>(sql: Statements, statement: string, map: (row: R) => T): (id: number) => T | undefined {
  const known = new Memo<number, T | undefined>(mostNames);
  const look = (id: number): T | undefined => sql.all<R>(statement, [id]).map(map)[0];
  return (id) => known.get(id, look);
}
