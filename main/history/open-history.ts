import { setTimeout as pause } from "node:timers/promises";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type { Correction, History, NewMessage, Retraction } from "./history.ts";
import type { HistoryMethods } from "./history-methods.ts";
import { keepEverything, type RetentionPolicy } from "./keeping-policy.ts";
import { everything, type ScopeRules, sameRules } from "./scope.ts";

/** Listener that is told of everything before it is written. It may not throw, and nobody waits for it. */
export interface HistoryFeed {
  appending(messages: readonly NewMessage[]): void;
  correcting(correction: Correction): void;
  retracting(retraction: Retraction): void;
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
   * is kept. Absent: it does not.
   */
  readonly demandsRecord?: (conversationId: ConversationId) => boolean;
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
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { demandsRecord = () => false, scope = () => everything } = options;
  const worker: Pick<DatabaseWorker<HistoryMethods>, "call"> = { call };
  let mode = options.mode;
  let closed = false;
  let inTrouble = false;
  let scopeThere = scope();

  /** Every call is answered under the rules of now: the worker takes them first. */
  function call<M extends keyof HistoryMethods>(
    method: M,
    ...args: HistoryMethods[M]["args"]
  ): Promise<HistoryMethods[M]["result"]> {
    const rules = scope();
    if (!sameRules(rules, scopeThere) && method !== "history.open") {
      scopeThere = rules;
      // The worker is gone when it fails, and the call itself says so.
      options.worker.call("history.setScope", rules).catch(() => undefined);
    }
    return options.worker.call(method, ...args);
  }

  // What can be read of a file set aside is brought over in pieces, other calls go between.
  async function salvage(): Promise<void> {
    while (!closed && (await worker.call("history.salvageSome"))) await new Promise((resolve) => setImmediate(resolve));
  }

  let renewing = false;
  /**
   * The index of an earlier version is cut anew in steps; half of the time belongs to others. It goes on at the next
   * start where it ends now.
   */
  async function renewIndex(): Promise<void> {
    if (renewing) return;
    renewing = true;
    try {
      for (let more = true; more && !closed; ) {
        const began = performance.now();
        more = await worker.call("history.renewIndexSome");
        if (more) await pause(performance.now() - began);
      }
    } finally {
      renewing = false;
    }
  }

  const stopListening = options.worker.onTrouble("history", (error) => {
    if (error.code !== "storage-corrupt") inTrouble = true;
    options.onTrouble(error);
    if (error.code === "storage-corrupt") salvage().catch(() => undefined);
  });

  const stopHearing = options.worker.onWell(() => {
    inTrouble = false;
    options.onWell?.();
  });

  try {
    await worker.call("history.open", {
      folder: options.folder,
      key: options.key,
      mode,
      scope: scopeThere,
      keepWhenOff: options.keepWhenOff ?? 200,
      retention: options.retention ?? keepEverything,
      retryAfter: options.retryAfter ?? 15_000,
      maxPages: options.maxPages,
    });
  } catch (error) {
    stopListening();
    stopHearing();
    throw error;
  }
  // What an earlier run did not come to the end of.
  salvage().catch(() => undefined);
  renewIndex().catch(() => undefined);
  return {
    get mode() {
      return mode;
    },
    get keeps() {
      return mode !== "encrypted" || !inTrouble;
    },
    async setMode(next) {
      await worker.call("history.setMode", next);
      mode = next;
      renewIndex().catch(() => undefined);
    },
    append(messages) {
      options.feed?.appending(messages);
      return worker.call(
        "history.append",
        messages,
        [...new Set(messages.map((message) => message.conversationId))].filter(demandsRecord),
      );
    },
    setState: (wireId, conversationId, state, error) =>
      worker.call("history.setState", wireId, conversationId, state, error),
    readThere: (conversationId, wireId) => worker.call("history.readThere", conversationId, wireId),
    correct(correction) {
      options.feed?.correcting(correction);
      return worker.call("history.correct", correction, demandsRecord(correction.conversationId));
    },
    retract(retraction) {
      options.feed?.retracting(retraction);
      return worker.call("history.retract", retraction, demandsRecord(retraction.conversationId));
    },
    get: (id) => worker.call("history.get", id),
    page: (query) => worker.call("history.page", query),
    search: (query) => worker.call("history.search", query),
    conversations: () => worker.call("history.conversations"),
    markRead: (conversationId, messageId) => worker.call("history.markRead", conversationId, messageId),
    markReadByWireId: (message) => worker.call("history.markReadByWireId", message),
    waiting: (accountId) => worker.call("history.waiting", accountId),
    forgetOpen: (conversationId) => worker.call("history.forgetOpen", conversationId),
    record: (query, after, limit, order = "seq") => worker.call("history.record", query, after, limit, order),
    recorded: (ids) => worker.call("history.recorded", ids),
    async close() {
      closed = true;
      await worker.call("history.close");
      stopListening();
      stopHearing();
    },
  };
}
