import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import { startDatabaseWorker } from "../../app/start-database-worker.ts";
import type { History, NewMessage } from "../../history/history.ts";
import { openHistory } from "../../history/open-history.ts";
import { exportWorkerUrl, workerUrl } from "../../history/workers.test-helper.ts";
import type { DeviceKey } from "../../secrets/device-key.ts";
import { showPublicKey, signText } from "../../secrets/signing.ts";
import type { ExportOptions } from "./start-export.ts";

export const testKey = new Uint8Array(32).fill(9);

export function makeDeviceKey(): Pick<DeviceKey, "publicKey" | "sign"> {
  const { privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: showPublicKey(createPublicKey(privateKey)),
    sign: (purpose, text) => signText(privateKey, purpose, text),
  };
}

export const firstAt = Date.UTC(2026, 10, 1, 12, 0, 0);

/** The n-th message; five conversations take turns, a minute apart. */
export function nthMessage(index: number): NewMessage {
  const isOwn = index % 3 === 0;
  return {
    id: `message-${index}`,
    conversationId: `account-1|person.${index % 5}@example.test`,
    place: placeOf(`account-1|person.${index % 5}@example.test`),
    direction: isOwn ? "out" : "in",
    author: { isSelf: (isOwn ? "out" : "in") === "out" },
    wireId: `message-${index}`,
    archiveId: undefined,
    body: `Words number ${index}`,
    at: firstAt + index * 60_000,
    network: "xmpp",
    own: "me@example.test",
    receivedAt: firstAt + index * 60_000,
    state: isOwn ? "delivered" : "received",
    delayed: false,
    otherDevice: false,
    unread: false,
    wantsRead: false,
  };
}

/** Opens a history in a thread, does something with it, and closes it. */
export async function withHistory<T>(
  folder: string,
  mode: "encrypted" | "memory",
  work: (history: History) => Promise<T>,
): Promise<T> {
  const worker = startDatabaseWorker(workerUrl);
  const history = await openHistory({ worker, folder, key: testKey, mode, onTrouble: (error) => console.error(error) });
  try {
    return await work(history);
  } finally {
    await history.close();
    await worker.stop();
  }
}

export async function append(history: History, count: number): Promise<void> {
  for (let first = 0; first < count; first += 1000) {
    await history.append(
      Array.from({ length: Math.min(1000, count - first) }, (_, offset) => nthMessage(first + offset)),
    );
  }
}

/** Options of an export of the history in `folder`, except its target and format. */
export function exportOptions(folder: string): Omit<ExportOptions, "target" | "format"> {
  const deviceKey = makeDeviceKey();
  return {
    workerUrl: exportWorkerUrl,
    profileFolder: folder,
    query: {},
    locale: "en",
    maker: { madeBy: "person", user: "alice", version: "0.2.0", publicKey: deviceKey.publicKey },
    deviceKey,
    source: { kind: "file", path: join(folder, "history.db"), key: testKey },
    onProgress: () => undefined,
  };
}
