import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parsePidf } from "../payloads/rfc-3863-pidf.ts";
import type { TestClient } from "../testing/client.ts";
import { bob, isRequest } from "../testing/presence.ts";
import { useScene } from "../testing/scene.ts";
import { friendly, type ScriptedServer } from "../testing/scripted-server.ts";
import type { SipRequest } from "../wire/message.ts";
import { EnvelopeDevices } from "./envelope-devices.ts";

const day = 86_400_000;

describe("EnvelopeDevices", () => {
  it("says yes only while every device that is known does", () => {
    let now = 0;
    const devices = new EnvelopeDevices(() => now);
    expect(devices.takes(bob)).toBeUndefined();
    devices.set(bob, "Hallway", true);
    expect(devices.takes(bob)).toBe(true);
    devices.set(bob, "Phone", false);
    expect(devices.takes(bob)).toBe(false);
    now += 5 * day;
    devices.set(bob, "Hallway", true);
    now += 3 * day;
    expect(devices.takes(bob)).toBe(true);
  });

  it("has at the next start what it had before, and no more than it has room for", () => {
    const devices = new EnvelopeDevices(() => 1);
    for (let n = 0; n < 20; n += 1) devices.set(bob, `device ${n} ${"x".repeat(500)}`, true);
    for (let n = 0; n < 6_000; n += 1) devices.set(`c${n}@example.test`, "a", false);
    const again = new EnvelopeDevices(() => 1);
    devices.set(bob, "b", false);
    again.load(devices.stored());
    expect(again.takes(bob)).toBe(false);
    expect(again.stored()).toHaveLength(5_000);
    expect(again.stored().every(([, known]) => known.length <= 8 && known.every(([name]) => name.length <= 200))).toBe(
      true,
    );
  });
});

describe("a message with receipts to somebody with several devices", () => {
  let server: ScriptedServer;
  let client: TestClient;
  useScene((scene) => {
    ({ server, client } = scene);
  });

  const cpim = "Accept: text/plain, message/cpim";
  const hear = async (headers: readonly string[]): Promise<void> => {
    const callId = randomUUID();
    server.request("MESSAGE", [`Call-ID: ${callId}`, "Content-Type: text/plain", ...headers], `from ${callId}`);
    await server.got((m) => m.kind === "response" && m.callId === callId);
  };
  const typeSent = async (): Promise<string> => {
    const id = randomUUID();
    await client.connection.messages.send({ id, to: bob, body: "hello", at: Date.now(), wantReceipts: true });
    await client.event("delivery", (e) => e.id === id);
    const sent = server.received.filter(
      isRequest("MESSAGE", (r) => r.headers.get("message-id") === id),
    ) as SipRequest[];
    return sent.map((r) => (r.headers.get("content-type") ?? "").split(";")[0]).join(", ");
  };

  it("is in an envelope where the one that is known takes them", async () => {
    await hear(["User-Agent: Hallway", cpim]);
    expect(await typeSent()).toBe("message/cpim");
  });

  it.each([
    ["says that it takes text alone", ["User-Agent: Phone", "Accept: text/plain"]],
    ["does not say what it takes", ["User-Agent: Phone"]],
  ])("is plain once another one %s, whatever the first says later", async (_, headers) => {
    await hear(["User-Agent: Hallway", cpim]);
    await hear(headers);
    await hear(["User-Agent: Hallway", cpim]);
    expect(await typeSent()).toBe("text/plain");
  });

  it("is plain once another one has answered a message", async () => {
    await hear(["User-Agent: Hallway", cpim]);
    server.script = (request, times) =>
      request.method === "MESSAGE" ? { status: 200, headers: ["User-Agent: Phone"] } : friendly(request, times);
    expect(await typeSent()).toBe("message/cpim");
    expect(await typeSent()).toBe("text/plain");
  });

  it("is plain once one of them has refused an envelope, and that message goes out plain at once", async () => {
    await hear(["User-Agent: Hallway", cpim]);
    server.script = (request, times) =>
      request.method === "MESSAGE" && (request.headers.get("content-type") ?? "").startsWith("message/cpim")
        ? { status: 415, headers: ["User-Agent: Phone"] }
        : friendly(request, times);
    expect(await typeSent()).toBe("message/cpim, text/plain");
    await hear(["User-Agent: Hallway", cpim]);
    expect(await typeSent()).toBe("text/plain");
  });

  it("is still in an envelope after a store has handed something out, which is no device", async () => {
    await hear(["User-Agent: Hallway", cpim]);
    await hear(["User-Agent: kamailio (5.6.3)", `Date: ${new Date(Date.now() - day).toUTCString()}`]);
    server.script = (request, times) =>
      request.method === "MESSAGE" ? { status: 202, headers: ["User-Agent: kamailio"] } : friendly(request, times);
    expect(await typeSent()).toBe("message/cpim");
    expect(await typeSent()).toBe("message/cpim");
  });
});

describe("a presence document of several devices", () => {
  const tuple = (caps: string, basic = "open"): string =>
    `<tuple id="t${Math.random()}"><status><basic>${basic}</basic></status>${caps}</tuple>`;
  const taking =
    '<c:servcaps xmlns:c="urn:ietf:params:xml:ns:pidf:caps"><c:type><c:supported>message/cpim</c:supported></c:type></c:servcaps>';
  const read = (...tuples: readonly string[]): readonly boolean[] => {
    const { takesCpim, isMixed } = parsePidf(
      `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:${bob}">${tuples.join("")}</presence>`,
    );
    return [takesCpim, isMixed];
  };

  it("tells whether all of those that are there take envelopes, some, or none", () => {
    expect(read(tuple(taking), tuple(taking))).toEqual([true, false]);
    expect(read(tuple(taking), tuple(""))).toEqual([false, true]);
    expect(read(tuple(taking), tuple("", "closed"))).toEqual([true, false]);
    expect(read(tuple(""))).toEqual([false, false]);
    expect(read(tuple(taking, "closed"))).toEqual([false, false]);
  });
});
