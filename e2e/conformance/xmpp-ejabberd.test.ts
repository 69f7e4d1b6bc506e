import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openClient } from "../../main/networks/conformance/client.ts";
import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { type EjabberdServer, startEjabberd } from "../servers/ejabberd.ts";
import { startXmppHarnesses } from "./xmpp-harness.ts";
import { describeStrangers } from "./xmpp-strangers.ts";
import { xmppUnacceptable } from "./xmpp-unacceptable.ts";
import { describeUnshown } from "./xmpp-unshown.ts";

/**
 * Each server speaks one version of TLS: ejabberd 23.01 offers the same channel binding over both, and it is good for
 * one.
 */
const versions = ["1.2", "1.3"] as const;
let stage: Awaited<ReturnType<typeof startXmppHarnesses<(typeof versions)[number]>>> | undefined;

const servers = new Map<string, EjabberdServer>();

beforeAll(async () => {
  stage = await startXmppHarnesses(versions, async (domain, certificate, tls) => {
    const server = await startEjabberd({ domain, certificate, tls, component: `partner.${domain}` });
    if (tls !== undefined) servers.set(tls, server);
    return server;
  });
});
afterAll(() => stage?.stop());

for (const tls of versions) {
  const harness = (): Harness => {
    if (!stage) throw new Error("the servers did not start");
    return stage.harness(tls);
  };
  describeNetwork(`XMPP over ejabberd and TLS ${tls}`, harness, xmppUnacceptable(harness));
  if (tls !== "1.3") continue;
  describeUnshown("XMPP over ejabberd", harness);
  describeStrangers("ejabberd", "none", () => ({ harness: harness(), partner: servers.get(tls)?.component }));
  // Cut twice in a row, ejabberd 23.01 sends what waited for a resumption in another order than it archived it.
  describeCuts("XMPP over ejabberd", () => ({ ...harness(), handsOverInOrder: false }), 10);
}

describe.each(versions)("ejabberd's WebSocket over TLS %s", (tls) => {
  it("is reached at the path that was said, and not at another", async () => {
    if (!stage) throw new Error("the servers did not start");
    const harness = stage.harness(tls);
    const way = {
      ...harness.settings("good"),
      port: servers.get(tls)?.ports.https ?? 0,
      transport: "websocket",
    } as const;
    const client = openClient(harness, await harness.newAccount(), { ...way, path: "/ws" });
    const lost = openClient(harness, await harness.newAccount(), way);
    try {
      const { endpoint, security } = await client.signIn();
      expect(endpoint).toMatchObject({ transport: "websocket", url: "/ws" });
      expect(security).toBe(`TLSv${tls}`);
      await expect(lost.signIn()).rejects.toMatchObject({ code: "server-error" });
    } finally {
      for (const one of [client, lost]) one.connection.close();
    }
  });
});

describe("ejabberd over TLS 1.3, which lists no channel binding", () => {
  it("is signed in to with its strongest SCRAM, not bound to what it does not have", async () => {
    if (!stage) throw new Error("the servers did not start");
    const signedIn = async (tls: (typeof versions)[number]) => {
      const harness = stage?.harness(tls);
      if (!harness) throw new Error("the servers did not start");
      const client = openClient(harness, await harness.newAccount());
      try {
        return (await client.signIn()).proof?.method;
      } finally {
        client.connection.close();
      }
    };
    expect(await signedIn("1.3")).toBe("SCRAM-SHA-512");
    expect(await signedIn("1.2")).toBe("SCRAM-SHA-512-PLUS");
  });
});
