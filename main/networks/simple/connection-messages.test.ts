import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { formatCpim } from "../../cpim/message.ts";
import { formatImdn } from "./payloads/rfc-5438-imdn.ts";
import type { TestClient } from "./testing/client.ts";
import { bob, isRequest, said, text } from "./testing/requests.ts";
import { useScene } from "./testing/scene.ts";
import { friendly, type ScriptedServer } from "./testing/scripted-server.ts";

let server: ScriptedServer;
let client: TestClient;

useScene(
  (scene) => {
    ({ server, client } = scene);
  },
  { signsIn: false },
);

const imdn = "urn:ietf:params:imdn";
const requests = (method: string) => server.received.filter(isRequest(method));
const replyTo = (callId: string) => server.got((m) => m.kind === "response" && m.callId === callId);

describe("messages", () => {
  it("in flight are waiting at once when the connection drops, and so are those behind them", async () => {
    await client.signIn();
    server.script = () => undefined;
    const first = said("one");
    const second = said("two");
    await client.connection.messages.send(first);
    void client.connection.messages.send(second);
    const started = Date.now();
    server.cut();
    await client.event("delivery", (e) => e.id === first.id && e.state === "waiting");
    await client.event("delivery", (e) => e.id === second.id && e.state === "waiting");
    await client.event("connection-lost");
    // Not only when their transactions time out, after 32 s.
    expect(Date.now() - started).toBeLessThan(20_000);
    expect(client.events.filter((e) => e.type === "delivery")).toHaveLength(2);
  });

  it.each([
    [200, "sent", undefined],
    [202, "sent", undefined],
    [404, "failed", "recipient-unknown"],
    [480, "failed", "recipient-unreachable"],
    [403, "failed", "not-allowed"],
    [413, "failed", "too-large"],
    [415, "failed", "unsupported"],
    [603, "failed", "rejected-by-recipient"],
    [500, "failed", "server-error"],
  ])("answered with %i are %s %s", async (status, state, code) => {
    await client.signIn();
    server.script = (request, times) => (request.method === "MESSAGE" ? { status } : friendly(request, times));
    const message = said("x");
    await client.connection.messages.send(message);
    expect((await client.event("delivery", (e) => e.id === message.id)).state).toBe(state);
    expect((await client.event("delivery", (e) => e.id === message.id)).error?.code).toBe(code);
  });

  it("that the server keeps for later are sent", async () => {
    await client.signIn();
    server.script = (request, times) => (request.method === "MESSAGE" ? { status: 202 } : friendly(request, times));
    await client.connection.messages.send(said("x"));
    expect(await client.event("delivery")).toMatchObject({ state: "sent" });
  });

  it.each([
    ["the wire to the other side broke", { status: 430 }],
    ["the wire to the other side broke", { status: 477 }],
    ["the server is busy", { status: 503 }],
    ["the server says when it will not be busy any more", { status: 503, headers: ["Retry-After: 1"] }],
  ])("are tried again when %s", async (_, answer) => {
    await client.signIn();
    server.script = (request, times) =>
      request.method === "MESSAGE" && times === 0 ? answer : friendly(request, times);
    const message = said("x");
    await client.connection.messages.send(message);
    expect((await client.event("delivery", (e) => e.id === message.id)).state).toBe("sent");
    expect(requests("MESSAGE").map((m) => m.callId)).toEqual([message.id, message.id]);
  });

  it.each([
    ["the server may have sent them on", { status: 500 }],
    ["the server asks for a long time", { status: 503, headers: ["Retry-After: 3600"] }],
  ])("are not tried again where %s", async (_, answer) => {
    await client.signIn();
    server.script = (request, times) => (request.method === "MESSAGE" ? answer : friendly(request, times));
    const message = said("x");
    await client.connection.messages.send(message);
    expect((await client.event("delivery", (e) => e.id === message.id)).state).toBe("failed");
    expect(requests("MESSAGE")).toHaveLength(1);
  });

  it("follow a redirect", async () => {
    await client.signIn();
    server.script = (request, times) =>
      request.method === "MESSAGE" && times === 0
        ? { status: 302, headers: ["Contact: <sip:bob@elsewhere.test>;q=0.5"] }
        : friendly(request, times);
    await client.connection.messages.send(said("x"));
    await server.got(isRequest("MESSAGE", (r) => r.uri === "sip:bob@elsewhere.test"));
  });

  it("go in an envelope once the other side is known to take one, and plain again when it does not after all", async () => {
    await client.signIn();
    server.script = (request, times) =>
      request.method === "MESSAGE" && times === 0
        ? { status: 200, headers: ["Accept: text/plain, message/cpim"] }
        : friendly(request, times);
    await client.connection.messages.send(said("first", { wantReceipts: true }));
    await client.event("delivery", (e) => e.state === "sent");
    expect(requests("MESSAGE").at(-1)?.headers.get("content-type")).toContain("text/plain");
    const second = said("second", { wantReceipts: true });
    await client.connection.messages.send(second);
    await client.event("delivery", (e) => e.id === second.id);
    const wrapped = requests("MESSAGE").at(-1);
    expect(wrapped?.headers.get("content-type")).toBe("message/cpim");
    expect(wrapped && text(wrapped)).toContain(`imdn.Message-ID: ${second.id}`);
    server.script = (request, times) =>
      request.headers.get("content-type") === "message/cpim" ? { status: 415 } : friendly(request, times);
    const third = said("third", { wantReceipts: true });
    await client.connection.messages.send(third);
    expect((await client.event("delivery", (e) => e.id === third.id)).state).toBe("sent");
    expect(text(await server.got((m) => m.kind === "request" && text(m) === "third"))).toBe("third");
  });

  it("come in plain, deflated and in an envelope, once for each id", async () => {
    await client.signIn();
    server.request("MESSAGE", ["Content-Type: text/plain;charset=UTF-8", "Message-ID: 1"], "plain ✓");
    server.request("MESSAGE", ["Content-Type: text/plain", "Message-ID: 1"], "plain ✓");
    server.request("MESSAGE", ["Content-Type: text/plain", "Content-Encoding: deflate"], deflateSync("deflated"));
    const envelope = formatCpim({
      headers: [
        { namespace: "", name: "DateTime", value: "2026-01-02T03:04:05Z" },
        { namespace: imdn, name: "Message-ID", value: "2" },
        { namespace: imdn, name: "Disposition-Notification", value: "positive-delivery, display" },
      ],
      contentType: "text/plain",
      content: Buffer.from("wrapped"),
    });
    server.request("MESSAGE", ["Content-Type: message/cpim"], envelope);
    await client.event("message", (e) => e.message.body === "wrapped");
    expect(
      client.events.flatMap((e) =>
        e.type === "message"
          ? [[e.message.id, e.message.body, e.message.delayed, e.message.at, e.message.wantsRead]]
          : [],
      ),
    ).toEqual([
      ["1", "plain ✓", false, undefined, false],
      [undefined, "deflated", false, undefined, false],
      ["2", "wrapped", true, Date.UTC(2026, 0, 2, 3, 4, 5), true],
    ]);
    client.connection.messages.sendReceipt?.({ to: bob, messageId: "2", kind: "delivered" });
    const receipt = text(await server.got(isRequest("MESSAGE")));
    expect(receipt).toContain("Content-Type: message/imdn+xml");
    expect(receipt).toContain("<message-id>2</message-id><datetime>2026-01-02T03:04:05Z</datetime>");
  });

  it("that were kept by the server come without its stamp in the text", async () => {
    await client.signIn();
    const stamped = "[Offline message - Sun Nov  1 18:46:57 2026] hello";
    server.request("MESSAGE", ["Content-Type: text/plain", "Date: Sun, 01 Nov 2020 18:46:57 GMT"], stamped);
    server.request("MESSAGE", ["Content-Type: text/plain"], stamped);
    await client.event("message", (e) => e.message.body === stamped && !e.message.delayed);
    expect(client.events.find((e) => e.type === "message")).toMatchObject({
      message: { body: "hello", delayed: true, at: Date.UTC(2020, 10, 1, 18, 46, 57) },
    });
  });

  it("that a store made plain text of are read as what they were; what has no date was never kept, and is what it says", async () => {
    await client.signIn();
    const dated = "Date: Sun, 01 Nov 2020 18:46:57 GMT";
    const stamp = "[Offline message - Sun Nov  1 18:46:57 2020] ";
    const kept = (id: string, content: string): string =>
      Buffer.from(
        formatCpim({
          headers: [
            { namespace: "", name: "From", value: "<sip:bob@example.test>" },
            { namespace: "", name: "To", value: "<sip:alice@example.test>" },
            { namespace: imdn, name: "Message-ID", value: id },
            { namespace: imdn, name: "Disposition-Notification", value: "positive-delivery" },
          ],
          contentType: "text/plain",
          content: Buffer.from(content),
        }),
      ).toString();
    const receipt = (id: string) =>
      formatImdn({ messageId: id, dateTime: undefined, kind: "display", status: "displayed" }, "sip:bob@example.test");
    const plain = "Content-Type: text/plain";
    server.request("MESSAGE", [plain, dated], kept("k1", "first"));
    server.request("MESSAGE", [plain, dated], stamp + kept("k2", "second"));
    server.request("MESSAGE", [plain, dated], stamp + receipt("k3"));
    server.request("MESSAGE", [plain, dated], `${stamp}<b>bold</b>`);
    server.request("MESSAGE", [plain], receipt("k4"));
    server.request("MESSAGE", [plain], kept("k5", "shown whole"));
    await client.event("message", (e) => e.message.body === kept("k5", "shown whole"));
    expect(
      client.events.flatMap((e) =>
        e.type === "message" ? [[e.message.id, e.message.body, e.message.delayed, e.message.wantsDelivered]] : [],
      ),
    ).toEqual([
      ["k1", "first", true, true],
      ["k2", "second", true, true],
      [undefined, "<b>bold</b>", true, false],
      [undefined, receipt("k4"), false, false],
      [undefined, kept("k5", "shown whole"), false, false],
    ]);
    expect(client.events.filter((e) => e.type === "delivery")).toEqual([
      { type: "delivery", id: "k3", peer: bob, state: "read" },
    ]);
  });

  it("that bring receipts or typing are told as such", async () => {
    await client.signIn();
    server.request(
      "MESSAGE",
      ["Content-Type: message/imdn+xml", "Content-Encoding: deflate"],
      deflateSync(
        formatImdn(
          { messageId: "m1", dateTime: undefined, kind: "display", status: "displayed" },
          "sip:bob@example.test",
        ),
      ),
    );
    expect(await client.event("delivery")).toMatchObject({ id: "m1", peer: bob, state: "read" });
    server.request(
      "MESSAGE",
      ["Content-Type: application/im-iscomposing+xml"],
      '<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state></isComposing>',
    );
    await client.event("typing", (e) => e.active);
    server.request("MESSAGE", ["Content-Type: text/plain"], "there");
    await client.event("typing", (e) => !e.active);
  });

  it.each([
    ["another charset", 415, ["Content-Type: text/plain;charset=iso-8859-1"], "x"],
    ["another type", 415, ["Content-Type: image/png"], "x"],
    ["bytes that are not UTF-8", 400, ["Content-Type: text/plain"], new Uint8Array([0xff])],
    [
      "a decompression bomb",
      413,
      ["Content-Type: text/plain", "Content-Encoding: gzip"],
      gzipSync(Buffer.alloc(4 << 20)),
    ],
    ["an unknown encoding", 415, ["Content-Type: text/plain", "Content-Encoding: br"], "x"],
    ["an envelope that is broken", 400, ["Content-Type: message/cpim"], "x"],
    ["XML with a DOCTYPE", 400, ["Content-Type: application/im-iscomposing+xml"], "<!DOCTYPE a><a/>"],
    ["no sender", 400, ["Content-Type: text/plain", "From: Bob;tag=1"], "x"],
    ["text over the limit", 413, ["Content-Type: text/plain"], "x".repeat(70_000)],
  ])("with %s are refused with %i", async (_, status, headers, body) => {
    await client.signIn();
    server.request("MESSAGE", ["Call-ID: odd", ...headers], body);
    expect(await replyTo("odd")).toMatchObject({ status });
    await client.event("refused");
    // What is legal is not lost without a word (unshowable.test.ts).
    expect(client.events.some((e) => e.type === "message" && e.message.notice === undefined)).toBe(false);
    expect(client.events.some((e) => e.type === "message")).toBe(status === 415);
  });

  it("tell that we type once, and that we stopped", async () => {
    await client.signIn();
    for (let i = 0; i < 5; i += 1) client.connection.messages.sendTyping?.(bob, true);
    client.connection.messages.sendTyping?.(bob, false);
    await server.got(isRequest("MESSAGE", (r) => text(r).includes("<state>idle</state>")));
    expect(requests("MESSAGE").map((m) => /<state>(\w+)/.exec(text(m))?.[1])).toEqual(["active", "idle"]);
  });
});
