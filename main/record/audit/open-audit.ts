import { join } from "node:path";
import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { DeviceKey } from "../../secrets/device-key.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import type { AuditEvent, AuditKind } from "./audit.ts";
import type { AuditLog, SignedHead } from "./audit-log.ts";
import type { AuditMethods } from "./audit-methods.ts";
import type { AuditEnd } from "./audit-store.ts";
import { type AuditEntry, type AuditPosition, detailsText, type UnchainedEntry } from "./entry.ts";
import { readSeal, Seal } from "./seal.ts";

export interface AuditOptions {
  readonly worker: DatabaseWorker<AuditMethods>;
  /** Holds audit.db. */
  readonly folder: string;
  /** 32 bytes, from the vault. */
  readonly key: Uint8Array;
  readonly deviceKey: DeviceKey;
  /** Where the head is sealed. */
  readonly secrets: Secrets;
  /** Setting AuditEvents, asked at each event. */
  readonly kinds: () => readonly AuditKind[];
  /** Setting AuditHashChainEnabled, asked at each event. */
  readonly enabled: () => boolean;
  /**
   * It cannot be written or sealed; told once for each time of trouble. `storage-corrupt`: the file was set aside,
   * another begun.
   */
  readonly onTrouble: (error: ErrorInfo) => void;
  readonly onWell: () => void;
  readonly now: () => number;
  /** After a failed write, how long until it is tried again, in milliseconds; 15 s. */
  readonly retryAfter?: number;
  /** How long the seal may lag behind, in milliseconds; 1 s. */
  readonly sealWithin?: number;
  /** Events that wait in memory while nothing can be written; 10 000. */
  readonly maxWaiting?: number;
  /** For tests of a full disk. */
  readonly maxPages?: number;
}

interface Waiting {
  readonly entry: UnchainedEntry;
  readonly must: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Entries of one transaction. */
const batchSize = 500;

/**
 * True for events that may not happen when they cannot be written. The end of an export is no reason to hold anything
 * back.
 */
function mayNotGoUnseen({ kind, action }: AuditEvent): boolean {
  return kind === "deletion" || kind === "hold" || (kind === "export" && action === "started");
}

/** Opens the audit log. It always opens: what cannot be written waits, as `Audit.record` says. */
export async function openAudit(options: AuditOptions): Promise<AuditLog> {
  const log = new ChainedLog(options);
  await log.open();
  return log;
}

/**
 * Entries wait in memory until a transaction has written them, one transaction at a time:
 *
 *   well -- could not be written --> troubled -- the next try, after a while --> well
 *
 * In trouble those that must be seen are refused, and the others wait.
 */
class ChainedLog implements AuditLog {
  readonly #options: AuditOptions;
  readonly #seal: Seal;
  readonly #stopListening: () => void;
  readonly #listeners = new Set<() => void>();
  readonly #waiting: Waiting[] = [];
  #end: AuditEnd | undefined;
  /** True when the entries that are written or wait add up to the limit: no more is written until it is resumed. */
  #stopped = false;
  #lost: { count: number; readonly since: number } | undefined;
  #troubled = false;
  #draining: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: AuditOptions) {
    const { worker, secrets, sealWithin = 1000, onTrouble } = options;
    this.#options = options;
    this.#seal = new Seal({ secrets, within: sealWithin, onTrouble });
    this.#stopListening = worker.onTrouble("audit", onTrouble);
  }

  /** Resolves when the first try is over. */
  async open(): Promise<void> {
    await this.#drain();
  }

  writes(kind: AuditKind): boolean {
    return this.#options.enabled() && this.#options.kinds().includes(kind);
  }

