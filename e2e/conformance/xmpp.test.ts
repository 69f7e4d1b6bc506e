import { afterAll, beforeAll } from "vitest";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { startProsody } from "../servers/prosody.ts";
import { startXmppHarnesses } from "./xmpp-harness.ts";

let stage: Awaited<ReturnType<typeof startXmppHarnesses<"prosody">>> | undefined;

beforeAll(async () => {
  stage = await startXmppHarnesses(["prosody"], (domain, certificate) => startProsody({ domain, certificate }));
});
afterAll(() => stage?.stop());

describeNetwork("XMPP over Prosody", () => {
  if (!stage) throw new Error("the servers did not start");
  return stage.harness("prosody");
});
