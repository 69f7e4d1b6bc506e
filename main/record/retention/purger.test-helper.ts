import { writeSync } from "node:fs";
import { startDatabaseWorker } from "../../app/start-database-worker.ts";
import { openHistory } from "../../history/open-history.ts";
import { workerUrl } from "../../history/workers.test-helper.ts";
import { createRemovals } from "./open-removals.ts";
import type { PurgeCursor } from "./removals.ts";
import { account, eve, message, noRules, now, own } from "./retention-harness.test-helper.ts";

/**
 * A process for crash.test.ts that stores old messages, half of them held, and runs retention over them until it is
 * killed.
 */
const [folder = "", key = "", round = ""] = process.argv.slice(2);
const worker = startDatabaseWorker(workerUrl);
const retention = {
  ...noRules,
  retentionDays: 30,
  holds: [{ type: "address" as const, address: "bob@example.com", matter: "Case" }],
};
const history = await openHistory({
  worker,
  folder,
  key: new Uint8Array(Buffer.from(key, "hex")),
  mode: "encrypted",
  retention,
  onTrouble: () => process.exit(3),
});
const removals = createRemovals(worker);
const batch = Array.from({ length: 200 }, (_, n) => {
  const id = `round-${round}-${n}`;
  const free = { conversationId: eve, files: [{ name: "a.pdf", sha256: "ab".repeat(32), size: 5, type: undefined }] };
  return message(`${n % 2 === 0 ? "held" : "free"} words of ${id}`, 40, {
    id,
    wireId: id,
    archiveId: id,
    direction: "out",
    state: "sent",
    ...(n % 2 === 0 ? {} : free),
  });
});
await history.append(batch);
writeSync(1, "stored\n");
for (let cursor: PurgeCursor | undefined; ; ) {
  const step = await removals.purgeSome(cursor, { now, own: new Map([[account, own]]) });
  cursor = step.next;
  if (!cursor) await removals.scrub();
}
