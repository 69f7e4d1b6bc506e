import { type BenchAccount, createHome, startHeadless } from "../core/headless.ts";
import { watchPauses } from "../core/pauses.ts";
import { asWorker } from "../worker.ts";
import type { CatchUpResult } from "./raw-catch-up.ts";

/**
 * Everything that Hallway's main process does at a first sign-in: read, check, number, encrypt, store, index, publish.
 */
asWorker(async (account: BenchAccount): Promise<CatchUpResult> => {
  const home = await createHome();
  const app = await startHeadless(home);
  const syncing = app.op(
    (op) =>
      op.op !== "remove" &&
      op.table === "accounts" &&
      (op.op === "put" ? op.record.syncing : op.fields.syncing) === true,
  );
  const adding = app.request("accounts.add", account);
  await syncing;
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const stopWatching = watchPauses();
  const { accountId } = await adding;
  await app.op(
    (op) => op.op === "put" && op.table === "accounts" && op.record.state === "online" && op.record.syncing !== true,
  );
  const wall = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  const pauses = stopWatching();
  let messages = 0;
  const { tables } = await app.request("app.snapshot", {});
  for (const { id } of tables.conversations.filter((conversation) => conversation.accountId === accountId))
    messages += await count(app, id);
  await app.stop();
  await home.remove();
  return { messages, wall, cpu: (user + system) / 1000, pauses };
});

/** How many messages of a conversation can be read back. */
async function count(app: Awaited<ReturnType<typeof startHeadless>>, conversationId: string): Promise<number> {
  let total = 0;
  for (let before: string | undefined; ; ) {
    const page = await app.request("conversations.page", {
      conversationId,
      limit: 200,
      ...(before === undefined ? {} : { before }),
    });
    total += page.messages.length;
    before = page.messages[0]?.id;
    if (!page.before || before === undefined) return total;
  }
}
