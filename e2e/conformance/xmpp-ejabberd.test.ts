import { afterAll, beforeAll } from "vitest";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { startEjabberd } from "../servers/ejabberd.ts";
import { startXmppHarnesses } from "./xmpp-harness.ts";
import { xmppUnacceptable } from "./xmpp-unacceptable.ts";

/** Each server speaks one version of TLS: ejabberd 23.01 offers the same channel binding over both, and it is good for one. */
const versions = ["1.2", "1.3"] as const;
let stage: Awaited<ReturnType<typeof startXmppHarnesses<(typeof versions)[number]>>> | undefined;

beforeAll(async () => {
  stage = await startXmppHarnesses(versions, (domain, certificate, tls) => startEjabberd({ domain, certificate, tls }));
});
afterAll(() => stage?.stop());

for (const tls of versions) {
  const harness = (): Harness => {
    if (!stage) throw new Error("the servers did not start");
    return stage.harness(tls);
  };
  describeNetwork(`XMPP over ejabberd and TLS ${tls}`, harness, xmppUnacceptable(harness));
}
