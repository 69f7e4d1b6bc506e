import { type ErrorInfo, toErrorInfo } from "../../../shared/errors.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { Log } from "../../networks/log.ts";
import type { ArchiveMethods } from "./archive-methods.ts";
import type { FeedItem } from "./compliance-feed.ts";
import type { ItemState, QueuedItem } from "./feed-store.ts";

export interface ArchiveQueueOptions {
  readonly worker: DatabaseWorker<ArchiveMethods>;
  /** Told once for each time of trouble. */
  readonly onFailed: (error: ErrorInfo) => void;
  /** The file takes again what it is given; `recovered`: after trouble that was told. */
  readonly onWritten: (recovered: boolean) => void;
  /** After the file could not be written, how long until it is tried again, in milliseconds. */
  readonly retryAfter: number;
  readonly log: Log;
}

/**
 * The queue of the archive as the main thread sees it. Items that the file cannot take wait in memory, and are written
 * in order as soon as it can.
 *
 *   well -- a call failed --> failed -- written after a while --> well
 *                              ^  \---- not yet: again ----/
 */
export class ArchiveQueue {
  readonly #options: ArchiveQueueOptions;
  readonly #worker: DatabaseWorker<ArchiveMethods>;
  /** Items that the file could not take yet, by id. */
  readonly #unwritten = new Map<string, FeedItem>();
  #failure: ErrorInfo | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ArchiveQueueOptions) {
    this.#options = options;
    this.#worker = options.worker;
  }

  /** Why the file cannot be written; undefined: it can. */
  get failure(): ErrorInfo | undefined {
    return this.#failure;
  }

  /** Something that was added is in memory only. */
  get hasUnwritten(): boolean {
    return this.#unwritten.size > 0;
  }

  /** Everything that was added is in the file, which can be written. */
  get isWritten(): boolean {
    return !this.hasUnwritten && !this.#failure;
  }

  async open(file: { readonly folder: string; readonly key: Uint8Array; readonly maxPages: number | undefined }) {
    await this.#worker.call("archive.open", file).catch((error: unknown) => this.failed(error));
  }

  /** Never rejects. True: the file has them; false: they wait in memory. */
  async add(items: readonly FeedItem[]): Promise<boolean> {
    if (this.#unwritten.size > 0) {
      // Behind what could not be written before, so that the order stays.
      for (const item of items) this.#unwritten.set(item.id, item);
      return false;
    }
    try {
      await this.#worker.call("archive.add", items);
      return true;
    } catch (error) {
      for (const item of items) this.#unwritten.set(item.id, item);
      this.failed(error);
      return false;
    }
  }

  /** The next that wait: at most `count`, and no more once they have `length` characters. */
  head(count: number, length: number): Promise<readonly QueuedItem[]> {
    return this.#kept(this.#worker.call("archive.head", count, length));
  }

  /** The archive has them. */
  async taken(items: readonly QueuedItem[]): Promise<void> {
    const places = items.map(({ n }) => n);
    await this.#kept(this.#worker.call("archive.taken", places));
  }

  /** The archive will never take it: it is set aside. */
  async refused({ n }: QueuedItem, error: ErrorInfo): Promise<void> {
    await this.#kept(this.#worker.call("archive.refuse", n, error));
  }

  /** Items that were set aside wait once more. */
  async again(): Promise<void> {
    await this.#kept(this.#worker.call("archive.again"));
  }

  /** Where nobody can tell, it waits. */
  async state(id: string): Promise<ItemState | undefined> {
    if (this.#unwritten.has(id)) return "waiting";
    return await this.#worker.call("archive.state", id).catch(() => "waiting" as const);
  }

  mark(name: string): Promise<string | undefined> {
    return this.#kept(this.#worker.call("archive.mark", name));
  }

  async setMark(name: string, value: string): Promise<void> {
    await this.#kept(this.#worker.call("archive.setMark", name, value));
  }

  /** A call to the file has failed: it is tried again after a while. */
  failed(error: unknown): void {
    if (this.#closed) return;
    const info = toErrorInfo(error);
    this.#retry ??= setTimeout(() => this.#writeAgain(), this.#options.retryAfter).unref();
    if (this.#failure) return;
    this.#failure = info;
    this.#options.log.warn("The queue of the archive cannot be written", { ...info.params, code: info.code });
    this.#options.onFailed(info);
  }

  /** Nothing is tried again from now on; the file stays open until `close`. */
  stop(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  async close(): Promise<void> {
    this.stop();
    await this.#worker
      .call("archive.close")
      .catch((error: unknown) => this.#options.log.info("The queue of the archive was not closed well", { error }));
  }

  async #kept<T>(result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  #writeAgain(): void {
    this.#retry = undefined;
    if (this.#closed) return;
    const items = [...this.#unwritten.values()];
    // Also where nothing waits for it, something is written: reading alone shows nothing of a full disk.
    const written = this.#worker
      .call("archive.add", items)
      .then(() => this.#worker.call("archive.setMark", "tried", new Date().toISOString()));
    written.then(
      () => {
        for (const { id } of items) this.#unwritten.delete(id);
        // What came meanwhile went behind these.
        if (this.#unwritten.size > 0) return this.#writeAgain();
        const recovered = this.#failure !== undefined;
        this.#failure = undefined;
        this.#options.onWritten(recovered);
      },
      (error: unknown) => this.failed(error),
    );
  }
}
