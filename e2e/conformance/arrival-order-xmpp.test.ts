import { afterAll, beforeAll, describe } from "vitest";
import { openClient } from "../../main/networks/conformance/client.ts";
import { startProsody } from "../servers/prosody.ts";
import { describeArrivalOrder } from "./arrival-order.ts";
import { startXmppHarnesses } from "./xmpp-harness.ts";

describe("messages over Prosody", () => {
  let stage: Awaited<ReturnType<typeof startXmppHarnesses<"prosody">>> | undefined;
  beforeAll(async () => {
    stage = await startXmppHarnesses(["prosody"], (domain, certificate) => startProsody({ domain, certificate }));
  });
  afterAll(() => stage?.stop());
  const get = () => {
    if (!stage) throw new Error("the servers did not start");
    return stage.harness("prosody");
  };
  describeArrivalOrder(get, async () => {
    const client = openClient(get(), await get().newAccount());
    await client.signIn();
    return {
      address: client.address,
      say: async (to, body) => void (await client.say(to, body)),
      // Prosody keeps what a broken connection did not acknowledge (XEP-0198), and sends it again itself.
      settled: async () => undefined,
      close: () => client.connection.close(),
    };
  });
});
