import { startDatabaseWorker } from "../../main/app/start-database-worker.ts";
import type { NewMessage } from "../../main/history/history.ts";
import { openHistory } from "../../main/history/open-history.ts";
import { workerUrl } from "../../main/history/workers.test-helper.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import { createTalk } from "../talk.ts";
import { asWorker } from "../worker.ts";

export interface FillInput {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly messages: number;
  readonly conversations: number;
}

const accountId = "bench-account";
const batch = 1_000;
const year = 365 * 24 * 3600 * 1000;

/** Which conversation a message belongs to: a few are long, most are short. */
function conversationOf(index: number, conversations: number): number {
  return Math.floor(conversations * ((index * 0.618_033_988_749_895) % 1) ** 3);
}

/** Fills a history through its own API, with messages of three years. Answers how long it took, milliseconds. */
asWorker(async ({ folder, key, messages, conversations }: FillInput): Promise<number> => {
  const talk = createTalk(6);
  const worker = startDatabaseWorker(workerUrl);
  const history = await openHistory({
    worker,
    folder,
    key,
    mode: "encrypted",
    onTrouble: (error) => console.error(error),
  });
  const start = Date.UTC(2023, 0, 1);
  const startedAt = performance.now();
  for (let first = 0; first < messages; first += batch) {
    const news = Array.from({ length: Math.min(batch, messages - first) }, (_, offset): NewMessage => {
      const index = first + offset;
      const at = start + Math.floor((index * 3 * year) / messages);
      const isOwn = index % 3 === 0;
      const id = `message-${index}`;
      return {
        id,
        conversationId: `${accountId}|person.${conversationOf(index, conversations)}@example.test`,
        place: placeOf(`${accountId}|person.${conversationOf(index, conversations)}@example.test`),
        direction: isOwn ? "out" : "in",
        author: { isSelf: (isOwn ? "out" : "in") === "out" },
        wireId: id,
        archiveId: `archive-${index}`,
        body: talk.next(),
        at,
        network: "xmpp",
        own: "me@example.test",
        receivedAt: at,
        state: isOwn ? "delivered" : "received",
        delayed: false,
        otherDevice: false,
        unread: false,
        wantsRead: false,
      };
    });
    await history.append(news);
  }
  const took = performance.now() - startedAt;
  await history.close();
  await worker.stop();
  return took;
});
