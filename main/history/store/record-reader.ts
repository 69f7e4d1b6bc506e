import type { ErrorInfo } from "../../../shared/errors.ts";
import type { Protocol } from "../../../shared/model/account.ts";
import { messageStates } from "../../../shared/model/message.ts";
import { isSought } from "../../../shared/model/search-author.ts";
import type { Parameters, Statements } from "../../database/statements.ts";
import type { RecordOrder, RecordPiece, RecordPlace } from "../history.ts";
import type { Member, RecordedMessage, RecordQuery } from "../recorded-message.ts";
import { type Details, noDetails, readDetails } from "./details.ts";
import { IdIndex } from "./id-index.ts";
import { authorOf, noticeOf } from "./json-columns.ts";
import { hashed } from "./keys.ts";
import { hasFilesFlag, isDelayed, isOtherDevice, type MessageRow } from "./message-row.ts";
import { type Names, namesOf, nowhere, type RecordedPlace } from "./record-names.ts";
import { conversationsOf, directionsOf } from "./sought-authors.ts";
import { matches, parseQuery, type WordQuery } from "./words.ts";

/** A row of table `message` as it is: what its numbers stand for is looked up once for many. */
interface RawRow
  extends Omit<
    MessageRow,
    "conversation" | "kind" | "peer" | "account" | "network" | "own" | "members" | "replaces" | "author"
  > {
  readonly conversation: number;
  readonly account: number;
  readonly own: number | null;
  readonly membership: number | null;
  readonly author: number | null;
}

const selectRaw = `SELECT m.seq, m.conversation, m.account, m.id, m.direction, m.wire_id, m.archive_id, m.body, m.at, m.received_at, m.stored_at, m.state,
    m.error, m.flags, m.own, m.encryption, m.label, m.membership, m.corrected_at, m.retracted_at, m.deleted_at, m.said_at, m.notice, m.author FROM message m`;

/**
 * A piece in order of `seq` looks through so many messages at most, so that a query that meets few does not take the
 * thread for long.
 */
const longestScan = 50_000;

/**
 * Reads the record of one open database, of this program's version, in pieces. It keeps no place and no number between
 * two pieces, for others may write meanwhile, unless the connection reads a snapshot for as long as the reader is used.
 * Use one on a connection of its own for long readings.
 */
export class RecordReader {
  readonly #sql: Statements;
  readonly #names: () => Names;
  readonly #ids: IdIndex;

  constructor(
    sql: Statements,
    { isSnapshot = false, ids = new IdIndex(sql) }: { readonly isSnapshot?: boolean; readonly ids?: IdIndex } = {},
  ) {
    this.#sql = sql;
    this.#ids = ids;
    const kept = isSnapshot ? namesOf(sql) : undefined;
    this.#names = kept ? () => kept : () => namesOf(sql);
  }

  /** See History.record. */
  page(
    query: RecordQuery,
    { after, limit, order = "seq" }: RecordPiece<RecordPlace>,
  ): { readonly messages: RecordedMessage[]; readonly next: RecordPlace | undefined } {
    const words = query.text === undefined ? undefined : parseQuery(query.text);
    // A text without a word in it is met by nothing.
    if (query.text !== undefined && !words) return { messages: [], next: undefined };
    const filter = this.#filter(query);
    const place = after?.order ?? order;
    const { rows, next } =
      place === "seq"
        ? this.#bySeq(filter, after?.order === "seq" ? after.seq : 0, limit)
        : this.#byConversation(filter, after?.order === "conversation" ? after : undefined, limit);
    const messages = this.#record(rows);
    const { authors } = query;
    const isMeant = (message: RecordedMessage): boolean =>
      (words === undefined || says(message, words)) &&
      (authors === undefined || isSought(message.author, message.conversationId, authors));
    return { messages: words || authors ? messages.filter(isMeant) : messages, next };
  }

