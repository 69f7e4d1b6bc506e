import type { ErrorInfo } from "../../../shared/errors.ts";
import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { History } from "../../history/history.ts";
import type { Log } from "../../networks/log.ts";
import type { ArchiveMethods } from "./archive-methods.ts";
import type { Progress } from "./progress.ts";
import { rebuiltItems } from "./rebuilt.ts";

/** Puts a queue together again that was damaged or is gone. */
export interface Mending {
  /** Why the queue is not whole; undefined: it is, or nobody has looked yet. */
  readonly damaged: ErrorInfo | undefined;
  /** It was looked at, and is whole. */
  readonly isWhole: boolean;
  /** Looks whether the queue is one that was begun anew in the place of another. Rejects when it cannot be read. */
  look(): Promise<void>;
  /** It was found damaged just now. */
  lost(): void;
}

/** Messages of the record in one piece. */
const atOnce = 500;

/**
 *   unknown -- look --> whole -- lost --> damaged -- what is left was taken over, the record fed again --> whole
 *                 \--- begun anew -----------^  ^--- it could not be written: again, after a while ---/
 *
 * What is left of a queue that was set aside comes first, with what was taken already; then everything of the record
 * from where the archive is known to have it all. Nothing that waits or was taken is put in twice, as far as that is
 * known.
 */
export function createMending(options: {
  readonly worker: DatabaseWorker<ArchiveMethods>;
  readonly progress: Progress;
  readonly record: Promise<Pick<History, "record">>;
  readonly covers: (conversationId: ConversationId) => boolean;
  /** Told once for each time. */
  readonly onDamaged: (error: ErrorInfo) => void;
  readonly onChange: () => void;
  /** Receives a failure; the work is tried again. */
  readonly onFailed: (error: unknown) => void;
  readonly retryAfter: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}): Mending {
  const { worker, progress, covers, signal, log } = options;
  let damaged: ErrorInfo | undefined;
  let isWhole = false;
  let mending = false;
  /** How often it was found damaged: also while it is being mended. */
  let losses = 0;

  function begin(): void {
    isWhole = false;
    losses += 1;
    if (damaged) return;
    damaged = { code: "archive-queue-damaged" };
    void mend();
    options.onDamaged(damaged);
    options.onChange();
  }

  async function mend(): Promise<void> {
    if (mending) return;
    mending = true;
    log.warn("The queue of the archive was damaged or is gone; it is put together again");
    while (!signal.aborted) {
      const before = losses;
      try {
        while (!signal.aborted && (await worker.call("archive.salvageSome")));
        const fed = await feedAgain();
        if (signal.aborted) return;
        if (losses !== before) continue;
        await worker.call("archive.setMark", "rebuild", "");
        log.info("The queue of the archive is whole again", { fed });
        break;
      } catch (error) {
        if (signal.aborted) return;
        options.onFailed(error);
        await new Promise((resolve) => setTimeout(resolve, options.retryAfter).unref());
      }
    }
    mending = false;
    damaged = undefined;
    isWhole = true;
    options.onChange();
  }

  /** How many items of the record were offered to the queue. */
  async function feedAgain(): Promise<number> {
    const { from } = progress;
    if (from === undefined) return 0;
    const history = await options.record;
    let fed = 0;
    let page = await history.record({ deleted: true }, undefined, atOnce);
    for (;;) {
      const items = page.messages
        .filter(({ storedAt, conversationId }) => storedAt >= from && covers(conversationId))
        .flatMap(rebuiltItems);
      if (items.length > 0) await worker.call("archive.add", items);
      fed += items.length;
      if (!page.next || signal.aborted) return fed;
      page = await history.record({ deleted: true }, page.next, atOnce);
    }
  }

  return {
    get damaged() {
      return damaged;
    },
    get isWhole() {
      return isWhole;
    },
    async look() {
      if (damaged || isWhole) return;
      const isNew = (await worker.call("archive.mark", "rebuild")) === "pending";
      const left = (await worker.call("archive.mark", "salvage")) ?? "[]";
      // Reading it may have shown that it is damaged.
      if (damaged) return;
      if (isNew && (progress.from !== undefined || left !== "[]")) begin();
      else if (isNew) await worker.call("archive.setMark", "rebuild", "");
      isWhole = damaged === undefined;
    },
    lost: begin,
  };
}
