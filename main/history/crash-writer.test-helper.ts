import { placeOf } from "../../shared/model/conversation-id.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { type Step, stepsOf, textOf } from "./crash-steps.test-helper.ts";
import { openHistory } from "./open-history.ts";
import { say } from "./say.test-helper.ts";
import { workerUrl } from "./workers.test-helper.ts";

/**
 * A process for crash.test.ts that takes step after step until it is killed, and says after each that it was
 * acknowledged.
 */
const [folder = "", key = "", round = "0"] = process.argv.slice(2);
const conversationId = "account-1|bob@example.test";
const worker = startDatabaseWorker(workerUrl);
const history = await openHistory({
  worker,
  folder,
  key: new Uint8Array(Buffer.from(key, "hex")),
  mode: "encrypted",
  rules: { demandsRecord: () => true },
  onTrouble: () => process.exit(3),
});

async function take(step: Step): Promise<void> {
  if (step.do === "append")
    await history.append([
      {
        id: step.id,
        conversationId,
        place: placeOf(conversationId),
        direction: step.direction,
        author: { isSelf: step.direction === "out" },
        wireId: step.id,
        archiveId: undefined,
        body: textOf(step.id, step.at),
        at: step.at,
        network: "xmpp",
        own: "me@example.test",
        receivedAt: step.at,
        state: step.direction === "out" ? "waiting" : "received",
        delayed: false,
        otherDevice: false,
        unread: step.direction === "in",
        wantsRead: false,
      },
    ]);
  else if (step.do === "state") await history.setState({ conversationId, wireId: step.id, state: step.state });
  else if (step.do === "retract")
    await history.retract({
      conversationId,
      place: placeOf(conversationId),
      direction: "in",
      author: { isSelf: false },
      wireId: step.id,
      at: step.at,
    });
  else
    await history.correct({
      conversationId,
      place: placeOf(conversationId),
      direction: "in",
      author: { isSelf: false },
      wireId: step.id,
      body: textOf(step.id, step.at),
      at: step.at,
    });
}

for (const step of stepsOf(Number(round))) {
  await take(step);
  say("");
}
