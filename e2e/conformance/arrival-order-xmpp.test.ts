import { afterAll, beforeAll, describe } from "vitest";
import { startProsody } from "../servers/prosody.ts";
import { describeArrivalOrder } from "./arrival-order.ts";
import { startXmppHarnesses } from "./xmpp-harness.ts";

describe("messages over Prosody", () => {
  let stage: Awaited<ReturnType<typeof startXmppHarnesses<"prosody">>> | undefined;
  beforeAll(async () => {
    stage = await startXmppHarnesses(["prosody"], (domain, certificate) => startProsody({ domain, certificate }));
  });
  afterAll(() => stage?.stop());
  describeArrivalOrder(
    () => {
      if (!stage) throw new Error("the servers did not start");
      return stage.harness("prosody");
    },
    { resets: true, slowest: 300 },
  );
});
