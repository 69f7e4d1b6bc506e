import type { AccountId } from "../../../shared/model/account.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { Statements } from "../../database/statements.ts";
import type { IdIndex } from "./id-index.ts";
import { hashed } from "./keys.ts";

/** Participants of a message; `members`: of a room, when it was said. */
export interface Participants {
  /** The account's own address; undefined where it is not known. */
  readonly own: Address | undefined;
  readonly peer: Address;
  readonly members?: readonly Address[];
}

/** When a message was said and when it reached this computer, milliseconds since the epoch. */
export interface Times {
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Everything that decides about one message. */
export interface Subject extends Participants, Times {
  /** The person deleted it, and it was kept then. */
  readonly deleted: boolean;
}

/**
 * By which rule a message goes: one of the two of retention, or because the person deleted it and nothing keeps it any
 * more.
 */
export const removalRules = ["HistoryRetentionDays", "HistoryRetentionExternalDays", "deleted-by-person"] as const;
export type RemovalRule = (typeof removalRules)[number];

/** For what is decided by: one time for a whole run, and the own addresses where the record of a message has none. */
export interface Moment {
  readonly now: number;
  readonly own: ReadonlyMap<AccountId, Address>;
}

/** A message that may have to go, with all that decides about it. */
export interface Candidate extends Subject {
  readonly seq: number;
  readonly id: string;
  readonly conversationId: string;
  readonly accountId: AccountId;
  /** An own message that is still to be sent. */
  readonly waits: boolean;
}

/** A place in an order by a time and `seq`. */
interface Place {
  readonly at: number;
  readonly seq: number;
}

/** At most `limit` messages after a place. */
interface Piece {
  readonly after: Place;
  readonly limit: number;
}

interface Row {
  readonly seq: number;
  readonly id: string;
  readonly conversation: string;
  readonly peer: string;
  readonly account: string;
  readonly at: number;
  readonly received: number;
  readonly own: string | null;
  readonly members: string | null;
  readonly state: number;
  readonly deleted: number;
}

/** When a message reached this computer, as an expression; the index `message_age` is by it. */
const received = "coalesce(m.received_at, m.stored_at)";

const select = `SELECT m.seq, m.id, c.key AS conversation, c.address AS peer, a.key AS account, m.at, ${received} AS received, nullif(o.address, '') AS own, p.members,
    m.state, m.deleted_at IS NOT NULL AS deleted
  FROM message m JOIN conversation c ON c.id = m.conversation JOIN account a ON a.id = m.account
    LEFT JOIN own o ON o.id = m.own LEFT JOIN membership p ON p.id = m.membership`;

/** Finds what retention and deleting are about, in one open database, and keeps the count of what went. */
export class Candidates {
  readonly #sql: Statements;
  readonly #ids: IdIndex;

  constructor(sql: Statements, ids: IdIndex) {
    this.#sql = sql;
    this.#ids = ids;
  }

  /** Messages that arrived until `cutoff`, oldest first. */
  byAge(cutoff: number, { after, limit }: Piece, moment: Moment): Candidate[] {
    return this.#read(
      `${received} <= ? AND (${received}, m.seq) > (?, ?) ORDER BY ${received}, m.seq LIMIT ?`,
      [cutoff, after.at, after.seq, limit],
      moment,
    );
  }