  byIds(ids: readonly string[]): RecordedMessage[] {
    return this.#record(
      ids.flatMap((id) =>
        this.#ids
          .places(hashed.id(id))
          .flatMap((hashes) =>
            this.#sql.all<RawRow>(`${selectRaw} WHERE m.id_hash IN (?, ?, ?, ?) AND m.id = ?`, [...hashes, id]),
          ),
      ),
    );
  }

  /** Conditions that a message has to meet, beside its place. */
  #filter(query: RecordQuery): Filter {
    const conditions: string[] = [];
    const parameters: (string | number)[] = [];
    const add = (condition: string, ...values: (string | number)[]): void => {
      conditions.push(condition);
      parameters.push(...values);
    };
    if (query.accountId !== undefined)
      add("m.account = ?", this.#sql.number("SELECT id FROM account WHERE key = ?", [query.accountId]) ?? 0);
    if (query.from !== undefined) add("m.at >= ?", query.from);
    if (query.to !== undefined) add("m.at < ?", query.to);
    if (query.direction !== undefined) add("m.direction = ?", query.direction === "out" ? 1 : 0);
    if (query.authors !== undefined)
      add("(m.author IS NOT NULL OR m.direction BETWEEN ? AND ?)", ...directionsOf(query.authors));
    if (query.hasFile !== undefined) add(`m.flags & ${hasFilesFlag} ${query.hasFile ? "<>" : "="} 0`);
    if (query.deleted !== true) add("m.deleted_at IS NULL");
    return {
      where: conditions.map((condition) => ` AND ${condition}`).join(""),
      parameters,
      conversations: this.#conversationsOf(query),
      from: query.from,
    };
  }

  /** The conversations that are meant, ascending; undefined: all. */
  #conversationsOf(query: RecordQuery): number[] | undefined {
    const among = this.#conversationsAmong(query);
    const written = query.authors === undefined ? undefined : conversationsOf(this.#sql, query.authors);
    if (written === undefined) return among;
    return [...(among?.filter((id) => written.has(id)) ?? written)].sort((a, b) => a - b);
  }

  #conversationsAmong(query: RecordQuery): number[] | undefined {
    if (query.conversationId === undefined && query.peers === undefined) return undefined;
    const { peers, conversationId } = query;
    const conditions: string[] = [];
    const parameters: string[] = [];
    if (conversationId !== undefined) {
      conditions.push("key = ?");
      parameters.push(conversationId);
    }
    if (peers !== undefined) {
      conditions.push("address IN (SELECT value FROM json_each(?))");
      parameters.push(JSON.stringify(peers));
    }
    return this.#sql
      .all<{ id: number }>(`SELECT id FROM conversation WHERE ${conditions.join(" AND ")} ORDER BY id`, parameters)
      .map(({ id }) => id);
  }

  #bySeq({ where, parameters, conversations }: Filter, after: number, limit: number): Found {
    const last = this.#sql.number("SELECT max(seq) FROM message", []) ?? 0;
    const end = after + longestScan;
    const only = conversations ? " AND m.conversation IN (SELECT value FROM json_each(?))" : "";
    const rows = this.#sql.all<RawRow>(
      `${selectRaw} WHERE m.seq > ? AND m.seq <= ?${where}${only} ORDER BY m.seq LIMIT ?`,
      [after, end, ...parameters, ...(conversations ? [JSON.stringify(conversations)] : []), limit],
    );
    const reached = rows.length < limit ? end : (rows.at(-1)?.seq ?? end);
    return { rows, next: reached < last ? { order: "seq", seq: reached } : undefined };
  }

  #byConversation(
    { where, parameters, conversations, from: earliest = Number.MIN_SAFE_INTEGER }: Filter,
    after: ConversationPlace | undefined,
    limit: number,
  ): Found {
    const following = (id: number): number | undefined =>
      conversations
        ? conversations.find((one) => one > id)
        : this.#sql.number("SELECT min(id) FROM conversation WHERE id > ?", [id]);
    const rows: RawRow[] = [];
    let place: ConversationPlace | undefined = after;
    let conversation = after?.conversation ?? following(0);
    for (let looked = 0; conversation !== undefined; looked++) {
      if (rows.length >= limit || looked >= mostConversations) {
        place ??= { order: "conversation", conversation, at: Number.MIN_SAFE_INTEGER, seq: 0 };
        return { rows, next: place };
      }
      const from: readonly [number, number] = place ? [place.at, place.seq] : [earliest, 0];
      const found = this.#sql.all<RawRow>(
        `${selectRaw} WHERE m.conversation = ? AND (m.at, m.seq) > (?, ?)${where} ORDER BY m.at, m.seq LIMIT ?`,
        [conversation, ...from, ...parameters, limit - rows.length],
      );
      const wanted = limit - rows.length;
      rows.push(...found);
      const last = found.at(-1);
      if (last && found.length >= wanted) place = { order: "conversation", conversation, at: last.at, seq: last.seq };
      else {
        place = undefined;
        conversation = following(conversation);
      }
    }
    return { rows, next: undefined };
  }

  #record(rows: readonly RawRow[]): RecordedMessage[] {
    const details = readDetails(this.#sql, rows);
    const { conversation, account, own, members, author } = this.#names();
    return rows.map((row) => {
      const around = conversation(row.conversation) ?? nowhere;
      return recordedOf(row, {
        around,
        accountId: account(row.account) ?? "",
        own: row.own === null ? undefined : own(row.own),
        author: row.author === null ? null : (author(row.author) ?? null),
        members: (row.membership === null ? undefined : members(row.membership)) ?? around.members,
        details: details.get(row.seq) ?? noDetails,
      });
    });
  }
}

