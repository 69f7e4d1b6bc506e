import { setTimeout as pause } from "node:timers/promises";
import type { Listeners } from "../../../shared/listeners.ts";
import type { Moment } from "../../history/store/candidates.ts";
import type { Audit } from "../audit/audit.ts";
import type { PurgeCursor, Removals, Removed } from "./removals.ts";

export interface PurgeRunsOptions {
  readonly removals: Removals;
  readonly audit: Audit;
  readonly removed: Listeners<Removed>;
  readonly moment: () => Moment;
  /** Minimum period in force, in days, for the audit log. */
  readonly minimumDays: () => number;
  readonly onFailed: (error: unknown) => void;
}

/** Runs over all that is stored, which delete what is past its retention period. One at a time. */
export class PurgeRuns {
  readonly #options: PurgeRunsOptions;
  readonly #removals: Removals;
  /** The run that is under way, and whether another is to follow because something has changed. */
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(options: PurgeRunsOptions) {
    this.#options = options;
    this.#removals = options.removals;
  }

  /** A run begins; where one is under way, another follows it. */
  begin(): void {
    if (this.#closed) return;
    this.#again = this.#running !== undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** No run begins any more; one that is under way ends soon. */
  close(): void {
    this.#closed = true;
  }

  async #run(): Promise<void> {
    try {
      do {
        this.#again = false;
        await this.#purge();
      } while (this.#again && !this.#closed);
    } catch (error) {
      // What is left is tried again with the next run.
      if (!this.#closed) this.#options.onFailed(error);
    }
  }

  /**
   * One run over all that is stored. Where it is broken off, the next one begins again: what is gone is gone, and
   * counted.
   */
  async #purge(): Promise<void> {
    const { removed } = this.#options;
    const when = this.#options.moment();
    let cursor: PurgeCursor | undefined;
    // An earlier run was broken off; while the log does not take it, nothing more goes. Its traces in the files are
    // seen to as well.
    const went = (await this.#tell()) > 0;
    do {
      const began = performance.now();
      const step = await this.#removals.purgeSome(cursor, when);
      cursor = step.next;
      if (step.ids.size > 0 || step.summaries.length > 0) removed.emit(step);
      // Half of the time belongs to others, whatever else the disk and the worker have to do.
      if (cursor) await pause(performance.now() - began);
      if (this.#closed) return;
    } while (cursor);
    if (went || (await this.#removals.tallies()).length > 0) {
      await this.#rewriteIndex();
      if (this.#closed) return;
      await this.#removals.scrub();
    }
    await this.#tell();
  }

  async #rewriteIndex(): Promise<void> {
    for (let begin = true; !this.#closed; begin = false) {
      const began = performance.now();
      if (!(await this.#removals.rewriteIndexSome(begin))) return;
      await pause(performance.now() - began);
    }
  }

  /**
   * Writes to the audit log what was deleted; until then it is in the database. Answers how many rules there were to
   * tell of.
   */
  async #tell(): Promise<number> {
    const tallies = await this.#removals.tallies();
    for (const tally of tallies) {
      const { rule, cutoff, messages } = tally;
      const details = {
        rule,
        arrivedUntil: new Date(cutoff).toISOString(),
        messages,
        minimumDays: this.#options.minimumDays(),
      };
      await this.#options.audit.record({ kind: "deletion", action: "retention", details });
      await this.#removals.audited([tally]);
    }
    return tallies.length;
  }
}
