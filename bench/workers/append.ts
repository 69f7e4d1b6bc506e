import { randomUUID } from "node:crypto";
import { startDatabaseWorker } from "../../main/app/start-database-worker.ts";
import type { NewMessage } from "../../main/history/history.ts";
import { openHistory } from "../../main/history/open-history.ts";
import { workerUrl } from "../../main/history/workers.test-helper.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import { createTalk } from "../talk.ts";
import { asWorker } from "../worker.ts";

export interface AppendInput {
  /** Of the history; what is in it stays. */
  readonly folder: string;
  /** So many messages are stored first, and not measured. */
  readonly before: number;
  readonly seed: number;
}

/** Microseconds for one message: processor time of all threads, and by the clock. */
export interface AppendResult {
  readonly cpu: number;
  readonly clock: number;
}

const batch = 500;
const measured = 20_000;

asWorker(async ({ folder, before, seed }: AppendInput): Promise<AppendResult> => {
  const talk = createTalk(seed);
  const worker = startDatabaseWorker(workerUrl);
  const key = new Uint8Array(32).fill(7);
  const history = await openHistory({
    worker,
    folder,
    key,
    mode: "encrypted",
    onTrouble: (error) => console.error(error),
  });
  let index = 0;
  const next = (): NewMessage => {
    index += 1;
    const at = Date.UTC(2026, 0, 1) + index * 1_000;
    return {
      id: randomUUID(),
      // As in fill-history.ts: a few are long, most are short.
      conversationId: `bench-account|person.${Math.floor(200 * ((index * 0.618_033_988_749_895) % 1) ** 3)}@example.test`,
      place: placeOf(
        `bench-account|person.${Math.floor(200 * ((index * 0.618_033_988_749_895) % 1) ** 3)}@example.test`,
      ),
      direction: "in",
      author: { isSelf: false },
      wireId: randomUUID(),
      archiveId: randomUUID(),
      body: talk.next(),
      at,
      network: "xmpp",
      own: "me@example.test",
      receivedAt: at,
      state: "received",
      delayed: false,
      otherDevice: false,
      unread: false,
      wantsRead: false,
    };
  };
  const store = async (count: number): Promise<void> => {
    for (let stored = 0; stored < count; stored += batch) await history.append(Array.from({ length: batch }, next));
  };
  await store(before + batch);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await store(measured);
  const clock = ((performance.now() - begun) / measured) * 1_000;
  const { user, system } = process.cpuUsage(cpu);
  await history.close();
  await worker.stop();
  return { cpu: (user + system) / measured, clock };
});
