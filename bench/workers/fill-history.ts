import type { NewMessage } from "../../main/history/history.ts";
import { benchMessage, openBenchHistory, peerOf } from "../core/history.ts";
import { createTalk } from "../talk.ts";
import { asWorker } from "../worker.ts";

export interface FillInput {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly messages: number;
  readonly conversations: number;
}

const batch = 1_000;
const year = 365 * 24 * 3600 * 1000;

/** Fills a history through its own API, with messages of three years. Answers how long it took, milliseconds. */
asWorker(async ({ folder, key, messages, conversations }: FillInput): Promise<number> => {
  const talk = createTalk(6);
  const { history, close } = await openBenchHistory({ folder, key });
  const start = Date.UTC(2023, 0, 1);
  const startedAt = performance.now();
  for (let first = 0; first < messages; first += batch) {
    const news = Array.from({ length: Math.min(batch, messages - first) }, (_, offset): NewMessage => {
      const index = first + offset;
      const isOwn = index % 3 === 0;
      return benchMessage({
        id: `message-${index}`,
        peer: peerOf(index, conversations),
        isOwn,
        archiveId: `archive-${index}`,
        body: talk.next(),
        at: start + Math.floor((index * 3 * year) / messages),
        state: isOwn ? "delivered" : "received",
      });
    });
    await history.append(news);
  }
  const took = performance.now() - startedAt;
  await close();
  return took;
});