/** A piece in order of conversations looks into so many conversations at most. */
const mostConversations = 500;

type ConversationPlace = Extract<RecordPlace, { order: "conversation" }>;

/** The place before the first message. */
export function recordStart(order: RecordOrder): RecordPlace {
  return order === "seq" ? { order, seq: 0 } : { order, conversation: 0, at: Number.MAX_SAFE_INTEGER, seq: 0 };
}

interface Filter {
  /** Conditions on `m`. */
  readonly where: string;
  readonly parameters: Parameters;
  /** Numbers of the conversations that are meant, ascending; undefined: all. */
  readonly conversations: readonly number[] | undefined;
  /** No message before this moment is meant. */
  readonly from: number | undefined;
}

interface Found {
  readonly rows: readonly RawRow[];
  readonly next: RecordPlace | undefined;
}

interface Around {
  readonly around: RecordedPlace;
  readonly accountId: string;
  readonly own: { readonly network: Protocol | undefined; readonly own: string | undefined } | undefined;
  /** As in MessageRow. */
  readonly author: string | null;
  readonly members: readonly Member[];
  readonly details: Details;
}

function recordedOf(row: RawRow, { around, accountId, own, author, members, details }: Around): RecordedMessage {
  return {
    id: row.id,
    seq: row.seq,
    conversationId: around.conversationId,
    kind: around.kind,
    accountId,
    network: own?.network,
    own: own?.own,
    peer: around.peer,
    direction: row.direction === 1 ? "out" : "in",
    author: authorOf({ direction: row.direction, author }, { own: own?.own, peer: around.peer }),
    sentAt: row.at,
    saidAt: row.said_at ?? undefined,
    receivedAt: row.received_at ?? row.stored_at,
    storedAt: row.stored_at,
    body: row.body,
    notice: noticeOf(row.notice),
    versions: details.versions,
    correctedAt: row.corrected_at ?? undefined,
    retractedAt: row.retracted_at ?? undefined,
    deletedAt: row.deleted_at ?? undefined,
    state: messageStates[row.state] ?? "received",
    error: row.error === null ? undefined : (JSON.parse(row.error) as ErrorInfo),
    states: details.states,
    encryption: row.encryption ?? undefined,
    label: row.label ?? undefined,
    members,
    files: details.files,
    wireId: row.wire_id ?? undefined,
    archiveId: row.archive_id ?? undefined,
    delayed: isDelayed(row.flags),
    otherDevice: isOtherDevice(row.flags),
  };
}

function says(message: RecordedMessage, words: WordQuery): boolean {
  return matches(message.body, words) || message.versions.some((version) => matches(version.body, words));
}
