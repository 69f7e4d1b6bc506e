import { type ErrorInfo, HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { AccountId, Protocol } from "../../../shared/model/account.ts";
import type { Address } from "../../../shared/model/address.ts";
import { type ConversationId, placeOf } from "../../../shared/model/conversation-id.ts";
import type { SettingValue } from "../../../shared/settings/declaration.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import { createAudience } from "../../guard/audience.ts";
import type { History } from "../../history/history.ts";
import type { ServerReach } from "../../networks/dial-host.ts";
import type { Log } from "../../networks/log.ts";
import type { AuditEvent } from "../audit/audit.ts";
import type { ArchiveMethods } from "./archive-methods.ts";
import type { ComplianceFeed, FeedItem, OwnWords } from "./compliance-feed.ts";
import { createDestination } from "./destinations/create-destination.ts";
import { type Destination, type Parcel, Refused } from "./destinations/destination.ts";
import { createFeeder } from "./feeder.ts";
import { createMending } from "./mending.ts";
import { itemParcel } from "./parcels.ts";
import { openProgress, type ProgressStore } from "./progress.ts";
import { ownItem } from "./recorded.ts";

/** Policy about the archive, read whenever it counts. */
export interface FeedPolicy {
  readonly scope: () => SettingValue<"ArchiveScope">;
  readonly destination: () => SettingValue<"ArchiveDestination">;
  readonly format: () => SettingValue<"ArchiveFormat">;
  readonly required: () => boolean;
  readonly allowedDomains: () => readonly string[];
  /** All that it says of how servers are reached, as a text that is the same while it is. */
  readonly reaching: () => string;
  /** One of them has changed. Returns a disposer. */
  readonly onChange: (listener: () => void) => () => void;
}

export interface ComplianceFeedOptions {
  readonly worker: DatabaseWorker<ArchiveMethods>;
  /** Holds archive.db; made (mode 0700) if it is not there. */
  readonly folder: string;
  /** 32 bytes, from the vault. */
  readonly key: Uint8Array;
  readonly policy: FeedPolicy;
  readonly reach: ServerReach;
  readonly account: (accountId: AccountId) => {
    readonly network: Protocol | undefined;
    readonly own: Address | undefined;
  };
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
  const { worker, policy, log } = options;
  const listeners = new Set<() => void>();
  const ending = new AbortController();
  /** Items that the queue could not take yet, by id. */
  const unwritten = new Map<string, FeedItem>();
  let storage: ErrorInfo | undefined;
  let trouble: ErrorInfo | undefined;
  /** Why the archive cannot be reached, as the log has it. */
  let told: string | undefined;
  let retry: NodeJS.Timeout | undefined;
  let news = Promise.withResolvers<void>();
  let audience = createAudience(policy.allowedDomains());
  let place = JSON.stringify(policy.destination());
  let reaching = policy.reaching();
  let destination = makeDestination();
  let format = policy.format();

  const progress = await openProgress(options.progress, log);
  const mending = createMending({
    worker,
    progress,
    record: options.record,
    covers,
    onDamaged: options.onTrouble,
    onChange() {
      feeder.wake();
      changed();
    },
    onFailed: storageFailed,
    retryAfter: options.retryAfter ?? 5_000,
    signal: ending.signal,
    log,
  });
  // It is told before the call that met it comes back: nothing is sent meanwhile.
  const stopListening = worker.onTrouble("archive", (error) =>
    error.code === "storage-corrupt" ? mending.lost() : options.onTrouble(error),
  );
  await worker
    .call("archive.open", { folder: options.folder, key: options.key, maxPages: options.maxPages })
    .catch(storageFailed);

  const feeder = createFeeder({
    async head(count, length) {
      const before = Date.now();
      const items = await kept(worker.call("archive.head", count, length));
      if (items.length === 0 && unwritten.size === 0 && !storage && mending.isWhole) progress.reached(before);
      return items;
    },
    async taken(items) {
      await kept(
        worker.call(
          "archive.taken",
          items.map(({ n }) => n),
        ),
      );
      tellNews();
    },
    async refused({ n, item: { id, what } }, error) {
      await kept(worker.call("archive.refuse", n, error));
      const reason = reasonOf(error);
      log.warn("The archive refused an item for ever; it was set aside", { item: id, what, reason });
      options.audit({ kind: "archive", action: "set-aside", details: { item: id, what, reason } });
      options.onTrouble(error);
      tellNews();
    },
    parcel: ({ item }) => itemParcel(item, format),
    destination: () => destination,
    ...(options.firstWait === undefined ? {} : { firstWait: options.firstWait }),
    async after(deliver) {
      const parcel = policy.scope() === "none" ? undefined : options.auditHead?.();
      if (!parcel || parcel.id === (await kept(worker.call("archive.mark", "audit-head")))) return;
      await deliver(parcel).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        log.warn("The archive refused the head of the audit log", { reason: error.message });
      });
      await kept(worker.call("archive.setMark", "audit-head", parcel.id));
    },
    onState(next) {
      trouble = next;
      tellState();
      changed();
    },
  });

  await mending.look().catch(storageFailed);
  progress.archiving(policy.scope() !== "none", Date.now());

  // Also when nobody says anything: until it is there, the end of the log can be cut off unseen.
  const stopHearing = options.onAuditHead?.(() => feeder.wake());
  const stopFollowing = policy.onChange(() => {
    audience = createAudience(policy.allowedDomains());
    progress.archiving(policy.scope() !== "none", Date.now());
    const nextPlace = JSON.stringify(policy.destination());
    const moved = nextPlace !== place;
    const otherwise = moved || policy.reaching() !== reaching;
    const reformed = policy.format() !== format;
    format = policy.format();
    // Also where the place is the same: no connection that was made under other rules counts.
    if (otherwise) destination = makeDestination();
    reaching = policy.reaching();
    if (moved) {
      place = nextPlace;
      options.audit({ kind: "archive", action: "destination", details: placeWords(policy.destination()) });
    }
    // What one place or form was refused for may be welcome in another.
    if (moved || reformed) void worker.call("archive.again").then(() => feeder.changed(), storageFailed);
    else if (otherwise) feeder.changed();
    // What is wrong with the place before says nothing of this one: the feeder tells how it stands with it.
    if (!otherwise) tellState();
    changed();
  });

  /** Each reason once, and in the audit once for each time of trouble; only where something is archived. */
  function tellState(): void {
    const reason = trouble && reasonOf(trouble);
    if (policy.scope() === "none" || told === reason) return;
    const isNew = told === undefined;
    told = reason;
    const where = placeWords(policy.destination());
    if (reason !== undefined) {
      log.warn("The archive cannot be reached", { ...where, reason });
      if (isNew) options.audit({ kind: "archive", action: "stopped", details: { ...where, reason } });
    } else {
      log.info("The archive can be reached again", where);
      options.audit({ kind: "archive", action: "resumed", details: where });
    }
  }

  function makeDestination(): Destination | undefined {
    return createDestination(policy.destination(), options.reach, options.timeout);
  }

  function tellNews(): void {
    news.resolve();
    news = Promise.withResolvers<void>();
  }

  function changed(): void {
    tellNews();
    for (const listener of [...listeners]) listener();
  }

  function covers(conversationId: ConversationId): boolean {
    const scope = policy.scope();
    if (scope === "none" || scope === "all") return scope === "all";
    const { accountId, address } = placeOf(conversationId);
    const external = audience({ own: options.account(accountId).own, peer: address });
    // Where nobody can tell, it is archived.
    return external === undefined || external === (scope === "external");
  }

  function storageFailed(error: unknown): void {
    if (ending.signal.aborted) return;
    const info = toErrorInfo(error);
    retry ??= setTimeout(writeAgain, options.retryAfter ?? 5_000).unref();
    if (storage) return;
    storage = info;
    log.warn("The queue of the archive cannot be written", { ...info.params, code: info.code });
    options.onTrouble(info);
    changed();
  }

  async function kept<T>(result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      storageFailed(error);
      throw error;
    }
  }

  function writeAgain(): void {
    retry = undefined;
    const items = [...unwritten.values()];
    // Also where nothing waits for it, something is written: reading alone shows nothing of a full disk.
    const written = worker
      .call("archive.add", items)
      .then(() => worker.call("archive.setMark", "tried", new Date().toISOString()));
    written.then(() => {
      for (const { id } of items) unwritten.delete(id);
      const failed = storage;
      storage = undefined;
      if (failed) options.onWell();
      mending.look().catch(storageFailed);
      feeder.changed();
      changed();
    }, storageFailed);
  }

  async function put(items: readonly FeedItem[]): Promise<void> {
    const wanted = items.filter(({ message }) => covers(message.conversationId));
    if (wanted.length === 0) return;
    if (unwritten.size > 0) {
      // Behind what could not be written before, so that the order stays.
      for (const item of wanted) unwritten.set(item.id, item);
      return;
    }
    try {
      await worker.call("archive.add", wanted);
      feeder.wake();
    } catch (error) {
      for (const item of wanted) unwritten.set(item.id, item);
      storageFailed(error);
    }
  }

  function mustWait({ conversationId }: OwnWords): boolean {
    return policy.required() && covers(conversationId);
  }

  async function wait(message: OwnWords, signal: AbortSignal): Promise<void> {
    const item = ownItem(message, options.account(placeOf(message.conversationId).accountId));
    const over = AbortSignal.any([signal, ending.signal]);
    const aborted = new Promise<void>((resolve) => over.addEventListener("abort", () => resolve(), { once: true }));
    for (;;) {
      if (over.aborted) throw new HallwayError("cancelled");
      if (!mustWait(message)) return;
      const { promise } = news;
      const state = unwritten.has(item.id)
        ? "waiting"
        : await worker.call("archive.state", item.id).catch(() => "waiting" as const);
      if (state === "taken" && !mending.damaged) return;
      if (state === "refused") throw new HallwayError("archive-refused");
      // It was stored before it had to be archived, or the queue was lost.
      if (state === undefined) await put([item]);
      await Promise.race([promise, aborted]);
    }
  }

  return {
    add: put,
    covers,
    get blocked() {
      return policy.required() && policy.scope() !== "none" ? (mending.damaged ?? storage ?? trouble) : undefined;
    },
    taken: (message, signal) => (mustWait(message) ? wait(message, signal) : undefined),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      ending.abort();
      clearTimeout(retry);
      stopFollowing();
      stopHearing?.();
      stopListening();
      listeners.clear();
      await feeder.close();
      await worker
        .call("archive.close")
        .catch((error: unknown) => log.info("The queue of the archive was not closed well", { error }));
    },
  };
}

function reasonOf({ code, params }: ErrorInfo): string {
  return String(params?.["reason"] ?? code);
}

/** A destination for logs and the audit: its kind and where it is. */
function placeWords(destination: SettingValue<"ArchiveDestination">): {
  readonly type: string;
  readonly place: string;
} {
  if (destination === null) return { type: "none", place: "" };
  if (destination.type === "folder") return { type: "folder", place: destination.path };
  if (destination.type === "syslog") return { type: "syslog", place: `${destination.host}:${destination.port}` };
  // Not the path: it may hold a token.
  return { type: "https", place: new URL(destination.url).host };
}
