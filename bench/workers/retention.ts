import { setTimeout as wait } from "node:timers/promises";
import { createRemovals } from "../../main/record/retention/open-removals.ts";
import { createRetention } from "../../main/record/retention/retention.ts";
import { directConversation } from "../../shared/model/conversation-id.ts";
import { benchAccount, benchMessage, openBenchHistory } from "../core/history.ts";
import { type Pauses, watchPauses } from "../core/pauses.ts";
import { createTalk } from "../talk.ts";
import { asWorker } from "../worker.ts";

export interface RetentionInput {
  readonly folder: string;
  readonly key: Uint8Array;
}

export interface RetentionResult {
  readonly removed: number;
  /** From the first step until all is gone, the index written anew and the log empty, milliseconds. */
  readonly took: number;
  readonly pauses: Pauses;
  /** Milliseconds from call to answer, each call made meanwhile: a message stored, a page read. */
  readonly appends: readonly number[];
  readonly pages: readonly number[];
}

/** A lively chat: a message is stored and a page read this often, in milliseconds. */
const rhythm = 50;

/** Retention over a filled history, while somebody chats. */
asWorker(async ({ folder, key }: RetentionInput): Promise<RetentionResult> => {
  const talk = createTalk(7);
  const policy = {
    retentionDays: 90,
    externalDays: 0,
    minimumDays: 30,
    deleteEnabled: true,
    holds: [],
    allowedDomains: [],
  };
  const { worker, history, close } = await openBenchHistory({ folder, key, retention: policy });
  let removed = 0;
  const retention = createRetention({
    removals: createRemovals(worker),
    profile: {
      get: async () => undefined,
      all: async () => new Map(),
      put: async () => undefined,
      close: async () => undefined,
    },
    audit: {
      record: async ({ details }) => {
        removed += Number(details["messages"] ?? 0);
      },
    },
    policy: () => policy,
    own: () => new Map([[benchAccount, "me@example.test"]]),
    onFailed: (error) => console.error(error),
    now: Date.now,
  });
  const appends: number[] = [];
  const pages: number[] = [];
  const stop = watchPauses();
  const startedAt = performance.now();
  let running = true;
  await retention.start();
  const done = retention.idle().then(() => {
    running = false;
  });
  for (let n = 0; running; n++) {
    const peer = `person.${n % 20}@example.test`;
    const at = Date.now();
    const isOwn = n % 2 === 1;
    const message = benchMessage({ id: `chat-${at}-${n}`, peer, isOwn, body: talk.next(), at, unread: !isOwn });
    let from = performance.now();
    await history.append([message]);
    appends.push(performance.now() - from);
    from = performance.now();
    await history.page({ conversationId: directConversation(benchAccount, peer), limit: 60 });
    pages.push(performance.now() - from);
    await wait(rhythm);
  }
  await done;
  const took = performance.now() - startedAt;
  const pauses = stop();
  await retention.close();
  await close();
  return { removed, took, pauses, appends, pages };
});