  /** Messages that are hidden already, in the order in which they were deleted. */
  deleted({ after, limit }: Piece, moment: Moment): (Candidate & { readonly deletedAt: number })[] {
    const rows = this.#sql.all<{ seq: number; deleted_at: number }>(
      "SELECT seq, deleted_at FROM message WHERE deleted_at IS NOT NULL AND (deleted_at, seq) > (?, ?) ORDER BY deleted_at, seq LIMIT ?",
      [after.at, after.seq, limit],
    );
    const times = new Map(rows.map((row) => [row.seq, row.deleted_at]));
    const found = this.#read("m.seq IN (SELECT value FROM json_each(?))", [JSON.stringify([...times.keys()])], moment);
    return found
      .map((one) => ({ ...one, deletedAt: times.get(one.seq) ?? 0 }))
      .sort((a, b) => a.deletedAt - b.deletedAt || a.seq - b.seq);
  }

  /** Messages of a conversation, stored until `upTo`, that can be seen, oldest first. */
  visible(
    { conversation, upTo }: { readonly conversation: number; readonly upTo: number },
    { after, limit }: Piece,
    moment: Moment,
  ): Candidate[] {
    return this.#read(
      "m.conversation = ? AND m.deleted_at IS NULL AND m.seq <= ? AND (m.at, m.seq) > (?, ?) ORDER BY m.at, m.seq LIMIT ?",
      [conversation, upTo, after.at, after.seq, limit],
      moment,
    );
  }

  /** Of these, what can be seen. */
  byIds(conversationId: string, ids: readonly string[], moment: Moment): Candidate[] {
    return ids
      .flatMap((id) =>
        this.#ids
          .places(hashed.id(id))
          .flatMap((hashes) =>
            this.#read("m.id_hash IN (?, ?, ?, ?) AND m.id = ? AND m.deleted_at IS NULL", [...hashes, id], moment),
          ),
      )
      .filter((one) => one.conversationId === conversationId);
  }

  /** The number of the next conversation, of an account where one is given. */
  nextConversation(after: number, accountId: AccountId | undefined): number | undefined {
    if (accountId === undefined) return this.#sql.number("SELECT min(id) FROM conversation WHERE id > ?", [after]);
    return this.#sql.number(
      "SELECT min(id) FROM conversation WHERE id > ? AND account = (SELECT id FROM account WHERE key = ?)",
      [after, accountId],
    );
  }

  /** Counts what went by a rule, in the transaction in which it goes. */
  count(rule: RemovalRule, cutoff: number, messages: number): void {
    this.#sql.run(
      "INSERT INTO removed VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET cutoff = max(cutoff, excluded.cutoff), messages = messages + excluded.messages",
      [rule, cutoff, messages],
    );
  }

  tallies(): { rule: RemovalRule; cutoff: number; messages: number }[] {
    return this.#sql.all("SELECT rule, cutoff, messages FROM removed ORDER BY rule", []);
  }

  /** At most so many of a rule stand in the audit log now. Answers how many of them were counted here. */
  audited(rule: RemovalRule, messages: number): number {
    const counted = Math.min(messages, this.#sql.number("SELECT messages FROM removed WHERE rule = ?", [rule]) ?? 0);
    this.#sql.run("UPDATE removed SET messages = messages - ? WHERE rule = ?", [counted, rule]);
    this.#sql.run("DELETE FROM removed WHERE messages <= 0", []);
    return counted;
  }

  /**
   * Conversations without a message, and what only messages that are gone had. Nothing of a person stays because nobody
   * looks there.
   */
  tidy(): void {
    this.#sql.run(
      "DELETE FROM conversation WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.conversation = conversation.id)",
      [],
    );
    this.#sql.run(
      "DELETE FROM membership WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.membership = membership.id)",
      [],
    );
    this.#sql.run("DELETE FROM author WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.author = author.id)", []);
    this.#sql.run(
      "DELETE FROM account WHERE NOT EXISTS (SELECT 1 FROM conversation c WHERE c.account = account.id)",
      [],
    );
  }

  #read(where: string, parameters: readonly (string | number)[], { own }: Moment): Candidate[] {
    return this.#sql.all<Row>(`${select} WHERE ${where}`, parameters).map((row) => {
      return {
        seq: row.seq,
        id: row.id,
        conversationId: row.conversation,
        accountId: row.account,
        own: row.own ?? own.get(row.account),
        peer: row.peer,
        members: row.members === null ? [] : membersOf(row.members),
        sentAt: row.at,
        receivedAt: row.received,
        deleted: row.deleted === 1,
        waits: row.state === 0,
      };
    });
  }
}

function membersOf(json: string): string[] {
  return (JSON.parse(json) as readonly { readonly address: string }[]).map(({ address }) => address);
}
