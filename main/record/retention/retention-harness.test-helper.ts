import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorInfo } from "../../../shared/errors.ts";
import type { HistoryMode } from "../../../shared/settings/history.ts";
import { startDatabaseWorker } from "../../app/start-database-worker.ts";
import type { WorkerMethods } from "../../app/worker-methods.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { History, NewMessage } from "../../history/history.ts";
import type { RetentionPolicy } from "../../history/keeping-policy.ts";
import { newMessage } from "../../history/new-message.test-helper.ts";
import { openHistory } from "../../history/open-history.ts";
import { workerUrl } from "../../history/workers.test-helper.ts";
import type { Profile, ProfileNamespace } from "../../profile/profile.ts";
import type { AuditEvent } from "../audit/audit.ts";
import { createRemovals } from "./open-removals.ts";
import type { Removals, Removed } from "./removals.ts";
import { createRetention, type Retention } from "./retention.ts";

export const day = 24 * 3600 * 1000;
export const now = Date.UTC(2026, 10, 24, 12);
export const own = "alice@example.com";
export const account = "account-1";
export const bob = `${account}|bob@example.com`;
export const eve = `${account}|eve@elsewhere.example`;
export const noRules: RetentionPolicy = {
  retentionDays: 0,
  externalDays: 0,
  minimumDays: 0,
  deleteEnabled: true,
  holds: [],
  allowedDomains: [],
};

/** A history with its keeper over the real worker, a profile in memory, and an audit log that remembers. */
export interface RetentionHarness {
  readonly folder: string;
  readonly worker: DatabaseWorker<WorkerMethods>;
  readonly removals: Removals;
  readonly events: AuditEvent[];
  readonly removed: Removed[];
  readonly withdrawn: string[];
  readonly failures: unknown[];
  readonly troubles: ErrorInfo[];
  policy: RetentionPolicy;
  now: number;
  /** Error that the audit log answers instead of taking an event. */
  refusal: Error | undefined;
  history: History;
  retention: Retention;
  /** Opens history and keeper anew, as a start of the program does. */
  open(mode?: HistoryMode): Promise<void>;
  /** Another policy; resolves when the run that follows is over. */
  applyPolicy(policy: Partial<RetentionPolicy>): Promise<void>;
  /** Texts of a conversation that the person sees, oldest first. */
  texts(conversationId?: string): Promise<string[]>;
  /** Texts in the record, also deleted ones, in the order of storing. */
  recorded(): Promise<string[]>;
  remove(): Promise<void>;
}

export async function createRetentionHarness(threadUrl = workerUrl): Promise<RetentionHarness> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-keep-"));
  const key = new Uint8Array(randomBytes(32));
  const worker = startDatabaseWorker(threadUrl);
  const removals = createRemovals(worker);
  const profile = memoryProfile();
  const harness: RetentionHarness = {
    folder,
    worker,
    removals,
    events: [],
    removed: [],
    withdrawn: [],
    failures: [],
    troubles: [],
    policy: noRules,
    now,
    refusal: undefined,
    // Both are there once it has been opened, below.
    history: undefined as unknown as History,
    retention: undefined as unknown as Retention,
    async open(mode = "encrypted") {
      await harness.retention?.close();
      await harness.history?.close();
      harness.history = await openHistory({
        worker,
        folder,
        key,
        mode,
        retention: harness.policy,
        onTrouble: (error) => harness.troubles.push(error),
      });
      harness.retention = createRetention({
        removals,
        profile,
        audit: {
          async record(event) {
            if (harness.refusal) throw harness.refusal;
            harness.events.push(event);
          },
        },
        policy: () => harness.policy,
        own: () => new Map([[account, own]]),
        onFailed: (error) => harness.failures.push(error),
        now: () => harness.now,
      });
      harness.retention.removed.add((removed) => void harness.removed.push(removed));
      harness.retention.withdrawn.add(({ id }) => void harness.withdrawn.push(id));
      await harness.retention.start();
      await harness.retention.idle();
    },
    async applyPolicy(policy) {
      harness.policy = { ...harness.policy, ...policy };
      await harness.retention.applyPolicy();
      await harness.retention.idle();
    },
    async texts(conversationId = bob) {
      return (await harness.history.page({ conversationId, limit: 200 })).messages.map((one) => one.body);
    },
    async recorded() {
      return (await harness.history.record({ deleted: true }, { limit: 1000 })).messages.map((one) => one.body);
    },
    async remove() {
      await harness.retention.close();
      await harness.history.close();
      await worker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await harness.open();
  return harness;
}

let count = 0;

/** A message of theirs that came `days` ago. */
export function message(body: string, days: number, fields: Partial<NewMessage> = {}): NewMessage {
  count += 1;
  const { id = `message-${count}`, direction = "in" } = fields;
  const at = now - days * day;
  return newMessage(id, {
    ...{ conversationId: bob, own, body, at, receivedAt: at, archiveId: `archive-${count}` },
    wireId: direction === "out" ? id : `wire-${count}`,
    state: direction === "out" ? "sent" : "received",
    ...fields,
  });
}

function memoryProfile(): Profile {
  const kept = new Map<string, string>();
  const name = (namespace: ProfileNamespace, key: string): string => `${namespace} ${key}`;
  return {
    get: async (namespace, key) => kept.get(name(namespace, key)),
    all: async () => new Map(),
    async put(entries) {
      for (const { namespace, key, value } of entries) {
        if (value === undefined) kept.delete(name(namespace, key));
        else kept.set(name(namespace, key), value);
      }
    },
    close: async () => undefined,
  };
}
