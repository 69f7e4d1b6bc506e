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
import type { KeepingPolicy } from "../../history/keeping-policy.ts";
import { openHistory } from "../../history/open-history.ts";
import { workerUrl } from "../../history/workers.test-helper.ts";
import type { Profile, ProfileNamespace } from "../../profile/profile.ts";
import type { AuditEvent } from "../audit/audit.ts";
import { createKeeper, type Keeper } from "./keeper.ts";
import { createRemovals } from "./open-removals.ts";
import type { Removals, Removed } from "./removals.ts";

export const day = 24 * 3600 * 1000;
export const now = Date.UTC(2026, 10, 24, 12);
export const own = "alice@example.com";
export const account = "account-1";
export const bob = `${account}|bob@example.com`;
export const eve = `${account}|eve@elsewhere.example`;
export const noRules: KeepingPolicy = {
  retentionDays: 0,
  externalDays: 0,
  minimumDays: 0,
  deleteEnabled: true,
  holds: [],
  allowedDomains: [],
};

/** A history with its keeper over the real worker, a profile in memory, and an audit log that remembers. */
export interface Shelf {
  readonly folder: string;
  readonly worker: DatabaseWorker<WorkerMethods>;
  readonly removals: Removals;
  readonly events: AuditEvent[];
  readonly removed: Removed[];
  readonly withdrawn: string[];
  readonly failures: unknown[];
  readonly troubles: ErrorInfo[];
  policy: KeepingPolicy;
  now: number;
  /** What the audit log answers instead of taking an event. */
  refusal: Error | undefined;
  history: History;
  keeper: Keeper;
  /** Opens history and keeper anew, as a start of the program does. */
  open(mode?: HistoryMode): Promise<void>;
  /** Another policy; resolves when the run that follows is over. */
  obey(policy: Partial<KeepingPolicy>): Promise<void>;
  /** What the person sees of a conversation, oldest first. */
  texts(conversationId?: string): Promise<string[]>;
  /** What the record holds, also deleted: texts in the order of storing. */
  recorded(): Promise<string[]>;
  remove(): Promise<void>;
}

export async function createShelf(threadUrl = workerUrl): Promise<Shelf> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-keep-"));
  const key = new Uint8Array(randomBytes(32));
  const worker = startDatabaseWorker(threadUrl);
  const removals = createRemovals(worker);
  const profile = memoryProfile();
  const shelf: Shelf = {
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
    keeper: undefined as unknown as Keeper,
    async open(mode = "encrypted") {
      await shelf.keeper?.close();
      await shelf.history?.close();
      shelf.history = await openHistory({
        worker,
        folder,
        key,
        mode,
        keeping: shelf.policy,
        onTrouble: (error) => shelf.troubles.push(error),
      });
      shelf.keeper = createKeeper({
        removals,
        profile,
        audit: {
          async record(event) {
            if (shelf.refusal) throw shelf.refusal;
            shelf.events.push(event);
          },
        },
        policy: () => shelf.policy,
        own: () => new Map([[account, own]]),
        onRemoved: (removed) => shelf.removed.push(removed),
        onWithdrawn: (_, id) => shelf.withdrawn.push(id),
        onFailed: (error) => shelf.failures.push(error),
        now: () => shelf.now,
      });
      await shelf.keeper.start();
      await shelf.keeper.idle();
    },
    async obey(policy) {
      shelf.policy = { ...shelf.policy, ...policy };
      await shelf.keeper.obey();
      await shelf.keeper.idle();
    },
    async texts(conversationId = bob) {
      return (await shelf.history.page({ conversationId, limit: 200 })).messages.map((one) => one.body);
    },
    async recorded() {
      return (await shelf.history.record({ deleted: true }, undefined, 1000)).messages.map((one) => one.body);
    },
    async remove() {
      await shelf.keeper.close();
      await shelf.history.close();
      await worker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await shelf.open();
  return shelf;
}

let count = 0;

/** A message of theirs that came `days` ago. */
export function message(body: string, days: number, fields: Partial<NewMessage> = {}): NewMessage {
  count += 1;
  const direction = fields.direction ?? "in";
  const id = fields.id ?? `message-${count}`;
  const at = now - days * day;
  return {
    id,
    conversationId: bob,
    accountId: account,
    direction,
    author: { isSelf: direction === "out" },
    wireId: direction === "out" ? id : `wire-${count}`,
    archiveId: `archive-${count}`,
    body,
    at,
    network: "xmpp",
    own,
    receivedAt: at,
    state: direction === "out" ? "sent" : "received",
    delayed: false,
    otherDevice: false,
    unread: direction === "in",
    wantsRead: false,
    ...fields,
  };
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
