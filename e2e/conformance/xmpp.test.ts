import { afterAll, beforeAll } from "vitest";
import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { startProsody } from "../servers/prosody.ts";
import { startXmppHarnesses } from "./xmpp-harness.ts";
import { xmppUnacceptable } from "./xmpp-unacceptable.ts";
import { describeUnshown } from "./xmpp-unshown.ts";

let stage: Awaited<ReturnType<typeof startXmppHarnesses<"prosody">>> | undefined;

beforeAll(async () => {
  stage = await startXmppHarnesses(["prosody"], (domain, certificate) => startProsody({ domain, certificate }));
});
afterAll(() => stage?.stop());

const prosody = (): Harness => {
  if (!stage) throw new Error("the servers did not start");
  return stage.harness("prosody");
};

describeNetwork("XMPP over Prosody", prosody, xmppUnacceptable(prosody));

describeUnshown("XMPP over Prosody", prosody, "rooms.example.test");

describeCuts("XMPP over Prosody", prosody);