  async record(event: AuditEvent): Promise<void> {
    const { now, maxWaiting = 10_000 } = this.#options;
    const must = mayNotGoUnseen(event);
    if (this.#closed && must) throw new HallwayError("storage-failed", { reason: "not-open" });
    this.#follow();
    if (this.#closed || !this.writes(event.kind)) return;
    if (!must && this.#waiting.length >= maxWaiting) {
      this.#lost ??= { count: 0, since: now() };
      this.#lost.count += 1;
      return;
    }
    const { kind, action } = event;
    const written = this.#enqueue({ at: now(), kind, action, details: detailsText(event.details) }, must);
    // In trouble, what need not be seen first waits for the next try.
    if (this.#troubled && !must) return;
    void this.#drain();
    await written;
  }

  head(): SignedHead | undefined {
    if (!this.#end || this.#end.n === 0) return undefined;
    const { n, hash } = this.#end;
    const { deviceKey } = this.#options;
    const signature = deviceKey.sign("hallway audit head 1", `${n} ${hash}`);
    return { n, hash, publicKey: deviceKey.publicKey, signature };
  }

  async entries(after: AuditPosition | undefined, limit: number): Promise<readonly AuditEntry[]> {
    if (!this.#end) return [];
    const count = Math.min(Math.max(Math.trunc(limit), 1), 1000);
    return await this.#options.worker.call("audit.read", after ?? { n: 0, hash: "" }, count);
  }

  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  applyPolicy(): void {
    this.#follow();
    if (this.#waiting.length > 0) void this.#drain();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#draining;
    if (this.#waiting.length > 0) await this.#drain();
    await this.#seal.close();
    this.#listeners.clear();
    this.#stopListening();
    if (this.#end) await this.#options.worker.call("audit.close");
  }

  async #openFile(): Promise<AuditEnd> {
    const { worker, folder, key, deviceKey, secrets, now, maxPages } = this.#options;
    const opened = await worker.call("audit.open", {
      path: join(folder, "audit.db"),
      key,
      signWith: deviceKey.privateKey,
      sealed: await readSeal(secrets),
      now: now(),
      maxPages,
    });
    if (opened.n > 0) this.#seal.put(opened);
    this.#stopped = opened.stopped;
    if (this.#stopped && this.#waiting.length > 0) {
      this.#stopped = false;
      this.#waiting.unshift({
        entry: this.#aboutChain("resumed", { setting: "AuditHashChainEnabled" }),
        must: false,
        resolve: () => undefined,
        reject: () => undefined,
      });
    }
    return opened;
  }

  #drain(): Promise<void> {
    this.#draining ??= this.#writeAll().finally(() => {
      this.#draining = undefined;
      // Something may have come between the last look and now.
      if (this.#waiting.length > 0 && !this.#troubled) void this.#drain();
    });
    return this.#draining;
  }

  async #writeAll(): Promise<void> {
    const waiting = this.#waiting;
    try {
      this.#end ??= await this.#openFile();
      this.#follow();
      for (let batch = waiting.slice(0, batchSize); batch.length > 0; batch = waiting.slice(0, batchSize)) {
        const entries = batch.map(({ entry }) => entry);
        this.#end = await this.#options.worker.call("audit.append", this.#end.n, entries);
        waiting.splice(0, batch.length);
        this.#seal.put(this.#end);
        for (const { resolve } of batch) resolve();
        for (const listener of [...this.#listeners]) listener();
        if (waiting.length === 0) this.#tellLost();
      }
      if (this.#troubled) this.#options.onWell();
      this.#troubled = false;
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const waiting = this.#waiting;
    for (const { must, resolve, reject } of waiting) {
      if (must) reject(error);
      else resolve();
    }
    waiting.splice(0, Number.POSITIVE_INFINITY, ...waiting.filter(({ must }) => !must));
    const info = error instanceof HallwayError ? error.info : ({ code: "storage-failed" } as const);
    if (!this.#troubled) this.#options.onTrouble(info);
    this.#troubled = true;
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#drain(), this.#options.retryAfter ?? 15_000);
    this.#timer.unref();
  }

  #enqueue(entry: UnchainedEntry, must: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, must, resolve, reject });
    });
  }

  /** Entries that say from where to where the chain was switched off. */
  #follow(): void {
    const wanted = this.#options.enabled();
    // A chain that was never begun need not say that it stops.
    if (this.#end === undefined || wanted !== this.#stopped) return;
    if (!wanted && this.#end.n === 0 && this.#waiting.length === 0) return;
    this.#stopped = !wanted;
    const action = wanted ? "resumed" : "stopped";
    void this.#enqueue(this.#aboutChain(action, { setting: "AuditHashChainEnabled" }), false);
  }

  #tellLost(): void {
    if (!this.#lost) return;
    const { count, since } = this.#lost;
    void this.#enqueue(this.#aboutChain("lost", { count, since }), false);
    this.#lost = undefined;
  }

  #aboutChain(action: string, details: AuditEvent["details"]): UnchainedEntry {
    return { at: this.#options.now(), kind: "chain", action, details: detailsText(details) };
  }
}
