import { join } from "node:path";
import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { DeviceKey } from "../../secrets/device-key.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import type { AuditEvent, AuditKind } from "./audit.ts";
import type { AuditLog } from "./audit-log.ts";
import type { AuditMethods } from "./audit-methods.ts";
import type { AuditEnd } from "./audit-store.ts";
import { detailsText, type UnchainedEntry } from "./entry.ts";
import { createSeal, readSeal } from "./seal.ts";

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
  const { worker, deviceKey, now } = options;
  const maxWaiting = options.maxWaiting ?? 10_000;
  const listeners = new Set<() => void>();
  const waiting: Waiting[] = [];
  let end: AuditEnd | undefined;
  /** True when the entries that are written or wait add up to the limit: no more is written until it is resumed. */
  let stopped = false;
  let lost: { count: number; readonly since: number } | undefined;
  let troubled = false;
  let draining: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const seal = createSeal({
    secrets: options.secrets,
    within: options.sealWithin ?? 1000,
    onTrouble: options.onTrouble,
  });
  const stopListening = worker.onTrouble("audit", options.onTrouble);

  async function open(): Promise<AuditEnd> {
    const opened = await worker.call("audit.open", {
      path: join(options.folder, "audit.db"),
      key: options.key,
      signWith: deviceKey.privateKey,
      sealed: await readSeal(options.secrets),
      now: now(),
      maxPages: options.maxPages,
    });
    if (opened.n > 0) seal.put(opened);
    stopped = opened.stopped;
    if (stopped && waiting.length > 0) {
      stopped = false;
      waiting.unshift({
        entry: aboutChain("resumed", { setting: "AuditHashChainEnabled" }),
        must: false,
        resolve: () => undefined,
        reject: () => undefined,
      });
    }
    return opened;
  }

  async function writeAll(): Promise<void> {
    try {
      end ??= await open();
      follow();
      for (let batch = waiting.slice(0, batchSize); batch.length > 0; batch = waiting.slice(0, batchSize)) {
        end = await worker.call(
          "audit.append",
          end.n,
          batch.map(({ entry }) => entry),
        );
        waiting.splice(0, batch.length);
        seal.put(end);
        for (const { resolve } of batch) resolve();
        for (const listener of [...listeners]) listener();
        if (waiting.length === 0) tellLost();
      }
      if (troubled) options.onWell();
      troubled = false;
    } catch (error) {
      failed(error);
    }
  }

  function failed(error: unknown): void {
    for (const { must, resolve, reject } of waiting) {
      if (must) reject(error);
      else resolve();
    }
    waiting.splice(0, Number.POSITIVE_INFINITY, ...waiting.filter(({ must }) => !must));
    if (!troubled) options.onTrouble(error instanceof HallwayError ? error.info : { code: "storage-failed" });
    troubled = true;
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => void drain(), options.retryAfter ?? 15_000);
    timer.unref();
  }

  function drain(): Promise<void> {
    draining ??= writeAll().finally(() => {
      draining = undefined;
      // Something may have come between the last look and now.
      if (waiting.length > 0 && !troubled) void drain();
    });
    return draining;
  }

  function enqueue(entry: UnchainedEntry, must: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      waiting.push({ entry, must, resolve, reject });
    });
  }

  function aboutChain(action: string, details: AuditEvent["details"]): UnchainedEntry {
    return { at: now(), kind: "chain", action, details: detailsText(details) };
  }

  /** Entries that say from where to where the chain was switched off. */
  function follow(): void {
    const wanted = options.enabled();
    // A chain that was never begun need not say that it stops.
    if (end === undefined || wanted !== stopped || (!wanted && end.n === 0 && waiting.length === 0)) return;
    stopped = !wanted;
    void enqueue(aboutChain(wanted ? "resumed" : "stopped", { setting: "AuditHashChainEnabled" }), false);
  }

  function tellLost(): void {
    if (!lost) return;
    void enqueue(aboutChain("lost", { count: lost.count, since: lost.since }), false);
    lost = undefined;
  }

  function writes(kind: AuditKind): boolean {
    return options.enabled() && options.kinds().includes(kind);
  }

  await drain();
  return {
    writes,
    async record(event) {
      const must = mayNotGoUnseen(event);
      if (closed && must) throw new HallwayError("storage-failed", { reason: "not-open" });
      follow();
      if (closed || !writes(event.kind)) return;
      if (!must && waiting.length >= maxWaiting) {
        lost ??= { count: 0, since: now() };
        lost.count += 1;
        return;
      }
      const written = enqueue(
        { at: now(), kind: event.kind, action: event.action, details: detailsText(event.details) },
        must,
      );
      // In trouble, what need not be seen first waits for the next try.
      if (troubled && !must) return;
      void drain();
      await written;
    },
    head() {
      if (!end || end.n === 0) return undefined;
      const { n, hash } = end;
      return {
        n,
        hash,
        publicKey: deviceKey.publicKey,
        signature: deviceKey.sign("hallway audit head 1", `${n} ${hash}`),
      };
    },
    async entries(after, limit) {
      if (!end) return [];
      return await worker.call(
        "audit.read",
        after ?? { n: 0, hash: "" },
        Math.min(Math.max(Math.trunc(limit), 1), 1000),
      );
    },
    onAppended(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    applyPolicy() {
      follow();
      if (waiting.length > 0) void drain();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await draining;
      if (waiting.length > 0) await drain();
      await seal.close();
      listeners.clear();
      stopListening();
      if (end) await worker.call("audit.close");
    },
  };
}
