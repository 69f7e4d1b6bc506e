import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { startDatabaseWorker } from "../../main/app/start-database-worker.ts";
import { workerUrl } from "../../main/history/workers.test-helper.ts";
import { openComplianceFeed } from "../../main/record/feed/open-compliance-feed.ts";
import { freeReach, neverLost } from "../../main/record/feed/receivers.test-helper.ts";
import { historyFeed } from "../../main/record/feed/recorded.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import { settings } from "../../shared/settings/declaration.ts";

/**
 * A process that feeds numbered messages to an archive until it is killed, and says after each that it is in the queue.
 * `from` -1: only what is in the queue already.
 */
const [folder = "", place = "null", from = "0"] = process.argv.slice(2);
const destination = v.parse(settings.ArchiveDestination.schema, JSON.parse(place));
const worker = startDatabaseWorker(workerUrl);
const account = { network: "xmpp" as const, own: "me@example.test" };
const archive = await openComplianceFeed({
  worker,
  folder,
  key: new Uint8Array(32).fill(7),
  policy: {
    scope: () => "all",
    destination: () => destination,
    format: () => "json",
    required: () => false,
    allowedDomains: () => [],
    reaching: () => "",
    onChange: () => () => undefined,
  },
  ...neverLost,
  reach: freeReach(),
  account: () => account,
  audit: () => undefined,
  onTrouble: (error) => console.error(JSON.stringify(error)),
  onWell: () => undefined,
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
  firstWait: 100,
  timeout: 2_000,
});
let ending = false;
process.once("SIGTERM", () => {
  ending = true;
});
const waiting: Promise<void>[] = [];
const feed = historyFeed(
  {
    add: (items) => waiting[waiting.push(archive.add(items)) - 1] ?? Promise.resolve(),
    covers: (conversationId) => archive.covers(conversationId),
  },
  () => account,
);
for (let n = Number(from); n >= 0 && !ending; n++) {
  const id = `message-${n}`;
  const at = Date.now();
  feed.appending([
    {
      id,
      conversationId: "account-1|bob@example.test",
      place: placeOf("account-1|bob@example.test"),
      ...account,
      direction: "in",
      author: { isSelf: false },
      wireId: id,
      archiveId: undefined,
      body: String(n),
      at,
      receivedAt: at,
      state: "received",
      delayed: false,
      otherDevice: false,
      unread: true,
      wantsRead: false,
    },
  ]);
  await Promise.all(waiting.splice(0));
  writeSync(1, `${n}\n`);
  await sleep(2);
}
while (!ending) await sleep(50);
process.exit(0);
