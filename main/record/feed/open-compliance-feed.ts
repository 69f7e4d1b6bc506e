import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { AccountId } from "../../../shared/model/account.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { History } from "../../history/history.ts";
import type { ServerReach } from "../../networks/dial-host.ts";
import type { Log } from "../../networks/log.ts";
import type { AuditEvent } from "../audit/audit.ts";
import type { ArchiveMethods } from "./archive-methods.ts";
import { ArchiveQueue } from "./archive-queue.ts";
import { ArchiveScope, type FedAccount, type FedPlace } from "./archive-scope.ts";
import type { ComplianceFeed, FeedItem, OwnWords } from "./compliance-feed.ts";
import { CurrentDestination } from "./destinations/current-destination.ts";
import { type Parcel, Refused } from "./destinations/destination.ts";
import type { FeedPolicy } from "./feed-policy.ts";
import type { QueuedItem } from "./feed-store.ts";
import { Feeder } from "./feeder.ts";
import { itemParcel } from "./parcels.ts";
import { Progress, type ProgressStore } from "./progress.ts";
import { QueueRepair } from "./queue-repair.ts";
import { placeWords, Reachability, reasonOf } from "./reachability.ts";
import { ownItem } from "./recorded.ts";

export interface ComplianceFeedOptions {
  readonly worker: DatabaseWorker<ArchiveMethods>;
  /** Holds archive.db; made (mode 0700) if it is not there. */
  readonly folder: string;
  /** 32 bytes, from the vault. */
  readonly key: Uint8Array;
  readonly policy: FeedPolicy;
  readonly reach: ServerReach;
  readonly account: (accountId: AccountId) => FedAccount;
  readonly audit: (event: AuditEvent) => void;
  /** The head of the audit log as it is now: it goes out after a batch, where it is another than the last that did. */
  readonly auditHead?: () => Parcel | undefined;
  /** It may be another now. Returns a disposer. */
  readonly onAuditHead?: (listener: () => void) => () => void;
  /** Where it is kept how far the archive has come, outside of the queue. */
  readonly progress: ProgressStore;
  /** The record, as soon as it is open: a queue that was lost is made again from it. */
  readonly record: Promise<Pick<History, "record">>;
  /**
   * `storage-*`: the queue cannot be written; `archive-queue-damaged`: it was set aside. `archive-refused`: the archive
   * will never take something.
   */
  readonly onTrouble: (error: ErrorInfo) => void;
  /** After `storage-full` or `storage-failed`: what could not be written is. */
  readonly onWell: () => void;
  readonly log: Log;
  /** After the queue could not be written, how long until it is tried again, in milliseconds; 5 s. */
  readonly retryAfter?: number;
  /** Limits the queue's file, in pages of 4 KiB; for tests of a full disk. */
  readonly maxPages?: number;
  /** How long an HTTPS receiver may take for a batch, in milliseconds; 60 s. */
  readonly timeout?: number;
  /** The first wait after the destination failed, in milliseconds; 1 s. */
  readonly firstWait?: number;
}

/**
 * Opens the queue and begins to feed what waits in it. It always opens: a queue that cannot be used is trouble, and
 * `blocked`.
 */
export async function openComplianceFeed(options: ComplianceFeedOptions): Promise<ComplianceFeed> {
  const feed = new QueuedFeed(options, await Progress.open(options.progress, options.log));
  await feed.open();
  return feed;
}

/** The queue, and the feeder that brings what waits in it to the destination. */
class QueuedFeed implements ComplianceFeed {
  readonly #options: ComplianceFeedOptions;
  readonly #progress: Progress;
  readonly #scope: ArchiveScope;
  readonly #destination: CurrentDestination;
  readonly #reachability: Reachability;
  readonly #queue: ArchiveQueue;
  readonly #repair: QueueRepair;
  readonly #feeder: Feeder<QueuedItem>;
  readonly #ending = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #stops: (() => void)[] = [];
  /** Resolves when something becomes of an item, or of the archive. */
  #news = Promise.withResolvers<void>();

