import { afterAll, beforeAll } from "vitest";
import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { startProsody } from "../servers/prosody.ts";
import type { ComponentHost } from "./component.ts";
import { startXmppHarnesses } from "./xmpp-harness.ts";
import { describeStrangers } from "./xmpp-strangers.ts";
import { xmppUnacceptable } from "./xmpp-unacceptable.ts";
import { describeUnshown } from "./xmpp-unshown.ts";

let stage: Awaited<ReturnType<typeof startXmppHarnesses<"prosody">>> | undefined;

let partner: ComponentHost | undefined;

beforeAll(async () => {
  stage = await startXmppHarnesses(["prosody"], async (domain, certificate, name) => {
    const server = await startProsody({ domain, certificate, component: `partner.${domain}` });
    if (name !== undefined) partner = server.component;
    return server;
  });
});
afterAll(() => stage?.stop());

const prosody = (): Harness => {
  if (!stage) throw new Error("the servers did not start");
  return stage.harness("prosody");
};

describeNetwork("XMPP over Prosody", prosody, xmppUnacceptable(prosody));

describeUnshown("XMPP over Prosody", prosody, "rooms.example.test");

describeStrangers("Prosody", "all", () => ({ harness: prosody(), partner }));

describeCuts("XMPP over Prosody", prosody);
