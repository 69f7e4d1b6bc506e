import type { AccountId } from "../../../shared/model/account.ts";
import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { MessageId } from "../../../shared/model/message.ts";
import type { ConversationSummary } from "../../history/history.ts";
import type { RetentionPolicy } from "../../history/keeping-policy.ts";
import type { Moment, RemovalRule } from "../../history/store/candidates.ts";

/** Selection that the person deletes: some messages, a conversation, an account's conversations, or all. */
export type Selection =
  | { readonly conversationId: ConversationId; readonly messageIds: readonly MessageId[] }
  | { readonly conversationId: ConversationId }
  | { readonly accountId: AccountId }
  | { readonly all: true };

/** Messages that are hidden now, so that the views that show them can follow. */
export interface Removed {
  readonly ids: ReadonlyMap<ConversationId, readonly MessageId[]>;
  /**
   * The conversations as they are now, of those whose last line, count of unread messages or first unread message is
   * another.
   */
  readonly summaries: readonly ConversationSummary[];
}

/** Own message that waited to be sent and is not to be sent any more. */
export interface Withdrawn {
  readonly accountId: AccountId;
  readonly id: MessageId;
}

export interface Hidden extends Removed {
  /** Nothing keeps them: the next run of `purgeSome` takes them off the disk. */
  readonly erased: number;
  /** A rule keeps them in the record. */
  readonly kept: number;
  /** Some of those kept are under a legal hold, or may not be deleted by anybody. */
  readonly held: boolean;
  /** Until when HistoryMinimumDays keeps the youngest of them. */
  readonly until: number | undefined;
  readonly withdrawn: readonly Withdrawn[];
  readonly next: HideCursor | undefined;
}

/** Where hiding goes on: what came after it began is left alone. */
export interface HideCursor {
  /** Which of the stores, by its place. */
  readonly layer: number;
  readonly conversation: number;
  readonly at: number;
  readonly seq: number;
  readonly upTo: number;
}

export interface Purged extends Removed {
  readonly next: PurgeCursor | undefined;
}

export interface PurgeCursor {
  /** Which of the stores, by its place. */
  readonly layer: number;
  /** First by age, then what the person deleted. */
  readonly pass: "age" | "deleted";
  readonly at: number;
  readonly seq: number;
}

/** Messages that runs have deleted from the disk since it was last written to the audit log. */
export interface Tally {
  readonly rule: RemovalRule;
  /** Latest time of arrival that the rule took. */
  readonly cutoff: number;
  readonly messages: number;
}

/**
 * Deleting, piece by piece: each call takes the worker some milliseconds, and other calls go between. What is protected
 * by the policy last given to `keep` is never taken off the disk, whoever asks. Errors: `storage-full`,
 * `storage-failed`, `storage-corrupt`.
 */
export interface Removals {
  /** Sets the policy. Until it is set, nothing is deleted. */
  keep(policy: RetentionPolicy): Promise<void>;
  /** Takes some of it out of the person's sight. Begin without a cursor and go on with `next` until there is none. */
  hideSome(what: Selection, cursor: HideCursor | undefined, moment: Moment): Promise<Hidden>;
  /** Takes some of what rules let go off the disk, with all that hangs on it; same use. */
  purgeSome(cursor: PurgeCursor | undefined, moment: Moment): Promise<Purged>;
  /** Writes some of the index of words anew, for words that are gone still part its pages; true while there is more. */
  rewriteIndexSome(begin: boolean): Promise<boolean>;
  /** Empties the database's log, which still has pages as they were before. */
  scrub(): Promise<void>;
  tallies(): Promise<readonly Tally[]>;
  /** These stand in the audit log now. */
  audited(tallies: readonly Tally[]): Promise<void>;
}
