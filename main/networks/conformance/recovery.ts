import { afterEach, describe, expect, test } from "vitest";
import type { NetworkEnvironment } from "../environment.ts";
import { openClient, patience, type TestClient } from "./client.ts";
import type { Door, Harness } from "./harness.ts";

/** Suite for broken connections, and for leaving nothing behind at the end. */
export function describeRecovery(get: () => Harness): void {
  const clients: TestClient[] = [];
  const signedIn = async (door?: Door, over: Partial<NetworkEnvironment> = {}): Promise<TestClient> => {
    const harness = get();
    const client = openClient(harness, await harness.newAccount(), door?.settings, undefined, over);
    clients.push(client);
    await client.signIn();
    return client;
  };
  /** Sends again what is not known to have arrived, as main/accounts does. */
  const resend = async (
    client: TestClient,
    sent: ReadonlyMap<string, readonly [TestClient, string]>,
  ): Promise<void> => {
    for (const [id, [to, body]] of sent) {
      const last = client.events.findLast((event) => event.type === "delivery" && event.id === id);
      if (last?.type === "delivery" && last.state === "waiting") await client.say(to.address, body, { id });
    }
  };
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });

  describe("a connection that breaks", () => {
    test("is reported at once, and connecting again works on the same object", async () => {
      const door = await get().door();
      const alice = await signedIn(door);
      door.cut();
      const { error } = await alice.event("connection-lost");
      expect(error.code).toBe("connection-lost");
      await expect(alice.say(alice.address, "hello?")).rejects.toMatchObject({ code: "offline" });
      const bob = await signedIn();
      await alice.signIn();
      await bob.say(alice.address, "welcome back");
      await alice.message((message) => message.body === "welcome back");
      await alice.say(bob.address, "thank you");
      await bob.message((message) => message.body === "thank you");
    });

    test("loses nothing, doubles nothing and keeps the order, either way", async () => {
      const door = await get().door();
      const [alice, bob] = [await signedIn(door), await signedIn()];
      const sent = new Map<string, readonly [TestClient, string]>();
      const expected: string[] = [];
      // Where nothing is kept for who is away, the sender is told so (away.ts), some servers only after half a minute.
      const kept = get().keepsMessages;
      for (let round = 0; round < 3; round++) {
        const own = [`own ${round} a`, `own ${round} b`, `own ${round} c`];
        for (const body of own) sent.set(await alice.say(bob.address, body), [bob, body]);
        expected.push(...own);
        if (kept) await bob.say(alice.address, `theirs ${round} a`);
        const since = alice.now();
        door.cut();
        await alice.event("connection-lost", () => true, since);
        if (kept) await bob.say(alice.address, `theirs ${round} b`);
        await alice.signIn();
        await resend(alice, sent);
        const last = await bob.say(alice.address, `theirs ${round} c`);
        await alice.message((message) => message.body === `theirs ${round} c`);
        // Nor does such a server soon find out that an answer was lost with its connection.
        if (!kept) await bob.event("delivery", (event) => event.id === last && event.state === "sent");
      }
      for (const body of expected) await bob.message((message) => message.body === body);
      const theirs = [0, 1, 2].flatMap((round) =>
        (kept ? ["a", "b", "c"] : ["c"]).map((part) => `theirs ${round} ${part}`),
      );
      for (const body of theirs) await alice.message((message) => message.body === body);
      expect(bob.messages().map(({ body }) => body)).toEqual(expected);
      const came = alice.messages().map(({ body }) => body);
      if (get().handsOverInOrder) expect(came).toEqual(theirs);
      else expect(came.sort()).toEqual([...theirs].sort());
    });

    test("a silent one is found out by a check", async () => {
      const door = await get().door();
      const alice = await signedIn(door, { checkMs: 1_000 });
      door.blackhole();
      alice.connection.check();
      await alice.event("connection-lost", () => true);
      await door.restore();
      await alice.signIn();
    });

    test("presence is shared again after it", async () => {
      const door = await get().door();
      const [alice, bob] = [await signedIn(door), await signedIn()];
      await bob.connection.contacts.add(alice.address, undefined, []);
      await alice.event("subscription-request", ({ address }) => address === bob.address);
      await alice.connection.contacts.accept(bob.address);
      await bob.event(
        "presence",
        ({ address, presence }) => address === alice.address && presence.availability === "available",
      );
      door.cut();
      await alice.event("connection-lost");
      const since = bob.now();
      await alice.signIn({ availability: "busy", status: "again" });
      await bob.event(
        "presence",
        ({ presence }) => presence.availability === "busy" && presence.status === "again",
        since,
      );
    });
  });

  describe("the end", () => {
    test("after close nothing is heard and nothing is left open", async () => {
      const door = await get().door();
      const before = countHandles();
      const harness = get();
      const client = openClient(harness, await harness.newAccount(), door.settings);
      await client.signIn();
      await client.connection.disconnect();
      client.connection.close();
      client.connection.close();
      const heard = client.events.length;
      await waitUntil(() => door.open === 0);
      await waitUntil(() => countHandles() <= before);
      expect(client.events.length).toBe(heard);
    });

    test("disconnect ends soon even when the server says nothing", async () => {
      const door = await get().door();
      const alice = await signedIn(door);
      door.blackhole();
      const start = Date.now();
      await alice.connection.disconnect();
      // It gives the server 2 seconds; nothing else would end it before the first timer of a transaction, at 32 s.
      expect(Date.now() - start).toBeLessThan(10_000);
      await door.restore();
    });
  });
}

/** Sockets and timers that keep this process alive. */
function countHandles(): number {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind === "TCPSocketWrap" || kind === "TLSWrap" || kind === "UDPWrap").length;
}

async function waitUntil(what: () => boolean): Promise<void> {
  const end = Date.now() + patience;
  while (!what()) {
    if (Date.now() > end) throw new Error(`still open: ${process.getActiveResourcesInfo().join(" ")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
