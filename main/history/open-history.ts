import { setTimeout as pause } from "node:timers/promises";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { Page } from "../../shared/ipc/contract.ts";
import type { AccountId } from "../../shared/model/account.ts";
import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { MessageId, MessageRecord } from "../../shared/model/message.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type {
  Changed,
  ConversationSummary,
  Correction,
  History,
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
import type { HistoryMethods } from "./history-methods.ts";
import { keepEverything, type RetentionPolicy } from "./keeping-policy.ts";
import type { RecordedMessage, RecordQuery } from "./recorded-message.ts";
import { everything, type ScopeRules, sameRules } from "./scope.ts";

/** Listener that is told of everything before it is written. It may not throw, and nobody waits for it. */
export interface HistoryFeed {
  appending(messages: readonly NewMessage[]): void;
  correcting(correction: Correction): void;
  retracting(retraction: Retraction): void;
  /** Whether what is said in a conversation goes to an archive, which is a record. */
  covers(place: ConversationPlace): boolean;
}

export interface HistoryOptions {
  readonly worker: DatabaseWorker<HistoryMethods>;
  /** Holds history.db; made (mode 0700) if it is not there. */
  readonly folder: string;
  /** 32 bytes, from the vault. Not used in the modes without a file, unless a file is there from before. */
  readonly key: Uint8Array;
  readonly mode: HistoryMode;
  /**
   * Told of all that is to be stored, in every mode, before it is: nothing gets into the history past the
   * organization's archive.
   */
  readonly feed?: HistoryFeed;
  /**
   * `storage-full`, `storage-failed`: new messages are in memory until it can be written again; told once for each time
   * of trouble. `storage-corrupt`: the file was set aside (param `file`), a new one begun, and what can be read is
   * brought over. `vault-unavailable`: the file was made with another key and is left alone.
   */
  readonly onTrouble: (error: ErrorInfo) => void;
  /** After `storage-full` or `storage-failed`: all is in the file again. */
  readonly onWell?: () => void;
  /**
   * Which conversations are kept as the mode says (policy HistoryScope), as of now; asked before every call. Absent:
   * all.
   */
  readonly scope?: () => ScopeRules;
  /**
   * Whether policy demands a record of a conversation now: then what a message said before a correction or retraction
   * is kept, as it is where the feed covers the conversation. Absent: it does not.
   */
  readonly rules?: { demandsRecord(place: ConversationPlace): boolean };
  /** Policy about keeping and deleting; nothing is deleted when absent. */
  readonly retention?: RetentionPolicy;
  /** Lines kept of each conversation in mode `off`; 200. */
  readonly keepWhenOff?: number;
  /** After a failed write, how long until the file is tried again, in milliseconds; 15 s. */
  readonly retryAfter?: number;
  /** Limits the file, in pages of 4 KiB; for tests of a full disk. */
  readonly maxPages?: number;
}

/** Opens the history. It always opens: where the file cannot be used, in memory and with `onTrouble`. */
export function openHistory(options: HistoryOptions): Promise<History> {
  return OpenHistory.open(options);
}

/** History in the thread of a worker. */
class OpenHistory implements History {
  readonly #options: HistoryOptions;
  readonly #scope: () => ScopeRules;
  readonly #stopListening: readonly (() => void)[];
  #mode: HistoryMode;
  #rules: ScopeRules;
  #closed = false;
  #inTrouble = false;
  #renewing = false;

  private constructor(options: HistoryOptions) {
    const { scope = () => everything, worker } = options;
    this.#options = options;
    this.#scope = scope;
    this.#mode = options.mode;
    this.#rules = scope();
    this.#stopListening = [
      worker.onTrouble("history", (error) => this.#fail(error)),
      worker.onWell(() => {
        this.#inTrouble = false;
        options.onWell?.();
      }),
    ];
  }

