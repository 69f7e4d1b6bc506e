import { randomUUID } from "node:crypto";
import type { NewMessage } from "../../main/history/history.ts";
import { benchMessage, openBenchHistory, peerOf } from "../core/history.ts";
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
  const { history, close } = await openBenchHistory({ folder, key: new Uint8Array(32).fill(7) });
  let index = 0;
  const next = (): NewMessage => {
    index += 1;
    return benchMessage({
      id: randomUUID(),
      peer: peerOf(index, 200),
      wireId: randomUUID(),
      archiveId: randomUUID(),
      body: talk.next(),
      at: Date.UTC(2026, 0, 1) + index * 1_000,
    });
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
  await close();
  return { cpu: (user + system) / measured, clock };
});
