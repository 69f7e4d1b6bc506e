import type { MessageRecord } from "../../../shared/model/message.ts";

/** A place in a conversation: messages are ordered by time, and by `seq` where times are equal. */
export interface Cursor {
  readonly at: number;
  readonly seq: number;
}

/** Part of a conversation to read: at most `limit` messages before (older than) or after a place, or the newest. */
export interface SliceQuery {
  readonly limit: number;
  readonly from?: Cursor | undefined;
  readonly way: "before" | "after";
}

/** Part of a conversation, oldest first; `more`: there are others beyond it. */
export interface Slice {
  readonly rows: MessageRecord[];
  readonly more: boolean;
}
