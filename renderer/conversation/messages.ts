import { authorKey } from "../../shared/model/author.ts";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";

/** Messages in the order of a conversation: when they were said, then when they were stored. */
export function compareMessages(a: MessageRecord, b: MessageRecord): number {
  return a.at - b.at || a.seq - b.seq;
}

/** Puts records into an ordered list by id, each in its place; a record that is there already is replaced. */
export function merge(list: readonly MessageRecord[], records: readonly MessageRecord[]): MessageRecord[] {
  if (records.length === 0) return [...list];
  const incoming = new Map(records.map((record) => [record.id, record]));
  const merged = list.filter(({ id }) => !incoming.has(id));
  merged.push(...incoming.values());
  return merged.sort(compareMessages);
}

/** A line of the message list. */
export type LogItem =
  | { readonly kind: "start"; readonly key: "start" }
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "new"; readonly key: "new" }
  | {
      readonly kind: "message";
      readonly key: MessageId;
      readonly message: MessageRecord;
      /** The first and last of a run by the same author within a few minutes: runs are drawn as one block. */
      readonly first: boolean;
      readonly last: boolean;
    };

/** Two messages of one author further apart than this begin a new block, in milliseconds. */
const blockGap = 5 * 60_000;

/**
 * The message list as lines: day separators, the divider above the first unread message, and messages in blocks.
 * `complete`: there is nothing older, so the start of the conversation is shown.
 */
export function toItems(
  messages: readonly MessageRecord[],
  firstUnread: MessageId | undefined,
  complete: boolean,
): LogItem[] {
  const items: LogItem[] = complete ? [{ kind: "start", key: "start" }] : [];
  let before: MessageRecord | undefined;
  messages.forEach((message, index) => {
    const newDay = before === undefined || dayOf(before.at) !== dayOf(message.at);
    if (newDay) items.push({ kind: "day", key: `day ${dayOf(message.at)}`, at: message.at });
    if (message.id === firstUnread) items.push({ kind: "new", key: "new" });
    const after = messages[index + 1];
    items.push({
      kind: "message",
      key: message.id,
      message,
      first: newDay || message.id === firstUnread || !together(before, message),
      last:
        !together(message, after) ||
        after?.id === firstUnread ||
        (after !== undefined && dayOf(after.at) !== dayOf(message.at)),
    });
    before = message;
  });
  return items;
}

/** Whether the line of this key is a message: the others move when older messages come. */
export function isMessageLine(key: string): boolean {
  return key !== "start" && key !== "new" && !key.startsWith("day ");
}

function together(a: MessageRecord | undefined, b: MessageRecord | undefined): boolean {
  if (a === undefined || b === undefined || a.direction !== b.direction) return false;
  return authorKey(a.author) === authorKey(b.author) && Math.abs(b.at - a.at) < blockGap;
}

function dayOf(at: number): string {
  const day = new Date(at);
  return `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
}