  constructor(options: ComplianceFeedOptions, progress: Progress) {
    const { worker, policy, log, retryAfter = 5_000 } = options;
    this.#options = options;
    this.#progress = progress;
    this.#scope = new ArchiveScope(policy, options.account);
    this.#destination = new CurrentDestination(policy, options.reach, options.timeout);
    this.#reachability = new Reachability({ policy, audit: options.audit, log });
    this.#queue = new ArchiveQueue({
      worker,
      onFailed: (error) => {
        options.onTrouble(error);
        this.#changed();
      },
      onWritten: (recovered) => this.#written(recovered),
      retryAfter,
      log,
    });
    this.#repair = new QueueRepair({
      worker,
      progress,
      record: options.record,
      covers: (place) => this.#scope.covers(place),
      onDamaged: options.onTrouble,
      onChange: () => {
        this.#feeder.wake();
        this.#changed();
      },
      onFailed: (error) => this.#queue.failed(error),
      retryAfter,
      signal: this.#ending.signal,
      log,
    });
    this.#feeder = new Feeder({
      head: (count, length) => this.#head(count, length),
      taken: (items) => this.#taken(items),
      refused: (item, error) => this.#refused(item, error),
      parcel: ({ item }) => itemParcel(item, this.#destination.format),
      destination: () => this.#destination.destination,
      after: (deliver) => this.#deliverHead(deliver),
      onState: (trouble) => {
        this.#reachability.become(trouble);
        this.#changed();
      },
      ...(options.firstWait === undefined ? {} : { firstWait: options.firstWait }),
    });
  }

  async open(): Promise<void> {
    const { worker, policy, folder, key, maxPages } = this.#options;
    // First of all: whatever else follows a change finds the new scope.
    this.#stops.push(policy.onChange(() => this.#scope.follow()));
    // It is told before the call that met it comes back: nothing is sent meanwhile.
    const stopListening = worker.onTrouble("archive", (error) =>
      error.code === "storage-corrupt" ? this.#repair.lost() : this.#options.onTrouble(error),
    );
    this.#stops.push(stopListening);
    await this.#queue.open({ folder, key, maxPages });
    this.#feeder.start();
    await this.#look();
    this.#progress.archiving(this.#scope.isAny, Date.now());
    // Also when nobody says anything: until it is there, the end of the log can be cut off unseen.
    const stopHearing = this.#options.onAuditHead?.(() => this.#feeder.wake());
    if (stopHearing) this.#stops.push(stopHearing);
    this.#stops.push(policy.onChange(() => this.#follow()));
  }

  async add(items: readonly FeedItem[]): Promise<void> {
    const wanted = items.filter(({ message: { accountId, peer: address } }) => this.covers({ accountId, address }));
    if (wanted.length === 0) return;
    if (await this.#queue.add(wanted)) this.#feeder.wake();
    else this.#progress.fallBehind();
  }

  covers(place: FedPlace): boolean {
    return this.#scope.covers(place);
  }

  get keeps(): boolean {
    return !this.#queue.hasUnwritten;
  }

  get blocked(): ErrorInfo | undefined {
    if (!this.#options.policy.required() || !this.#scope.isAny) return undefined;
    return this.#repair.damaged ?? this.#queue.failure ?? this.#reachability.trouble;
  }

  taken(message: OwnWords, signal: AbortSignal): Promise<void> | undefined {
    return this.#scope.requires(message.place) ? this.#wait(message, signal) : undefined;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#queue.stop();
    for (const stop of this.#stops.splice(0)) stop();
    this.#listeners.clear();
    await this.#feeder.close();
    await this.#queue.close();
  }

  async #wait(message: OwnWords, signal: AbortSignal): Promise<void> {
    const item = ownItem(message, this.#options.account(message.place.accountId));
    const over = AbortSignal.any([signal, this.#ending.signal]);
    const aborted = new Promise<void>((resolve) => over.addEventListener("abort", () => resolve(), { once: true }));
    for (;;) {
      if (over.aborted) throw new HallwayError("cancelled");
      if (!this.#scope.requires(message.place)) return;
      const { promise } = this.#news;
      const state = await this.#queue.state(item.id);
      if (state === "taken" && !this.#repair.damaged) return;
      if (state === "refused") throw new HallwayError("archive-refused");
      // It was stored before it had to be archived, or the queue was lost.
      if (state === undefined) await this.add([item]);
      await Promise.race([promise, aborted]);
    }
  }

  async #head(count: number, length: number): Promise<readonly QueuedItem[]> {
    const before = Date.now();
    const items = await this.#queue.head(count, length);
    if (items.length === 0 && this.#queue.isWritten && this.#repair.isWhole) this.#progress.reached(before);
    return items;
  }

  async #taken(items: readonly QueuedItem[]): Promise<void> {
    await this.#queue.taken(items);
    this.#tellNews();
  }

  async #refused(queued: QueuedItem, error: ErrorInfo): Promise<void> {
    const { audit, onTrouble, log } = this.#options;
    const { id, what } = queued.item;
    await this.#queue.refused(queued, error);
    const reason = reasonOf(error);
    log.warn("The archive refused an item for ever; it was set aside", { item: id, what, reason });
    audit({ kind: "archive", action: "set-aside", details: { item: id, what, reason } });
    onTrouble(error);
    this.#tellNews();
  }

  /** The head of the audit log, where it is another than the last that was delivered. */
  async #deliverHead(deliver: (parcel: Parcel) => Promise<void>): Promise<void> {
    const parcel = this.#scope.isAny ? this.#options.auditHead?.() : undefined;
    if (!parcel || parcel.id === (await this.#queue.mark("audit-head"))) return;
    await deliver(parcel).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      this.#options.log.warn("The archive refused the head of the audit log", { reason: error.message });
    });
    await this.#queue.setMark("audit-head", parcel.id);
  }

  /** Policy has changed. */
  #follow(): void {
    const { policy, audit } = this.#options;
    this.#progress.archiving(this.#scope.isAny, Date.now());
    const { moved, renewed, reformed } = this.#destination.follow();
    if (moved) audit({ kind: "archive", action: "destination", details: placeWords(policy.destination()) });
    // What one place or form was refused for may be welcome in another.
    if (moved || reformed)
      this.#queue.again().then(
        () => this.#feeder.changed(),
        () => undefined,
      );
    else if (renewed) this.#feeder.changed();
    // What is wrong with the place before says nothing of this one: the feeder tells how it stands with it.
    if (!renewed) this.#reachability.tell();
    this.#changed();
  }

  #written(recovered: boolean): void {
    if (recovered) this.#options.onWell();
    if (this.#repair.isWhole && this.#queue.isWritten) this.#progress.catchUp();
    void this.#look();
    this.#feeder.changed();
    this.#changed();
  }

  async #look(): Promise<void> {
    await this.#repair.check().catch((error: unknown) => this.#queue.failed(error));
  }

  #tellNews(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }

  #changed(): void {
    this.#tellNews();
    for (const listener of [...this.#listeners]) listener();
  }
}
