import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { TestClient } from "../testing/client.ts";
import { bob, isRequest } from "../testing/presence.ts";
import { useScene } from "../testing/scene.ts";
import { friendly, type ScriptedServer } from "../testing/scripted-server.ts";

let server: ScriptedServer;
let client: TestClient;

useScene(
  (scene) => {
    ({ server, client } = scene);
  },
  { signsIn: false },
);

interface Copy {
  readonly branch: string;
  readonly cseq?: number;
  readonly tag?: string;
  readonly callId?: string;
  readonly body?: string;
}
/** A MESSAGE without Message-ID; answers the status that it got. */
async function copy({ branch, cseq = 7, tag = "b1", callId = "same", body = "once" }: Copy): Promise<number> {
  const headers = [
    `Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK${branch}`,
    `From: <sip:${bob}>;tag=${tag}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} MESSAGE`,
    "Content-Type: text/plain",
  ];
  return (await server.ask("MESSAGE", headers, body)).status;
}
const shown = (): readonly string[] => client.events.flatMap((e) => (e.type === "message" ? [e.message.body] : []));

describe("a request that comes more than once", () => {
  it("is shown once: its retransmission gets the same answer, a copy that took another way 482 (RFC 3261 section 8.2.2.2)", async () => {
    await client.signIn();
    expect([await copy({ branch: "one" }), await copy({ branch: "one" }), await copy({ branch: "two" })]).toEqual([
      200, 200, 482,
    ]);
    expect(shown()).toEqual(["once"]);
  });

  it("is shown once when it is sent again over the next connection, and is taken there", async () => {
    await client.signIn();
    await copy({ branch: "one" });
    server.cut();
    await client.event("connection-lost");
    await client.signIn();
    expect(await copy({ branch: "three" })).toBe(200);
    expect(shown()).toEqual(["once"]);
  });

  it.each<[string, Partial<Copy>]>([
    ["CSeq", { cseq: 8 }],
    ["From tag", { tag: "b2" }],
    ["Call-ID", { callId: "other" }],
    ["body, whose sender reuses the rest", { body: "twice" }],
  ])("is another request with another %s", async (_, other) => {
    await client.signIn();
    expect([await copy({ branch: "one" }), await copy({ branch: "two", ...other })]).toEqual([200, 200]);
    expect(shown()).toHaveLength(2);
  });

  it("is another request with another Call-ID on the branch that a stateless proxy gives to all", async () => {
    await client.signIn();
    expect([await copy({ branch: "cydzigwkX" }), await copy({ branch: "cydzigwkX", callId: "other" })]).toEqual([
      200, 200,
    ]);
    expect(shown()).toHaveLength(2);
  });

  it.each(["OPTIONS", "SUBSCRIBE", "NOTIFY", "INVITE", "UNHEARD-OF"])(
    "is refused in every method: %s",
    async (method) => {
      await client.signIn();
      for (const branch of ["one", "two"]) {
        server.request(method, [
          `Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK${branch}`,
          "From: <sip:alice@example.test>;tag=x",
          "Call-ID: o",
          `CSeq: 1 ${method}`,
          "Event: presence",
        ]);
      }
      const statuses = (): readonly number[] =>
        server.received.flatMap((m) => (m.kind === "response" && m.callId === "o" ? [m.status] : []));
      await expect.poll(() => statuses().at(1)).toBe(482);
      expect(statuses()[0]).not.toBe(482);
    },
  );
});

describe("the pace of requests", () => {
  it("holds at a sign-in with many contacts, and what the person says goes first", async () => {
    const contacts = Array.from({ length: 60 }, (_, i) => ({ address: `c${i}@example.test`, groups: [], seen: true }));
    client.cache.set(
      "simple/test-account/contacts",
      JSON.stringify({ version: 1, contacts, accepted: [], declined: [], cpim: [] }),
    );
    const times: number[] = [];
    server.script = (request, count) => {
      times.push(performance.now());
      return friendly(request, count);
    };
    await client.signIn();
    await client.connection.messages.send({
      id: randomUUID(),
      to: bob,
      body: "hello",
      at: Date.now(),
      wantReceipts: false,
    });
    await expect.poll(() => times.length).toBeGreaterThan(30);
    expect(server.received.filter(isRequest("SUBSCRIBE")).length).toBeGreaterThan(20);
    const said = server.received.findIndex(isRequest("MESSAGE"));
    expect(server.received.slice(0, said).filter(isRequest("SUBSCRIBE")).length).toBeLessThan(15);
    // Arrivals draw together where the machine stalls; `pacer.test.ts` measures the pace itself, to the millisecond.
    for (const from of times) expect(times.filter((at) => at >= from && at < from + 1_500).length).toBeLessThan(16);
  });
});

describe("a message to somebody who is not signed in (404)", () => {
  it.each([
    ["on the contact list says that they cannot be reached now", true, "recipient-unreachable"],
    ["unknown says that the address may be wrong", false, "recipient-unknown"],
  ])("%s", async (_, listed, code) => {
    await client.signIn();
    if (listed) await client.connection.contacts.add(bob, undefined, []);
    server.script = (request, times) => (request.method === "MESSAGE" ? { status: 404 } : friendly(request, times));
    const id = randomUUID();
    await client.connection.messages.send({ id, to: bob, body: "hello", at: Date.now(), wantReceipts: false });
    expect((await client.event("delivery", (e) => e.id === id && e.state === "failed")).error?.code).toBe(code);
  });
});
