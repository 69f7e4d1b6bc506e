import type { ConversationPlace } from "../../../shared/model/conversation-id.ts";
import type { Statements } from "../../database/statements.ts";
import type { ConversationSummary } from "../history.ts";
import { authorOf, noticeOf } from "./json-columns.ts";
import { kindOf } from "./message-row.ts";

/** Reads the conversations of one database as the list shows them. */
export class SummaryReader {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** Every conversation that has messages. */
  all(): ConversationSummary[] {
    return this.#sql.all<SummaryRow>(`${selectSummary} WHERE c.last_seq IS NOT NULL`, []).map(toSummary);
  }

  /** Place of a conversation; undefined: it is not in this database. */
  place(conversationId: string): ConversationPlace | undefined {
    const [row] = this.#sql.all<PlaceRow>(
      `SELECT a.key AS account, c.kind, c.address
         FROM conversation c JOIN account a ON a.id = c.account WHERE c.key = ?`,
      [conversationId],
    );
    return row && { accountId: row.account, kind: kindOf(row), address: row.address };
  }

  of(conversationId: string): ConversationSummary | undefined {
    return this.#sql.all<SummaryRow>(`${selectSummary} WHERE c.key = ?`, [conversationId]).map(toSummary)[0];
  }
}

interface PlaceRow {
  readonly account: string;
  readonly kind: number;
  readonly address: string;
}

interface SummaryRow {
  readonly key: string;
  readonly account: string;
  readonly address: string;
  readonly unread: number;
  readonly first: string | null;
  readonly last_text: string | null;
  readonly last_at: number | null;
  readonly last_direction: number | null;
  readonly last_notice: string | null;
  readonly last_author: string | null;
}

const selectSummary = `SELECT c.key, a.key AS account, c.address, c.unread,
    c.last_text, c.last_at, c.last_direction, c.last_notice, c.last_author,
    (SELECT m.id FROM message m WHERE m.seq = (SELECT u.seq FROM unread u WHERE u.conversation = c.id ORDER BY u.at, u.seq LIMIT 1)) AS first
  FROM conversation c JOIN account a ON a.id = c.account`;

function toSummary(row: SummaryRow): ConversationSummary {
  const notice = noticeOf(row.last_notice);
  return {
    conversationId: row.key,
    accountId: row.account,
    address: row.address,
    unread: row.unread,
    firstUnread: row.first ?? undefined,
    last:
      row.last_at === null
        ? undefined
        : {
            text: row.last_text ?? "",
            at: row.last_at,
            direction: row.last_direction === 1 ? "out" : "in",
            author: authorOf(
              { direction: row.last_direction ?? 0, author: row.last_author },
              { own: undefined, peer: row.address },
            ),
            ...(row.last_text === null ? { retracted: true } : {}),
            ...(notice ? { notice } : {}),
          },
  };
}
