import type { ErrorInfo } from "../../../shared/errors.ts";
import type { ConversationKind } from "../../../shared/model/conversation-id.ts";
import { type MessageRecord, type MessageState, messageStates } from "../../../shared/model/message.ts";
import type { NewMessage } from "../history.ts";
import {
  authorVersion,
  formerAddress,
  formerKind,
  noticeVersion,
  placeVersion,
  recordVersion,
  stampVersion,
} from "./history-schema.ts";
import { type AuthorColumn, authorOf, authorText, noticeOf, noticeText } from "./json-columns.ts";

/** A row of table `message` joined with what its numbers stand for. */
export interface MessageRow {
  readonly seq: number;
  readonly conversation: string;
  /** Kind of the conversation: 0 direct, 1 a room. */
  readonly kind: number;
  /** Address that the conversation is with. */
  readonly peer: string;
  readonly account: string;
  readonly id: string;
  readonly direction: number;
  readonly wire_id: string | null;
  readonly archive_id: string | null;
  readonly body: string;
  /** Its place in the conversation. */
  readonly at: number;
  /** The stamp that it came with, where that is another time. */
  readonly said_at: number | null;
  /** Null in rows of before; see history-schema.ts. */
  readonly received_at: number | null;
  readonly stored_at: number;
  readonly state: number;
  readonly error: string | null;
  readonly flags: number;
  readonly network: string | null;
  readonly own: string | null;
  readonly encryption: string | null;
  readonly label: string | null;
  /** JSON of Member[]. */
  readonly members: string | null;
  readonly corrected_at: number | null;
  readonly retracted_at: number | null;
  readonly deleted_at: number | null;
  /** It is the correction of the message with this wire id, which is not here. */
  readonly replaces: string | null;
  /** JSON of MessageNotice. */
  readonly notice: string | null;
  /** JSON of Author, where the direction does not say who wrote it (see json-columns.ts). */
  readonly author: string | null;
}

const place = "c.kind, c.address AS peer";
const formerPlace = `${formerKind("c.key")} AS kind, ${formerAddress("c.key")} AS peer`;
const columns =
  "m.seq, c.key AS conversation, a.key AS account, m.id, m.direction, m.wire_id, m.archive_id, m.body, m.at, m.stored_at, m.state, m.error, m.flags";
const stamped = ["said_at"];
const noticed = ["notice"];
const authored = ["author"];
const recorded = ["received_at", "encryption", "label", "corrected_at", "retracted_at", "deleted_at", "replaces"];
const joined = "FROM message m JOIN conversation c ON c.id = m.conversation JOIN account a ON a.id = m.account";

const own = "nullif(o.network, '') AS network, nullif(o.address, '') AS own, p.members";
const ownJoined = "LEFT JOIN own o ON o.id = m.own LEFT JOIN membership p ON p.id = m.membership";
const authorJoined = "LEFT JOIN author w ON w.id = m.author";

const withAuthor = `${present([...noticed, ...stamped, ...recorded])}, ${own}, w.value AS author ${joined} ${ownJoined} ${authorJoined}`;

export const selectMessage = `SELECT ${columns}, ${place}, ${withAuthor}`;

/** The same from a file of an earlier version, by its `user_version`. */
export function selectMessageOf(version: number): string {
  if (version >= placeVersion) return selectMessage;
  const before = `SELECT ${columns}, ${formerPlace}`;
  if (version >= authorVersion) return `${before}, ${withAuthor}`;
  if (version >= noticeVersion)
    return `${before}, ${absent(authored)}, ${present([...noticed, ...stamped, ...recorded])}, ${own} ${joined} ${ownJoined}`;
  if (version >= stampVersion)
    return `${before}, ${absent([...authored, ...noticed])}, ${present([...stamped, ...recorded])}, ${own} ${joined} ${ownJoined}`;
  if (version >= recordVersion)
    return `${before}, ${absent([...authored, ...noticed, ...stamped])}, ${present(recorded)}, ${own} ${joined} ${ownJoined}`;
  return `${before}, ${absent([...authored, ...noticed, ...stamped, ...recorded, "network", "own", "members"])} ${joined}`;
}

function present(columns: readonly string[]): string {
  return columns.map((column) => `m.${column}`).join(", ");
}

function absent(columns: readonly string[]): string {
  return columns.map((column) => `NULL AS ${column}`).join(", ");
}

const flag = { delayed: 1, otherDevice: 2, wantsRead: 4, hasFiles: 8 } as const;

export function stateNumber(state: MessageState): number {
  return messageStates.indexOf(state);
}

/** The bit in `flags` of those whose sender wants to know that they were read. */
export const wantsReadFlag = flag.wantsRead;
/** The bit in `flags` of those that brought files. */
export const hasFilesFlag = flag.hasFiles;

/**
 * A stamp this far from the place of its message is told beside it, in milliseconds; less is the way of the wire and a
 * clock's error.
 */
const toldFrom = 60_000;

export function toRecord(row: MessageRow): MessageRecord {
  const error = row.error === null ? undefined : (JSON.parse(row.error) as ErrorInfo);
  const notice = row.retracted_at === null ? noticeOf(row.notice) : undefined;
  return {
    id: row.id,
    conversationId: row.conversation,
    accountId: row.account,
    direction: row.direction === 1 ? "out" : "in",
    author: authorOf(row, { own: row.own ?? undefined, peer: row.peer }),
    body: row.body,
    ...(notice ? { notice } : {}),
    at: row.at,
    seq: row.seq,
    state: messageStates[row.state] ?? "received",
    ...(error ? { error } : {}),
    ...(row.said_at !== null && Math.abs(row.at - row.said_at) >= toldFrom ? { saidAt: row.said_at } : {}),
    ...(isDelayed(row.flags) ? { delayed: true } : {}),
    ...(isOtherDevice(row.flags) ? { otherDevice: true } : {}),
    ...(row.corrected_at === null || row.retracted_at !== null ? {} : { corrected: row.corrected_at }),
    ...(row.retracted_at === null ? {} : { retracted: true }),
    ...(row.encryption === null ? {} : { encryption: row.encryption }),
  };
}

