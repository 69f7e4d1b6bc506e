import type { ErrorInfo } from "../../../shared/errors.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { History } from "../../history/history.ts";
import type { Log } from "../../networks/log.ts";
import type { ArchiveMethods } from "./archive-methods.ts";
import type { FedPlace } from "./archive-scope.ts";
import type { Progress } from "./progress.ts";
import { rebuiltItems } from "./rebuilt.ts";

/** Messages of the record in one piece. */
const atOnce = 500;

export interface QueueRepairOptions {
  readonly worker: DatabaseWorker<ArchiveMethods>;
  readonly progress: Progress;
  readonly record: Promise<Pick<History, "record">>;
  readonly covers: (place: FedPlace) => boolean;
  /** Called once for each time of damage. */
  readonly onDamaged: (error: ErrorInfo) => void;
  readonly onChange: () => void;
  /** Receives a failure; the repair is tried again. */
  readonly onFailed: (error: unknown) => void;
  /** Milliseconds. */
  readonly retryAfter: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Repair of a queue that was damaged or is gone:
 *
 *   unknown -- check --> whole -- lost --> damaged -- the rest was taken over, the record fed again --> whole
 *                 |\--- begun anew -----------^  ^--- it could not be written: again, after a while ---/
 *                  \--- behind --> (the record is fed again) --> whole
 *
 * It is behind where the program ended while items were in memory only. Nobody need be told of that: what the record
 * has of them is put in, and nothing is known to be lost.
 *
 * What is left of a queue that was set aside comes first, with what was taken already; then everything of the record
 * from where the archive is known to have it all. Nothing that waits or was taken is put in twice, as far as that is
 * known.
 */
export class QueueRepair {
  readonly #options: QueueRepairOptions;
  #damaged: ErrorInfo | undefined;
  #isWhole = false;
  #isRepairing = false;
  /** How often the queue was found damaged, also during a repair. */
  #losses = 0;

  constructor(options: QueueRepairOptions) {
    this.#options = options;
  }

  /** Why the queue is not whole; undefined: it is, or has not been checked yet. */
  get damaged(): ErrorInfo | undefined {
    return this.#damaged;
  }

  /** The queue was checked, and is whole. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Checks whether the queue was begun anew in the place of another. Rejects when it cannot be read. */
  async check(): Promise<void> {
    if (this.#damaged || this.#isWhole || this.#isRepairing) return;
    const { worker, progress } = this.#options;
    const isNew = (await worker.call("archive.mark", "rebuild")) === "pending";
    const left = (await worker.call("archive.mark", "salvage")) ?? "[]";
    // Reading it may have shown that it is damaged.
    if (this.#damaged) return;
    if (isNew && (progress.from !== undefined || left !== "[]")) this.lost();
    else if (isNew) await worker.call("archive.setMark", "rebuild", "");
    else if (progress.isBehind) return void this.#repair();
    this.#isWhole = this.#damaged === undefined;
  }

  /** The queue was found damaged just now. */
  lost(): void {
    this.#isWhole = false;
    this.#losses += 1;
    if (this.#damaged) return;
    this.#damaged = { code: "archive-queue-damaged" };
    void this.#repair();
    this.#options.onDamaged(this.#damaged);
    this.#options.onChange();
  }

  async #repair(): Promise<void> {
    if (this.#isRepairing) return;
    this.#isRepairing = true;
    const { worker, progress, signal, log, onFailed, onChange, retryAfter } = this.#options;
    log.warn("The queue of the archive is not whole; it is put together again");
    while (!signal.aborted) {
      const before = this.#losses;
      try {
        while (!signal.aborted && (await worker.call("archive.salvageSome")));
        const fed = await this.#feedAgain();
        if (signal.aborted) return;
        if (this.#losses !== before) continue;
        await worker.call("archive.setMark", "rebuild", "");
        log.info("The queue of the archive is whole again", { fed });
        break;
      } catch (error) {
        if (signal.aborted) return;
        onFailed(error);
        await new Promise((resolve) => setTimeout(resolve, retryAfter).unref());
      }
    }
    this.#isRepairing = false;
    this.#damaged = undefined;
    this.#isWhole = true;
    progress.catchUp();
    onChange();
  }

  /** Offers the record to the queue again; answers how many items that were. */
  async #feedAgain(): Promise<number> {
    const { worker, progress, covers, signal } = this.#options;
    const { from } = progress;
    if (from === undefined) return 0;
    const history = await this.#options.record;
    let fed = 0;
    let page = await history.record({ deleted: true }, { limit: atOnce });
    for (;;) {
      const items = page.messages
        .filter(({ storedAt, accountId, peer: address }) => storedAt >= from && covers({ accountId, address }))
        .flatMap(rebuiltItems);
      if (items.length > 0) await worker.call("archive.add", items);
      fed += items.length;
      if (!page.next || signal.aborted) return fed;
      page = await history.record({ deleted: true }, { after: page.next, limit: atOnce });
    }
  }
}
