import { createHash, type KeyObject, sign } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HallwayError } from "../../../shared/errors.ts";
import { startDatabaseWorker } from "../../app/start-database-worker.ts";
import { workerUrl } from "../../history/workers.test-helper.ts";
import { openDeviceKey } from "../../secrets/device-key.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import type { AuditLog } from "./audit-log.ts";
import type { AuditEntry } from "./entry.ts";
import { type AuditOptions, openAudit } from "./open-audit.ts";
import { sealNothing } from "./seal.ts";

/**
 * A device of a test: its folder, its secret store, and its vault's key; audit logs are opened and closed over them.
 */
export interface TestDevice {
  readonly folder: string;
  readonly path: string;
  readonly key: Uint8Array;
  readonly kept: Map<string, string>;
  readonly secrets: Secrets;
  /** True: nothing can be written, as on a full disk. */
  full: boolean;
  open(change?: Partial<AuditOptions>): Promise<AuditLog & { stop(): Promise<void> }>;
  remove(): Promise<void>;
}

export const allKinds: ReturnType<AuditOptions["kinds"]> = [
  "policy",
  "sign-in",
  "export",
  "deletion",
  "hold",
  "content-rule",
  "certificate-exception",
  "archive",
];

export async function createTestDevice(): Promise<TestDevice> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-audit-"));
  const key = new Uint8Array(32).fill(7);
  const kept = new Map<string, string>();
  const secrets: Secrets = {
    get: async (name) => kept.get(name),
    set: async (name, value) => void kept.set(name, value),
    delete: async (name) => void kept.delete(name),
  };
  const device: TestDevice = {
    folder,
    full: false,
    path: join(folder, "audit.db"),
    key,
    kept,
    secrets,
    async open(change = {}) {
      const worker = startDatabaseWorker(workerUrl);
      const log = await openAudit({
        worker: {
          onTrouble: (from, listener) => worker.onTrouble(from, listener),
          onWell: (listener) => worker.onWell(listener),
          stop: () => worker.stop(),
          call: (method, ...args) =>
            device.full && method === "audit.append"
              ? Promise.reject(new HallwayError("storage-full"))
              : worker.call(method, ...args),
        },
        folder,
        key,
        deviceKey: await openDeviceKey(secrets, () => sealNothing(secrets)),
        secrets,
        kinds: () => allKinds,
        enabled: () => true,
        onTrouble: () => undefined,
        onWell: () => undefined,
        now: Date.now,
        ...change,
      });
      return Object.assign(log, {
        async stop() {
          await log.close();
          await worker.stop();
        },
      });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  return device;
}

/** A chain made by the description in docs/record.md alone, with nothing of the program. */
export function buildChain(
  events: readonly Pick<AuditEntry, "at" | "kind" | "action" | "details">[],
  key: KeyObject,
  before?: AuditEntry,
): AuditEntry[] {
  const field = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    return Buffer.concat([length, Buffer.from(text)]);
  };
  const entries: AuditEntry[] = [];
  let last = before;
  for (const event of events) {
    const n = (last?.n ?? 0) + 1;
    const previous = last?.hash ?? "";
    const texts = [
      "hallway audit entry 1",
      `${n}`,
      `${event.at}`,
      event.kind,
      event.action,
      event.details,
      previous,
      last?.signature ?? "",
    ];
    const hash = createHash("sha256")
      .update(Buffer.concat(texts.map(field)))
      .digest("hex");
    const signature = sign(null, Buffer.concat([field("hallway audit entry 1"), field(hash)]), key).toString("base64");
    last = { n, ...event, previous, hash, signature };
    entries.push(last);
  }
  return entries;
}

/** All entries of a file, as they are in it now; also while somebody writes. */
export async function readEntries(folder: string, key: Uint8Array): Promise<readonly AuditEntry[]> {
  const worker = startDatabaseWorker(workerUrl);
  try {
    await worker.call("audit.open", {
      path: join(folder, "audit.db"),
      key,
      signWith: undefined,
      sealed: undefined,
      now: 0,
    });
    return await worker.call("audit.read", { n: 0, hash: "" }, 1_000_000);
  } finally {
    await worker.stop();
  }
}
