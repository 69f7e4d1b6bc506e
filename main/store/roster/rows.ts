import type { ContactId } from "../../../shared/model/contact.ts";
import { conversationWith } from "../../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { ConversationRecord } from "../../../shared/model/message.ts";
import type { RosterRecord } from "../../../shared/model/roster.ts";
import type { GroupMembers } from "./groups.ts";

/** A row of the list: that of a group, or with `at` that of the person who is there in it. */
export interface FlatRow {
  readonly group: string;
  readonly at?: number | undefined;
}

/** The groups with those of their people whose rows are not folded away, as one list. */
export interface FlatRows {
  readonly length: number;
  at(index: number): FlatRow | undefined;
  /** Where a row stands; the first one, where it is not there. */
  indexOf(row: FlatRow): number;
  idOf(row: FlatRow): ContactId | undefined;
}

export function flatRows(groups: readonly GroupMembers[], folded: ReadonlySet<string>): FlatRows {
  const starts: number[] = [];
  const byKey = new Map<string, number>();
  let length = 0;
  for (const [index, { key, shown }] of groups.entries()) {
    starts.push(length);
    byKey.set(key, index);
    length += 1 + (folded.has(key) ? 0 : shown.length);
  }
  return {
    length,
    at(index) {
      if (index < 0 || index >= length) return undefined;
      let [low, high] = [0, starts.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if ((starts[middle] ?? 0) <= index) low = middle;
        else high = middle - 1;
      }
      const group = groups[low]?.key ?? "";
      const at = index - (starts[low] ?? 0) - 1;
      return at < 0 ? { group } : { group, at };
    },
    indexOf({ group, at }) {
      const index = byKey.get(group);
      if (index === undefined) return 0;
      const isOpen = at !== undefined && !folded.has(group) && at < (groups[index]?.shown.length ?? 0);
      return (starts[index] ?? 0) + (isOpen ? 1 + at : 0);
    },
    idOf({ group, at }) {
      const index = byKey.get(group);
      return index === undefined || at === undefined ? undefined : groups[index]?.shown[at];
    },
  };
}

/** All rows of some people. */
export function placesOf(groups: readonly GroupMembers[], ids: readonly ContactId[]): RosterRecord["places"] {
  const places: RosterRecord["places"] = [];
  if (ids.length === 0) return places;
  for (const { key, shown } of groups)
    for (const id of ids) {
      const at = shown.indexOf(id);
      if (at !== -1) places.push({ id, group: key, at });
    }
  return places;
}

/**
 * The next (1) or previous (-1) conversation with unread messages: in the order of the list, and those without a row
 * after it.
 */
export function nextUnread({
  groups,
  folded,
  conversations,
  from,
  direction,
}: {
  readonly groups: readonly GroupMembers[];
  readonly folded: ReadonlySet<string>;
  readonly conversations: readonly ConversationRecord[];
  readonly from: ConversationId | undefined;
  readonly direction: 1 | -1;
}): ConversationId | undefined {
  const waiting = new Set(conversations.filter(({ unread }) => unread > 0).map(({ id }) => id));
  if (waiting.size === 0) return undefined;
  const listed = groups.flatMap(({ key, shown }) => (folded.has(key) ? [] : shown.map(conversationWith)));
  const order = [...new Set([...listed, ...conversations.map(({ id }) => id)])];
  const at = from === undefined ? -1 : order.indexOf(from);
  const start = at === -1 && direction === -1 ? 0 : at;
  for (let distance = 1; distance <= order.length; distance++) {
    const candidate = order[(start + direction * distance + order.length * 2) % order.length];
    if (candidate !== undefined && waiting.has(candidate)) return candidate;
  }
  return undefined;
}
