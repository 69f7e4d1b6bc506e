import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { HallwayError } from "../../../shared/errors.ts";
import { openDatabase, setAside, translate } from "../../database/database.ts";
import type { GoneMessages } from "./gone-messages.ts";
import { historyMigrations } from "./history-schema.ts";
import { MessageStore } from "./message-store.ts";
import { Salvage } from "./salvage.ts";

export interface HistoryFileOptions {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly trouble: (error: HallwayError) => void;
  /** It can be written again, after trouble was told. */
  readonly well: () => void;
  /** After a failure, how long until the file is tried again, in milliseconds. */
  readonly retryAfter: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Limits the file, in pages of 4 KiB; for tests of a full disk. */
  readonly maxPages: number | undefined;
  readonly gone: GoneMessages;
}

/** File operations that a history needs. */
export type FileOperations = Pick<
  HistoryFile,
  "open" | "close" | "try" | "must" | "once" | "retry" | "well" | "salvageSome" | "renewIndexSome"
>;

/** A history without a file. */
export const noFileOperations: FileOperations = {
  open: () => undefined,
  close: () => undefined,
  try: (_work, otherwise) => otherwise,
  must: () => undefined,
  once: () => undefined,
  retry: () => false,
  well: () => undefined,
  salvageSome: () => false,
  renewIndexSome: () => false,
};

/** Gives out `seq`, which grows with every message stored, in memory or in the file. */
export class Sequence {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /** All that follow are above `seq`. */
  raise(seq: number): void {
    this.#last = Math.max(this.#last, seq);
  }
}

/** Page cache of the history, in KiB. */
const cacheKiB = 16_000;
/** How long one step of cutting the index anew takes, in milliseconds. */
const stepOfRenewal = 5;
/** Where `seq` begins when a broken file would not say how far it had come. */
const seqAfterUnknown = 2 ** 32;

/**
 * history.db and what becomes of it when it fails. Trouble is told once for each time of trouble. A corrupt file is set
 * aside and a new one begun, which then takes over what can be read of the old.
 */
export class HistoryFile {
  readonly #options: HistoryFileOptions;
  readonly #path: string;
  readonly #sequence: Sequence;
  #store: MessageStore | undefined;
  #failedAt: number | undefined;
  #reported = false;
  #salvage: { readonly file: string; readonly from: Salvage } | undefined;

  constructor(options: HistoryFileOptions, sequence: Sequence) {
    this.#options = options;
    this.#path = join(options.folder, "history.db");
    this.#sequence = sequence;
  }

  /** Does not throw: trouble is told, and `try` answers its other value. */
  open(): void {
    if (this.#store) return;
    try {
      this.#store = this.#open();
      this.#resumeSalvage(this.#store);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Continues a salvage that an earlier run did not finish. */
  #resumeSalvage(store: MessageStore): void {
    const pending = store.read.salvage();
    const path = pending && join(this.#options.folder, pending.file);
    if (pending && path !== undefined && existsSync(path))
      this.#salvage = { file: pending.file, from: new Salvage(path, this.#options.key, pending.below) };
  }

  close(): void {
    try {
      this.#store?.close();
    } catch {
      // A broken file need not close well.
    }
    this.#store = undefined;
    this.#endSalvage();
  }

  /**
   * Does something with the open file; when that fails, says so and answers `otherwise`. On a file found corrupt it is
   * done again on the new one.
   */
  try<T, U>(work: (store: MessageStore) => T, otherwise: U): T | U {
    for (let attempt = 0; attempt < 2 && this.#store; attempt++) {
      try {
        return work(this.#store);
      } catch (error) {
        if (!this.#fail(error)) return otherwise;
      }
    }
    return otherwise;
  }

  /** For what has no other place to go: as `try`, but the error is the caller's. Undefined: no file is open. */
  must<T>(work: (store: MessageStore) => T): T | undefined {
    const store = this.#store;
    if (!store) return undefined;
    try {
      return work(store);
    } catch (error) {
      const known = store.diagnose(error);
      this.#fail(error);
      throw known;
    }
  }

  /** Opens a file that is there for one thing, while history is not kept in it. */
  once<T>(work: (store: MessageStore) => T): T | undefined {
    if (!existsSync(this.#path)) return undefined;
    try {
      const store = this.#open();
      try {
        return work(store);
      } finally {
        store.close();
      }
    } catch (error) {
      this.#report(translate(error));
      return undefined;
    }
  }

  /** Whether it failed and it is time to try again (`now`: whatever the time is); opens it where it is not. */
  retry(now: boolean): boolean {
    if (this.#failedAt === undefined) return false;
    if (!now && performance.now() - this.#failedAt < this.#options.retryAfter) return false;
    this.#failedAt = undefined;
    this.open();
    return this.#store !== undefined;
  }

  /** It could be written: the next trouble is told again. */
  well(): void {
    if (!this.#reported) return;
    this.#reported = false;
    this.#options.well();
  }

  /**
   * Takes some more over from a file that was set aside, and learns what one of an earlier version holds; false when
   * that is done.
   */
  salvageSome(): boolean {
    const salvage = this.#salvage;
    if (!salvage) return this.try((store) => store.learnSome(), false);
    const more = this.try((store) => {
      const part = salvage.from.next();
      store.salvage(salvage.file, part, (row) => salvage.from.isUnread(row));
      return part.below !== undefined;
    }, false);
    if (!more) this.#endSalvage();
    return true;
  }

  /** Cuts some entries of the index anew that an earlier version made; false when that is done. */
  renewIndexSome(): boolean {
    const end = performance.now() + stepOfRenewal;
    return this.try((store) => store.renewIndexSome(() => performance.now() >= end), false);
  }

  #endSalvage(): void {
    this.#salvage?.from.close();
    this.#salvage = undefined;
  }

  #open(): MessageStore {
    const db = openDatabase({ path: this.#path, key: this.#options.key, migrations: historyMigrations, cacheKiB });
    if (this.#options.maxPages !== undefined) db.pragma(`max_page_count=${this.#options.maxPages}`);
    const store = new MessageStore(db, {
      indexed: true,
      nextSeq: () => this.#sequence.next(),
      now: this.#options.now,
      gone: this.#options.gone,
    });
    this.#sequence.raise(store.read.lastSeq());
    return store;
  }

  /** True: the file was replaced by a new one, try again. */
  #fail(error: unknown): boolean {
    const known = this.#store?.diagnose(error) ?? translate(error);
    if (known.code !== "storage-corrupt") {
      this.#report(known);
      return false;
    }
    this.close();
    try {
      const aside = existsSync(this.#path) ? setAside(this.#path, new Date()) : undefined;
      this.#options.trouble(new HallwayError("storage-corrupt", aside === undefined ? {} : { file: aside }, error));
      const from = aside === undefined ? undefined : new Salvage(aside, this.#options.key, undefined);
      if (from) this.#sequence.raise(from.lastSeq() ?? seqAfterUnknown);
      const store = this.#open();
      this.#store = store;
      if (aside !== undefined && from) {
        this.#salvage = { file: basename(aside), from };
        store.salvage(this.#salvage.file, { messages: [], below: from.below }, () => false);
        store.addAhead(from.retractionsAhead());
      }
      return true;
    } catch (second) {
      this.#report(translate(second));
      return false;
    }
  }

  #report(error: HallwayError): void {
    this.#failedAt = performance.now();
    if (this.#reported) return;
    this.#reported = true;
    this.#options.trouble(error);
  }
}
