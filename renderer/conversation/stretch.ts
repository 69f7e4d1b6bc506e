import type { Page } from "../../shared/ipc/contract.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { MessageOp } from "../state/replica.ts";
import { compareMessages, merge } from "./messages.ts";

/**
 * A contiguous part of a conversation: between two of its messages nothing is missing. `before`, `after`: whether there
 * are older or newer messages beyond it.
 */
export type Stretch = Page;

export const emptyStretch: Stretch = { messages: [], before: false, after: false };

/** An own message that main has not stored yet stands after all that are. */
export const unstored = Number.MAX_SAFE_INTEGER;

/**
 * Puts a published message in its place. One that belongs beyond an end where others are missing stays out: next to
 * what is shown it would hide those between. It comes with its page.
 */
export function withMessage(stretch: Stretch, record: MessageRecord): Stretch {
  const { messages, before, after } = stretch;
  const [first, last] = [messages[0], messages.at(-1)];
  const known = messages.some(({ id }) => id === record.id);
  if (!known && before && (first === undefined || compareMessages(record, first) < 0)) return stretch;
  if (!known && after && (last === undefined || compareMessages(record, last) > 0)) return stretch;
  return { ...stretch, messages: merge(messages, [record]) };
}

/** Applies what main published about the messages of this conversation. */
export function withOp(stretch: Stretch, op: MessageOp): Stretch {
  switch (op.op) {
    case "put":
      return withMessage(stretch, op.record);
    case "patch":
      return {
        ...stretch,
        messages: stretch.messages.map((message) => (message.id === op.id ? patched(message, op.fields) : message)),
      };
    case "remove":
      return { ...stretch, messages: stretch.messages.filter(({ id }) => id !== op.id) };
    case "forget":
      return stretch;
  }
}

/** Adds the page that follows in one direction; what exceeds `most` is let go at the other end. */
export function withPage(
  stretch: Stretch,
  page: Page,
  { direction, most }: { readonly direction: "before" | "after"; readonly most: number },
): Stretch {
  const messages = merge(stretch.messages, page.messages);
  const longer = { ...stretch, messages, [direction]: page[direction] };
  if (messages.length <= most) return longer;
  return direction === "before"
    ? { ...longer, messages: messages.slice(0, most), after: true }
    : { ...longer, messages: messages.slice(-most), before: true };
}

/** At most `most` messages: those at the end, or at the start, that the person does not read are let go. */
export function shortened(stretch: Stretch, most: number, end: "start" | "end"): Stretch {
  const { messages } = stretch;
  return end === "start"
    ? { ...stretch, messages: messages.slice(-most), before: true }
    : { ...stretch, messages: messages.slice(0, most), after: true };
}

function patched(message: MessageRecord, fields: Readonly<Record<string, unknown>>): MessageRecord {
  const next: Record<string, unknown> = { ...message };
  for (const [field, value] of Object.entries(fields)) {
    if (value === null) delete next[field];
    else next[field] = value;
  }
  // Main publishes only what fits the schema of a message.
  return next as unknown as MessageRecord;
}
