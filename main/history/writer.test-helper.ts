import { placeOf } from "../../shared/model/conversation-id.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { openHistory } from "./open-history.ts";
import { say } from "./say.test-helper.ts";
import { workerUrl } from "./workers.test-helper.ts";

/**
 * A process for killed.test.ts that stores messages until it is killed, and says after each that it was acknowledged.
 */
const [folder = "", key = ""] = process.argv.slice(2);
const worker = startDatabaseWorker(workerUrl);
const history = await openHistory({
  worker,
  folder,
  key: new Uint8Array(Buffer.from(key, "hex")),
  mode: "encrypted",
  onTrouble: () => process.exit(3),
});
for (let n = 0; ; n++) {
  const out = n % 3 === 0;
  const common = {
    conversationId: "account-1|bob@example.test",
    place: placeOf("account-1|bob@example.test"),
    archiveId: undefined,
    network: "xmpp" as const,
    own: "me@example.test",
    receivedAt: n,
    delayed: false,
    otherDevice: false,
    wantsRead: false,
  };
  const batch = Array.from({ length: out ? 1 : 40 }, (_, i) => {
    const id = `message-${n}-${i}`;
    return {
      ...common,
      id,
      wireId: id,
      body: `Acknowledged word${n} ${"x".repeat(300)}`,
      at: n * 100 + i,
      direction: out ? ("out" as const) : ("in" as const),
      author: { isSelf: out },
      state: out ? ("waiting" as const) : ("received" as const),
      unread: !out,
    };
  });
  for (const { record } of await history.append(batch)) say(record.id);
}
