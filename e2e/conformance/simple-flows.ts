import { afterEach, expect, test, vi } from "vitest";
import { befriend, openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { openTapped, type TappedClient } from "./simple-tapped.ts";

/** Two who are signed in, one of them overheard. */
interface Overheard extends TappedClient {
  readonly peer: TestClient;
}

function stage(get: () => Harness): () => Promise<Overheard> {
  const endings: (() => unknown)[] = [];
  afterEach(async () => {
    vi.useRealTimers();
    for (const end of endings.splice(0)) await end();
  });
  return async () => {
    const tapped = await openTapped(get(), await get().newAccount());
    const peer = openClient(get(), await get().newAccount());
    endings.push(tapped.close, () => peer.connection.close());
    await Promise.all([tapped.client.signIn(), peer.signIn()]);
    return { ...tapped, peer };
  };
}

/** A flow through an edge that says how often it wants to hear of it (RFC 5626 section 4.4.1). */
export function describeFlowTimer(get: () => Harness): void {
  const overhear = stage(get);

  test("keep-alives go at the pace of the edge's Flow-Timer, and a flow that has died is replaced", async () => {
    const { client, peer, door, toServer, toClient } = await overhear();
    expect(toClient.join("")).toMatch(/^Flow-Timer: \d\r$/m);
    // The edge answers them, and without that header the first would go after 40 seconds.
    const pings = (): number => toServer.filter((piece) => piece === "\r\n\r\n").length;
    await expect.poll(pings).toBeGreaterThanOrEqual(2);
    door.blackhole();
    expect((await client.event("connection-lost")).error.code).toBe("connection-lost");
    await door.restore();
    await client.signIn();
    await peer.say(client.address, "over the new flow");
    await client.message(({ body }) => body === "over the new flow");
  });
}

/** A server that leaves out of a NOTIFY what it may (RFC 6665 section 4.1.3). */
export function describeOmittedExpires(get: () => Harness): void {
  const overhear = stage(get);

  test("a subscription whose NOTIFY has no `expires` holds for as long as the 200 said", async () => {
    // The clock of the client goes on by itself, and can be set forward.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const { client, peer, toServer, toClient } = await overhear();
    await befriend(client, peer);
    expect(toClient.join("")).toMatch(/^Subscription-State: active\r$/m);
    const asked = (): number => toServer.join("").match(/^SUBSCRIBE /gm)?.length ?? 0;
    await vi.waitFor(() => expect(asked()).toBeGreaterThan(0));
    const before = asked();
    // Timer N, which waits for a first NOTIFY, and the back-off after it; no keep-alive is due yet.
    vi.advanceTimersByTime(33_000);
    vi.advanceTimersByTime(5_000);
    await peer.connection.presence.set({ availability: "busy", status: "still seen" });
    await client.event("presence", ({ presence }) => presence.status === "still seen");
    expect(asked()).toBe(before);
  });
}
