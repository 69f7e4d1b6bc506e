import type { ErrorInfo } from "../../../shared/errors.ts";
import { type MessageRecord, type MessageState, messageStates } from "../../../shared/model/message.ts";
import type { NewMessage } from "../history.ts";

/** A row of table `message` joined with the keys of its conversation and account. */
export interface MessageRow {
  readonly seq: number;
  readonly conversation: string;
  readonly account: string;
  readonly id: string;
  readonly direction: number;
  readonly wire_id: string | null;
  readonly archive_id: string | null;
  readonly body: string;
  readonly at: number;
  readonly stored_at: number;
  readonly state: number;
  readonly error: string | null;
  readonly flags: number;
}

export const selectMessage = `SELECT m.seq, c.key AS conversation, a.key AS account, m.id, m.direction, m.wire_id, m.archive_id, m.body, m.at, m.stored_at, m.state, m.error, m.flags
  FROM message m JOIN conversation c ON c.id = m.conversation JOIN account a ON a.id = m.account`;

const flag = { delayed: 1, otherDevice: 2, wantsRead: 4 } as const;

export function stateNumber(state: MessageState): number {
  return messageStates.indexOf(state);
}

/** The bit in `flags` of those whose sender wants to know that they were read. */
export const wantsReadFlag = flag.wantsRead;

export function toRecord(row: MessageRow): MessageRecord {
  const error = row.error === null ? undefined : (JSON.parse(row.error) as ErrorInfo);
  return {
    id: row.id,
    conversationId: row.conversation,
    accountId: row.account,
    direction: row.direction === 1 ? "out" : "in",
    body: row.body,
    at: row.at,
    seq: row.seq,
    state: messageStates[row.state] ?? "received",
    ...(error ? { error } : {}),
    ...((row.flags & flag.delayed) !== 0 ? { delayed: true } : {}),
    ...((row.flags & flag.otherDevice) !== 0 ? { otherDevice: true } : {}),
  };
}

/** The columns of a message that is to be stored. A time that is no time becomes the time of storing, or 0. */
export function toRow(message: NewMessage, seq: number): MessageRow {
  const storedAt = time(message.storedAt, 0);
  return {
    seq,
    conversation: message.conversationId,
    account: message.accountId,
    id: message.id,
    direction: message.direction === "out" ? 1 : 0,
    wire_id: message.wireId ?? null,
    archive_id: message.archiveId ?? null,
    body: message.body,
    at: time(message.at, storedAt),
    stored_at: storedAt,
    state: stateNumber(message.state),
    error: null,
    flags: (message.delayed ? flag.delayed : 0) | (message.otherDevice ? flag.otherDevice : 0) | (message.wantsRead ? flag.wantsRead : 0),
  };
}

/** Farthest moment that JavaScript can name, in milliseconds (ECMA-262 section 21.4.1.1). */
const lastMoment = 8.64e15;

function time(value: number, otherwise: number): number {
  return Number.isFinite(value) && Math.abs(value) <= lastMoment ? Math.round(value) : otherwise;
}

/** Copies of one message have times this close, in milliseconds; a server's clock and ours may differ. */
const copyWithin = 3600 * 1000;

/**
 * Whether two messages with the same id of their sender are one. RFC 6120 section 8.1.3 lets an id be unique within one
 * stream only, and programs that count from the beginning at each start say other things under the same ids.
 */
export function isSameMessage(row: MessageRow, other: Pick<MessageRow, "archive_id" | "body" | "at">): boolean {
  if (row.archive_id !== null && row.archive_id === other.archive_id) return true;
  // Ids of what was typed here are ours and are random.
  if (row.direction === 1 && (row.flags & flag.otherDevice) === 0 && row.id === row.wire_id) return true;
  return row.body === other.body && Math.abs(row.at - other.at) <= copyWithin;
}

const progress: Readonly<Record<MessageState, number>> = { waiting: 0, failed: 0, sent: 1, delivered: 2, read: 3, received: 9 };

/**
 * Whether an own message may go from one state to another: forward, and from waiting and sent to failed and back to waiting
 * as tries fail and are repeated. What has reached a device of theirs does not wait again; what came back is not `sent`
 * because the server had taken it before (its acknowledgement may come later, XEP-0198).
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
