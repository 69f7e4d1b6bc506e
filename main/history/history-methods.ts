import type { Page } from "../../shared/ipc/contract.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import type {
  Changed,
  ConversationSummary,
  Correction,
  NamedMessage,
  NewMessage,
  PageQuery,
  ReadThere,
  RecordPage,
  RecordPiece,
  Retraction,
  SearchAnswer,
  SearchQuery,
  StateUpdate,
  Stored,
  WaitingMessage,
} from "./history.ts";
import type { RetentionPolicy } from "./keeping-policy.ts";
import type { RecordedMessage, RecordQuery } from "./recorded-message.ts";
import type { ScopeRules } from "./scope.ts";

/** The history in the thread with the databases. */
export interface HistoryMethods {
  "history.open": { readonly args: readonly [options: HistoryOpenOptions]; readonly result: undefined };
  "history.setMode": { readonly args: readonly [mode: HistoryMode]; readonly result: undefined };
  "history.setScope": { readonly args: readonly [rules: ScopeRules]; readonly result: undefined };
  "history.append": {
    readonly args: readonly [messages: readonly NewMessage[], demanded: readonly string[]];
    readonly result: readonly Stored[];
  };
  "history.setState": {
    readonly args: readonly [update: StateUpdate];
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
    readonly result: { readonly summary: ConversationSummary | undefined; readonly readWireIds: readonly string[] };
  };
  "history.markReadByWireId": {
    readonly args: readonly [message: NamedMessage];
    readonly result: ConversationSummary | undefined;
  };
  "history.waiting": { readonly args: readonly [accountId: string]; readonly result: readonly WaitingMessage[] };
  "history.forgetOpen": { readonly args: readonly [conversationId: string]; readonly result: undefined };
  "history.record": {
    readonly args: readonly [query: RecordQuery, piece: RecordPiece];
    readonly result: RecordPage;
  };
  "history.recorded": { readonly args: readonly [ids: readonly string[]]; readonly result: readonly RecordedMessage[] };
  "history.salvageSome": { readonly args: readonly []; readonly result: boolean };
  "history.renewIndexSome": { readonly args: readonly []; readonly result: boolean };
  "history.close": { readonly args: readonly []; readonly result: undefined };
}

export interface HistoryOpenOptions {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly mode: HistoryMode;
  readonly scope: ScopeRules;
  readonly keepWhenOff: number;
  /** Policy about keeping; `history.keep` changes it. */
  readonly retention: RetentionPolicy;
  readonly retryAfter: number;
  readonly maxPages: number | undefined;
}
