import type { ErrorInfo } from "../../shared/errors.ts";
import type { Page } from "../../shared/ipc/contract.ts";
import type { MessageRecord, MessageState } from "../../shared/model/message.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import type { ProfileNamespace } from "../profile/profile.ts";
import type { AuditEnd, AuditStoreOptions } from "../record/audit/audit-store.ts";
import type { AuditEntry, AuditPosition, UnchainedEntry } from "../record/audit/entry.ts";
import type { ArchiveItem } from "../record/feed/archive.ts";
import type { ItemState, QueuedItem } from "../record/feed/archive-store.ts";
import type {
  Hidden,
  HideCursor,
  Moment,
  PurgeCursor,
  Purged,
  Selection,
  Tally,
} from "../record/retention/removals.ts";
import type { KeepingPolicy } from "../record/retention/rules.ts";
import type {
  Changed,
  ConversationSummary,
  Correction,
  NewMessage,
  PageQuery,
  ReadThere,
  RecordCursor,
  RecordOrder,
  RecordPage,
  Retraction,
  SearchAnswer,
  SearchQuery,
  Stored,
} from "./history.ts";
import type { RecordedMessage, RecordQuery } from "./recorded-message.ts";
import type { ScopeRules } from "./scope.ts";
import type { ProfileEntry } from "./store/profile-store.ts";

