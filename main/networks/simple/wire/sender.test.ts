import { describe, expect, it } from "vitest";
import { noRules } from "../../connection-rules.ts";
import { openClient, type TestClient } from "../testing/client.ts";
import { useScene } from "../testing/scene.ts";
import { friendly, type ScriptedServer } from "../testing/scripted-server.ts";
import type { SipMessage, SipRequest } from "./message.ts";

let server: ScriptedServer;
let client: TestClient;

useScene((scene) => {
  ({ server, client } = scene);
});

const requestTo = (method: string, uri: string): Promise<SipMessage> =>
  server.got((m) => m.kind === "request" && m.method === method && m.uri === uri);

/** Sends a request from somebody and resolves with the status of its answer. */
const answerTo = async (
  from: string,
  lines: readonly string[] = ["Content-Type: text/plain"],
  body = "hi",
  method = "MESSAGE",
): Promise<number> => (await server.ask(method, [`From: ${from}`, ...lines], body)).status;

describe("a message", () => {
  it.each([
    ["<tel:+15550100>;tag=t", "tel:+15550100"],
    ["tel:+15550100;tag=t", "tel:+15550100"],
    ['"Anna" <TEL:+1-555-0100;npdi>;tag=t', "tel:+15550100"],
    ["<tel:1001;phone-context=example.test>;tag=t", "tel:1001;phone-context=example.test"],
    ["<sip:gateway.example.test>;tag=t", "gateway.example.test"],
    ["sip:Gateway.example.test:5060;tag=t", "gateway.example.test"],
    ["<SIPS:bob@Example.test>;tag=t", "bob@example.test"],
    ["<sip:+15550100@gateway.example.test;user=phone>;tag=t", "+15550100@gateway.example.test"],
    ["<im:bob@example.test>;tag=t", "bob@example.test"],
    ["<pres:bob@example.test>;tag=t", "bob@example.test"],
    ["<sip:jos%C3%A9@example.test>;tag=t", "josé@example.test"],
    ['"Anonymous" <sip:anonymous@anonymous.invalid>;tag=t', "anonymous@anonymous.invalid"],
    ["<mailto:ceo@example.test>;tag=t", "mailto:ceo@example.test"],
    ["<urn:service:sos>;tag=t", "urn:service:sos"],
  ])("from %s arrives under %s", async (from, peer) => {
    expect(await answerTo(from)).toBe(200);
    const { message } = await client.event("message");
    expect([message.peer, message.body]).toEqual([peer, "hi"]);
  });

  it("has the name that its sender uses, if there is one that shows, of a length that a name has", async () => {
    await answerTo('"Anna \\"the\\" B." <tel:+15550100>;tag=t');
    await answerTo("<sip:bob@example.test>;tag=t");
    await answerTo(`"${"x".repeat(2_000)}" <sip:carol@example.test>;tag=t`);
    await answerTo('"\u200B\u2060" <sip:dora@example.test>;tag=t');
    await client.event("message", (e) => e.message.peer === "dora@example.test");
    expect(client.events.flatMap((e) => (e.type === "message" ? [e.message.author.name] : []))).toEqual([
      'Anna "the" B.',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    "Alice",
    '"Alice" <>;tag=t',
    "<nobody>;tag=t",
    "<im:example.test>;tag=t",
    "<sip:gateway.example.test:9999>;tag=t",
  ])("from %s is nobody's, and its sender learns it", async (from) => {
    expect(await answerTo(from)).toBe(400);
    expect(client.events.filter((e) => e.type === "message")).toEqual([]);
  });

  it.each([
    ["tel:+15550100", "tel:+15550100"],
    ["gateway.example.test", "sip:gateway.example.test"],
  ])("to %s goes there, as do typing and receipts", async (to, uri) => {
    await client.connection.messages.send({ id: "m1", to, body: "hello", at: Date.now(), wantReceipts: false });
    expect((await requestTo("MESSAGE", uri)).headers.get("to")).toBe(`<${uri}>`);
    await client.event("delivery", (e) => e.id === "m1" && e.peer === to && e.state === "sent");
    const imdn = `From: <${uri}>\r\nTo: <sip:alice@example.test>\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: r1\r\nimdn.Disposition-Notification: positive-delivery\r\n\r\nContent-Type: text/plain\r\n\r\nhi`;
    expect(await answerTo(`<${uri}>;tag=t`, ["Content-Type: message/cpim"], imdn)).toBe(200);
    client.connection.messages.sendReceipt?.({ to, messageId: "r1", kind: "delivered" });
    await server.got(
      (m) => m.kind === "request" && m.uri === uri && Buffer.from(m.body).toString().includes(`<recipient-uri>`),
    );
    client.connection.messages.sendTyping?.(to, true);
    await server.got(
      (m) =>
        m.kind === "request" && m.uri === uri && m.headers.get("content-type") === "application/im-iscomposing+xml",
    );
  });

  it("to a telephone that the server cannot reach fails with a reason", async () => {
    server.script = (request, times) => (request.uri.startsWith("tel:") ? { status: 416 } : friendly(request, times));
    await client.connection.messages.send({
      id: "m1",
      to: "tel:+15550100",
      body: "hello",
      at: Date.now(),
      wantReceipts: false,
    });
    const { error } = await client.event("delivery", (e) => e.id === "m1" && e.state === "failed");
    expect(error?.code).toBe("recipient-unknown");
  });

  it.each(["anonymous@anonymous.invalid", "mailto:ceo@example.test", "urn:service:sos"])(
    "to %s says that nobody can be answered there",
    async (to) => {
      await expect(
        client.connection.messages.send({ id: "m1", to, body: "hello", at: Date.now(), wantReceipts: false }),
      ).rejects.toMatchObject({
        code: "unanswerable",
      });
      client.connection.messages.sendTyping?.(to, true);
      await client.connection.messages.send({
        id: "m2",
        to: "bob@example.test",
        body: "hello",
        at: Date.now(),
        wantReceipts: false,
      });
      await requestTo("MESSAGE", "sip:bob@example.test");
      expect(server.received.filter((m) => m.kind === "request" && m.method === "MESSAGE")).toHaveLength(1);
    },
  );
});

describe("whoever watches", () => {
  it("from a telephone or a host is asked about under its own name", async () => {
    const subscribe = (await server.got(
      (m) => m.kind === "request" && m.method === "SUBSCRIBE" && (m.headers.get("event") ?? "") === "presence.winfo",
    )) as SipRequest;
    const watcher = (id: number, uri: string): string =>
      `<watcher id="${id}" event="subscribe" status="pending">${uri}</watcher>`;
    const list = `<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="0" state="full"><watcher-list resource="sip:alice@example.test" package="presence">${watcher(1, "tel:+1-555-0100")}${watcher(2, "sip:gateway.example.test")}</watcher-list></watcherinfo>`;
    server.request(
      "NOTIFY",
      [
        "From: <sip:alice@example.test>;tag=server",
        `To: ${subscribe.headers.get("from") ?? ""}`,
        `Call-ID: ${subscribe.callId}`,
        "CSeq: 1 NOTIFY",
        "Event: presence.winfo",
        "Subscription-State: active;expires=600",
        "Content-Type: application/watcherinfo+xml",
      ],
      list,
    );
    await client.event("subscription-request", (e) => e.address === "tel:+15550100");
    await client.event("subscription-request", (e) => e.address === "gateway.example.test");
  });

  it("is a contact like any other, and asked about with the URI that it has", async () => {
    await client.connection.contacts.add("tel:+15550100", undefined, []);
    await requestTo("SUBSCRIBE", "tel:+15550100");
  });
});

describe("where strangers learn nothing", () => {
  it("a host of the own domain may ask whether the connection lives, and another host not unless it is known", async () => {
    client.connection.close();
    client = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" }, new Map(), {
      rules: { ...noRules, hiding: () => true },
    });
    await client.signIn();
    expect(await answerTo("<sip:edge.example.test>;tag=t", [], "", "OPTIONS")).toBe(200);
    for (const from of ["<sip:gateway.elsewhere.test>;tag=t", "<tel:+15550100>;tag=t"])
      expect(await answerTo(from, [], "", "OPTIONS")).toBe(480);
    await client.connection.contacts.add("tel:+15550100", undefined, []);
    expect(await answerTo("<tel:+15550100>;tag=t", [], "", "OPTIONS")).toBe(200);
    expect(await answerTo("<tel:+15550100>;tag=t")).toBe(200);
  });
});