export function isDelayed(flags: number): boolean {
  return (flags & flag.delayed) !== 0;
}

export function isOtherDevice(flags: number): boolean {
  return (flags & flag.otherDevice) !== 0;
}

/** The columns of a message that is stored now. A time that is no time becomes the time at which it arrived, or now. */
export function toRow(message: NewMessage, seq: number, now: number): MessageRow {
  const receivedAt = time(message.receivedAt, now);
  const { accountId, kind, address: peer } = message.place;
  return {
    seq,
    conversation: message.conversationId,
    kind: kindNumber(kind),
    peer,
    account: accountId,
    id: message.id,
    direction: message.direction === "out" ? 1 : 0,
    wire_id: message.wireId ?? null,
    archive_id: message.archiveId ?? null,
    body: message.body,
    at: time(message.at, receivedAt),
    said_at: message.saidAt === undefined ? null : time(message.saidAt, receivedAt),
    received_at: receivedAt,
    stored_at: now,
    state: stateNumber(message.state),
    error: null,
    flags:
      (message.delayed ? flag.delayed : 0) |
      (message.otherDevice ? flag.otherDevice : 0) |
      (message.wantsRead ? flag.wantsRead : 0) |
      (message.files?.length ? flag.hasFiles : 0),
    network: message.network ?? null,
    own: message.own ?? null,
    encryption: message.encryption ?? null,
    label: message.label ?? null,
    members:
      message.members === undefined
        ? null
        : JSON.stringify(message.members.map(({ address, name }) => ({ address, name }))),
    corrected_at: message.replaces === undefined ? null : time(message.at, receivedAt),
    retracted_at: null,
    deleted_at: null,
    replaces: message.replaces ?? null,
    notice: noticeText(message.notice),
    author: writtenBy(message, peer).author,
  };
}

export function kindNumber(kind: ConversationKind): number {
  return kind === "room" ? 1 : 0;
}

export function kindOf({ kind }: { readonly kind: number }): ConversationKind {
  return kind === 1 ? "room" : "direct";
}

/** Author of a message or of a change, as a row says it; `peer`: the address that the conversation is with. */
export function writtenBy({ direction, author }: Pick<NewMessage, "direction" | "author">, peer: string): AuthorColumn {
  return { direction: direction === "out" ? 1 : 0, author: authorText(author, direction, peer) };
}

/** Farthest moment that JavaScript can name, in milliseconds (ECMA-262 section 21.4.1.1). */
const lastMoment = 8.64e15;

export function time(value: number, otherwise: number): number {
  return Number.isFinite(value) && Math.abs(value) <= lastMoment ? Math.round(value) : otherwise;
}

/** Copies of one message have times this close, in milliseconds; a server's clock and ours may differ. */
export const copyWithin = 3600 * 1000;

/**
 * Whether two messages with the same id of their sender are one. RFC 6120 section 8.1.3 lets an id be unique within one
 * stream only, and programs that count from the beginning at each start say other things under the same ids.
 */
export function isSameMessage(
  row: MessageRow,
  other: Pick<MessageRow, "archive_id" | "body" | "notice" | "at" | "said_at">,
): boolean {
  if (row.archive_id !== null && row.archive_id === other.archive_id) return true;
  // Ids of what was typed here are ours and are random.
  if (row.direction === 1 && !isOtherDevice(row.flags) && row.id === row.wire_id) return true;
  // What it said first may be gone.
  const mayHaveSaid =
    (row.body === other.body && row.notice === other.notice) || row.corrected_at !== null || row.retracted_at !== null;
  return mayHaveSaid && areCopiesByTime(row, other);
}

/** Whole seconds are all that some stamps have. */
const sameStamp = 1_000;

/** Whether times let two messages be copies of one: about the same place, or one stamp. */
export function areCopiesByTime(one: Times, other: Times): boolean {
  if (Math.abs(one.at - other.at) <= copyWithin) return true;
  const { said_at: said } = one;
  // A server that kept it stamps a copy with the time at which the other one arrived.
  if (other.said_at !== null && Math.abs(one.at - other.said_at) <= copyWithin) return true;
  if (said === null) return false;
  return (
    Math.abs(said - other.at) <= copyWithin || (other.said_at !== null && Math.abs(said - other.said_at) < sameStamp)
  );
}

type Times = Pick<MessageRow, "at" | "said_at">;

const progress: Readonly<Record<MessageState, number>> = {
  waiting: 0,
  failed: 0,
  sent: 1,
  delivered: 2,
  read: 3,
  received: 9,
};

/**
 * Whether an own message may go from one state to another: forward, and from waiting and sent to failed and back to
 * waiting as tries fail and are repeated. What has reached a device of theirs does not wait again; what came back is
 * not `sent` because the server had taken it before (its acknowledgement may come later, XEP-0198).
 */
export function mayMove(from: MessageState, to: MessageState): boolean {
  if (from === to || from === "received" || to === "received") return false;
  if (from === "failed" && to === "sent") return false;
  if (to === "waiting" || to === "failed") return progress[from] <= progress.sent;
  return progress[to] > progress[from];
}

/** Whether a second copy of a message shows that it has come further than we knew. */
export function mayAdvance(from: MessageState, to: MessageState): boolean {
  return to !== "waiting" && to !== "failed" && mayMove(from, to);
}