/** What can be asked of the database worker: method -> arguments in order, answer. */
export interface WorkerMethods {
  /** Closes both databases and ends the thread. */
  stop: { readonly args: readonly []; readonly result: undefined };
  "profile.open": {
    readonly args: readonly [options: { readonly path: string; readonly key: Uint8Array; readonly onlyRead?: boolean }];
    readonly result: undefined;
  };
  /** No database may be open. False: the file opens with neither key. */
  /** Gives back memory that a burst took. */
  collectGarbage: { readonly args: readonly []; readonly result: undefined };
  rekey: { readonly args: readonly [path: string, from: Uint8Array, to: Uint8Array]; readonly result: boolean };
  "profile.get": {
    readonly args: readonly [namespace: ProfileNamespace, key: string];
    readonly result: string | undefined;
  };
  "profile.all": { readonly args: readonly [namespace: ProfileNamespace]; readonly result: Map<string, string> };
  "profile.put": { readonly args: readonly [entries: readonly ProfileEntry[]]; readonly result: undefined };
  "profile.close": { readonly args: readonly []; readonly result: undefined };
  "history.open": { readonly args: readonly [options: HistoryOpenOptions]; readonly result: undefined };
  "history.setMode": { readonly args: readonly [mode: HistoryMode]; readonly result: undefined };
  "history.setScope": { readonly args: readonly [rules: ScopeRules]; readonly result: undefined };
  "history.append": {
    readonly args: readonly [messages: readonly NewMessage[], demanded: readonly string[]];
    readonly result: readonly Stored[];
  };
  "history.setState": {
    readonly args: readonly [wireId: string, conversationId: string, state: MessageState, error: ErrorInfo | undefined];
    readonly result: MessageRecord | undefined;
  };
  "history.readThere": { readonly args: readonly [conversationId: string, wireId: string]; readonly result: ReadThere };
  "history.correct": { readonly args: readonly [correction: Correction, keep: boolean]; readonly result: Changed };
  "history.retract": { readonly args: readonly [retraction: Retraction, keep: boolean]; readonly result: Changed };
  "history.get": { readonly args: readonly [id: string]; readonly result: MessageRecord | undefined };
  "history.page": { readonly args: readonly [query: PageQuery]; readonly result: Page };
  "history.search": { readonly args: readonly [query: SearchQuery]; readonly result: SearchAnswer };
  "history.conversations": { readonly args: readonly []; readonly result: readonly ConversationSummary[] };
  "history.markRead": {
    readonly args: readonly [conversationId: string, messageId: string];
    readonly result: { readonly summary: ConversationSummary; readonly readWireIds: readonly string[] };
  };
  "history.markReadByWireId": {
    readonly args: readonly [conversationId: string, wireId: string];
    readonly result: ConversationSummary | undefined;
  };
  "history.waiting": { readonly args: readonly [accountId: string]; readonly result: readonly MessageRecord[] };
  "history.forgetOpen": { readonly args: readonly [conversationId: string]; readonly result: undefined };
  "history.record": {
    readonly args: readonly [query: RecordQuery, after: RecordCursor | undefined, limit: number, order: RecordOrder];
    readonly result: RecordPage;
  };
  "history.recorded": { readonly args: readonly [ids: readonly string[]]; readonly result: readonly RecordedMessage[] };
  "history.keep": { readonly args: readonly [policy: KeepingPolicy]; readonly result: undefined };
  "history.hideSome": {
    readonly args: readonly [what: Selection, cursor: HideCursor | undefined, moment: Moment];
    readonly result: Hidden;
  };
  "history.purgeSome": {
    readonly args: readonly [cursor: PurgeCursor | undefined, moment: Moment];
    readonly result: Purged;
  };
  "history.rewriteIndexSome": { readonly args: readonly [begin: boolean]; readonly result: boolean };
  "history.scrub": { readonly args: readonly []; readonly result: undefined };
  "history.tallies": { readonly args: readonly []; readonly result: readonly Tally[] };
  "history.audited": { readonly args: readonly [tallies: readonly Tally[]]; readonly result: undefined };
  "history.salvageSome": { readonly args: readonly []; readonly result: boolean };
  "history.renewIndexSome": { readonly args: readonly []; readonly result: boolean };
  "history.close": { readonly args: readonly []; readonly result: undefined };
  "audit.open": { readonly args: readonly [options: AuditStoreOptions]; readonly result: AuditEnd };
  "audit.append": {
    readonly args: readonly [after: number, events: readonly UnchainedEntry[]];
    readonly result: AuditEnd;
  };
  "audit.read": {
    readonly args: readonly [after: AuditPosition, limit: number];
    readonly result: readonly AuditEntry[];
  };
  "audit.close": { readonly args: readonly []; readonly result: undefined };
  /** The queue of the organization's archive (archive/archive-store.ts); it is there in every HistoryMode. */
  "archive.open": {
    readonly args: readonly [
      options: { readonly folder: string; readonly key: Uint8Array; readonly maxPages: number | undefined },
    ];
    readonly result: undefined;
  };
  "archive.add": { readonly args: readonly [items: readonly ArchiveItem[]]; readonly result: undefined };
  "archive.head": { readonly args: readonly [count: number, length: number]; readonly result: readonly QueuedItem[] };
  "archive.taken": { readonly args: readonly [places: readonly number[]]; readonly result: undefined };
  "archive.refuse": { readonly args: readonly [place: number, error: ErrorInfo]; readonly result: undefined };
  "archive.again": { readonly args: readonly []; readonly result: undefined };
  "archive.state": { readonly args: readonly [id: string]; readonly result: ItemState | undefined };
  "archive.mark": { readonly args: readonly [name: string]; readonly result: string | undefined };
  "archive.setMark": { readonly args: readonly [name: string, value: string]; readonly result: undefined };
  /** False: all that can be read of queues that were set aside is taken over. */
  "archive.salvageSome": { readonly args: readonly []; readonly result: boolean };
  "archive.close": { readonly args: readonly []; readonly result: undefined };
}
export type WorkerMethod = keyof WorkerMethods;

export interface HistoryOpenOptions {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly mode: HistoryMode;
  readonly scope: ScopeRules;
  readonly keepWhenOff: number;
  /** What policy says about keeping; `history.keep` changes it. */
  readonly keeping: KeepingPolicy;
  readonly retryAfter: number;
  readonly maxPages: number | undefined;
}

export interface WorkerCall {
  readonly id: number;
  readonly method: WorkerMethod;
  readonly args: readonly unknown[];
}

/** What comes back: the answer to a call, or trouble that nobody asked about. */
export type WorkerMessage =
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: ErrorInfo }
  | { readonly kind: "trouble"; readonly from: "profile" | "history" | "audit" | "archive"; readonly error: ErrorInfo }
  /** The history's file can be written again, after trouble. */
  | { readonly kind: "well" };
