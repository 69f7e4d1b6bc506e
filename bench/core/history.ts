import { startDatabaseWorker } from "../../main/app/start-database-worker.ts";
import type { DatabaseWorker } from "../../main/database/database-worker.ts";
import type { History, NewMessage } from "../../main/history/history.ts";
import type { HistoryMethods } from "../../main/history/history-methods.ts";
import type { RetentionPolicy } from "../../main/history/keeping-policy.ts";
import { openHistory } from "../../main/history/open-history.ts";
import { workerUrl } from "../../main/history/workers.test-helper.ts";
import { directConversation, placeOf } from "../../shared/model/conversation-id.ts";

/** Account that has the conversations of the figures. */
export const benchAccount = "bench-account";

/** An encrypted history on a thread of its own, as the program has one. */
export interface BenchHistory {
  readonly worker: DatabaseWorker<HistoryMethods>;
  readonly history: History;
  /** Closes the file and ends the thread. */
  close(): Promise<void>;
}

interface HistoryPlace {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly retention?: RetentionPolicy;
}

/** Opens the history in a folder, or begins one there. */
export async function openBenchHistory({ folder, key, retention }: HistoryPlace): Promise<BenchHistory> {
  const worker = startDatabaseWorker(workerUrl);
  const history = await openHistory({
    worker,
    folder,
    key,
    mode: "encrypted",
    ...(retention && { retention }),
    onTrouble: (error) => console.error(error),
  });
  return {
    worker,
    history,
    async close() {
      await history.close();
      await worker.stop();
    },
  };
}

/** Parts in which the messages of the figures differ. */
type Said = Pick<NewMessage, "id" | "body" | "at"> &
  Partial<Pick<NewMessage, "wireId" | "archiveId" | "state" | "unread">> & {
    /** Address of the other side. */
    readonly peer: string;
    readonly isOwn?: boolean;
  };

/** A message in the direct conversation with `peer`, received unless it `isOwn`. */
export function benchMessage({ peer, isOwn = false, ...said }: Said): NewMessage {
  const conversationId = directConversation(benchAccount, peer);
  return {
    wireId: said.id,
    archiveId: undefined,
    state: isOwn ? "sent" : "received",
    unread: false,
    ...said,
    conversationId,
    place: placeOf(conversationId),
    direction: isOwn ? "out" : "in",
    author: { isSelf: isOwn },
    network: "xmpp",
    own: "me@example.test",
    receivedAt: said.at,
    delayed: false,
    otherDevice: false,
    wantsRead: false,
  };
}

/** Which of so many people the next message is from: a few conversations are long, most are short. */
export function peerOf(index: number, people: number): string {
  return `person.${Math.floor(people * ((index * 0.618_033_988_749_895) % 1) ** 3)}@example.test`;
}