  static async open(options: HistoryOptions): Promise<History> {
    const history = new OpenHistory(options);
    try {
      await history.#call("history.open", {
        folder: options.folder,
        key: options.key,
        mode: options.mode,
        scope: history.#rules,
        keepWhenOff: options.keepWhenOff ?? 200,
        retention: options.retention ?? keepEverything,
        retryAfter: options.retryAfter ?? 15_000,
        maxPages: options.maxPages,
      });
    } catch (error) {
      history.#stop();
      throw error;
    }
    // What an earlier run did not come to the end of.
    history.#salvage().catch(() => undefined);
    history.#renewIndex().catch(() => undefined);
    return history;
  }

  get mode(): HistoryMode {
    return this.#mode;
  }

  get keeps(): boolean {
    return this.#mode !== "encrypted" || !this.#inTrouble;
  }

  async setMode(mode: HistoryMode): Promise<void> {
    await this.#call("history.setMode", mode);
    this.#mode = mode;
    this.#renewIndex().catch(() => undefined);
  }

  append(messages: readonly NewMessage[]): Promise<readonly Stored[]> {
    this.#options.feed?.appending(messages);
    const places = new Map(messages.map(({ conversationId, place }) => [conversationId, place]));
    const demanded = [...places].filter(([, place]) => this.#demandsRecord(place)).map(([id]) => id);
    return this.#call("history.append", messages, demanded);
  }

  setState(update: StateUpdate): Promise<MessageRecord | undefined> {
    return this.#call("history.setState", update);
  }

  readThere(conversationId: ConversationId, wireId: string): Promise<ReadThere> {
    return this.#call("history.readThere", conversationId, wireId);
  }

  correct(correction: Correction): Promise<Changed> {
    this.#options.feed?.correcting(correction);
    return this.#call("history.correct", correction, this.#demandsRecord(correction.place));
  }

  retract(retraction: Retraction): Promise<Changed> {
    this.#options.feed?.retracting(retraction);
    return this.#call("history.retract", retraction, this.#demandsRecord(retraction.place));
  }

  get(id: MessageId): Promise<MessageRecord | undefined> {
    return this.#call("history.get", id);
  }

  page(query: PageQuery): Promise<Page> {
    return this.#call("history.page", query);
  }

  search(query: SearchQuery): Promise<SearchAnswer> {
    return this.#call("history.search", query);
  }

  conversations(): Promise<readonly ConversationSummary[]> {
    return this.#call("history.conversations");
  }

  markRead(
    conversationId: ConversationId,
    messageId: MessageId,
  ): Promise<HistoryMethods["history.markRead"]["result"]> {
    return this.#call("history.markRead", conversationId, messageId);
  }

  markReadByWireId(message: NamedMessage): Promise<ConversationSummary | undefined> {
    return this.#call("history.markReadByWireId", message);
  }

  waiting(accountId: AccountId): Promise<readonly WaitingMessage[]> {
    return this.#call("history.waiting", accountId);
  }

  forgetOpen(conversationId: ConversationId): Promise<void> {
    return this.#call("history.forgetOpen", conversationId);
  }

  record(query: RecordQuery, piece: RecordPiece): Promise<RecordPage> {
    return this.#call("history.record", query, piece);
  }

  recorded(ids: readonly MessageId[]): Promise<readonly RecordedMessage[]> {
    return this.#call("history.recorded", ids);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#call("history.close");
    this.#stop();
  }

  #stop(): void {
    for (const stop of this.#stopListening) stop();
  }

  /** Every call is answered under the rules of now: the worker takes them first. */
  #call<M extends keyof HistoryMethods>(
    method: M,
    ...args: HistoryMethods[M]["args"]
  ): Promise<HistoryMethods[M]["result"]> {
    const rules = this.#scope();
    if (!sameRules(rules, this.#rules) && method !== "history.open") {
      this.#rules = rules;
      // The worker is gone when it fails, and the call itself says so.
      this.#options.worker.call("history.setScope", rules).catch(() => undefined);
    }
    return this.#options.worker.call(method, ...args);
  }

  #demandsRecord(place: ConversationPlace): boolean {
    const { rules, feed } = this.#options;
    return rules?.demandsRecord(place) === true || feed?.covers(place) === true;
  }

  #fail(error: ErrorInfo): void {
    if (error.code !== "storage-corrupt") this.#inTrouble = true;
    this.#options.onTrouble(error);
    if (error.code === "storage-corrupt") this.#salvage().catch(() => undefined);
  }

  /** Brings over in pieces what can be read of a file set aside; other calls go between. */
  async #salvage(): Promise<void> {
    while (!this.#closed && (await this.#call("history.salvageSome")))
      await new Promise((resolve) => setImmediate(resolve));
  }

  /**
   * The index of an earlier version is cut anew in steps; half of the time belongs to others. It goes on at the next
   * start where it ends now.
   */
  async #renewIndex(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    try {
      for (let more = true; more && !this.#closed; ) {
        const began = performance.now();
        more = await this.#call("history.renewIndexSome");
        if (more) await pause(performance.now() - began);
      }
    } finally {
      this.#renewing = false;
    }
  }
}
