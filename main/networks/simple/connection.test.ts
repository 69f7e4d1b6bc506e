import { randomUUID } from "node:crypto";
import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { formatCpim } from "../../cpim/message.ts";
import type { OutgoingMessage } from "../facets/messages.ts";
import { createSimpleNetwork } from "./network.ts";
import { formatPidf } from "./payloads/rfc-3863-pidf.ts";
import { formatImdn } from "./payloads/rfc-5438-imdn.ts";
import { type TestClient, testEnvironment } from "./testing/client.ts";
import { useScene } from "./testing/scene.ts";
import { friendly, type ScriptedServer } from "./testing/scripted-server.ts";
import type { SipMessage, SipRequest } from "./wire/message.ts";

let server: ScriptedServer;
let client: TestClient;
const bob = "bob@example.test";
const imdn = "urn:ietf:params:imdn";

useScene(
  (scene) => {
    ({ server, client } = scene);
  },
  { signsIn: false },
);

const isRequest =
  (method: string, fits: (request: SipRequest) => boolean = () => true) =>
  (message: SipMessage) =>
    message.kind === "request" && message.method === method && fits(message);
const text = (message: SipMessage) => Buffer.from(message.body).toString();
const said = (body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: randomUUID(),
  to: bob,
  body,
  at: Date.now(),
  wantReceipts: false,
  ...more,
});
const requests = (method: string) => server.received.filter(isRequest(method));
const replyTo = (callId: string) => server.got((m) => m.kind === "response" && m.callId === callId);
const challenge = (nonce: string, more = "") =>
  `WWW-Authenticate: Digest realm="example.test", nonce="${nonce}", qop="auth"${more}`;

describe("signing in", () => {
  it("registers with instance and reg-id, and takes itself off at the end", async () => {
    await client.signIn();
    const [register] = requests("REGISTER");
    expect(register?.headers.get("contact")).toMatch(/\+sip\.instance="<urn:uuid:[0-9a-f-]{36}>";reg-id=1/);
    await client.connection.disconnect();
    expect(requests("REGISTER").at(-1)?.headers.get("expires")).toBe("0");
    expect(requests("PUBLISH").at(-1)?.headers.get("expires")).toBe("0");
  });

  it("takes itself off even when the server does not answer what comes before", async () => {
    await client.signIn();
    server.script = (request, times) => (request.method === "REGISTER" ? friendly(request, times) : undefined);
    const started = Date.now();
    await client.connection.disconnect();
    expect(requests("REGISTER").at(-1)?.headers.get("expires")).toBe("0");
    // The transaction that is not answered would go on for 32 s.
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  it("answers the strongest challenge, and a stale one again", async () => {
    server.script = (request, times) => {
      if (request.method !== "REGISTER" || times > 1) return friendly(request, times);
      return times === 0
        ? { status: 401, headers: [challenge("n1", ", algorithm=MD5"), challenge("n1", ", algorithm=SHA-256")] }
        : { status: 401, headers: [challenge("n2", ", algorithm=SHA-256, stale=true")] };
    };
    await client.signIn();
    const answers = requests("REGISTER").map((r) => r.headers.get("authorization"));
    expect(answers[0]).toBeUndefined();
    expect(answers[1]).toMatch(/nonce="n1".*algorithm=SHA-256/);
    expect(answers[2]).toMatch(/nonce="n2".*algorithm=SHA-256/);
  });

  it.each([
    ["wrong-password", { status: 401, headers: [challenge("n")] }],
    ["sign-in-refused", { status: 403 }],
    ["sign-in-refused", { status: 404 }],
    ["no-common-authentication", { status: 401, headers: ['WWW-Authenticate: Bearer realm="x"'] }],
    ["account-disabled", { status: 410 }],
    ["rate-limited", { status: 503, headers: ["Retry-After: 60"] }],
    ["server-error", { status: 500 }],
  ])("says %s for %j", async (code, answer) => {
    server.script = () => answer;
    await expect(client.signIn()).rejects.toMatchObject({ code });
  });

  it.each([403, 404])(
    "takes a %d for a wrong password only where it has been told something of the password",
    async (status) => {
      server.script = (_, times) => (times === 0 ? { status: 401, headers: [challenge("n")] } : { status });
      await expect(client.signIn()).rejects.toMatchObject({ code: "wrong-password" });
    },
  );

  it("asks for longer when told so, and does without outbound where the server cannot", async () => {
    server.script = (request, times) => {
      if (request.method !== "REGISTER") return friendly(request, times);
      if (times === 0) return { status: 423, headers: ["Min-Expires: 7200"] };
      if (times === 1) return { status: 439 };
      return friendly(request, times);
    };
    await client.signIn();
    const last = requests("REGISTER").at(-1);
    expect(last?.headers.get("expires")).toBe("7200");
    expect(last?.headers.get("contact")).not.toContain("reg-id");
  });

  it("removes bindings that this device left behind, and no others", async () => {
    server.script = (request, times) => {
      const own = request.headers.get("contact") ?? "";
      if (request.method !== "REGISTER" || times > 0) return friendly(request, times);
      return {
        status: 200,
        headers: [
          `Contact: ${own}, ${own.replace(/sip:\w+@([^:]+):\d+/, "sip:hformer@$1:9")}, <sip:phone@127.0.0.1:8>;+sip.instance="<urn:uuid:other>"`,
        ],
      };
    };
    await client.signIn();
    const removal = await server.got(isRequest("REGISTER", (r) => r.headers.get("expires") === "0"));
    expect(removal.headers.all("contact")).toHaveLength(1);
    expect(removal.headers.get("contact")).toContain("sip:hformer@127.0.0.1:9;");
  });

  it("refreshes in time, and ends when the server does not take it back", async () => {
    server.script = (request, times) => {
      if (request.method !== "REGISTER" || times > 1)
        return request.method === "REGISTER" ? { status: 403 } : friendly(request, times);
      return {
        status: 200,
        headers: [`Contact: ${(request.headers.get("contact") ?? "").replace(/expires=\d+/, "expires=2")}`],
      };
    };
    await client.signIn();
    expect((await client.event("connection-lost")).error.code).toBe("sign-in-refused");
    expect(requests("REGISTER")).toHaveLength(3);
  });

  it("tries the next server of the domain when one is gone, but not with a wrong password", async () => {
    const cache = new Map<string, string>();
    const environment = {
      ...testEnvironment(cache),
      dns: {
        resolveNaptr: async () => [],
        lookup: async () => [{ address: "127.0.0.1", family: 4 as const }],
        resolveSrv: async (name: string) =>
          name === "_sip._tcp.example.test"
            ? [
                { name: "127.0.0.1", port: 1, priority: 1, weight: 0 },
                { name: "127.0.0.1", port: server.port, priority: 2, weight: 0 },
              ]
            : [],
      },
    };
    const connection = createSimpleNetwork(environment).open(
      {
        id: "test-account",
        protocol: "simple",
        address: "alice@example.test",
        enabled: true,
        server: {},
        deviceId: randomUUID(),
      },
      { password: async () => "x" },
      () => undefined,
    );
    expect((await connection.connect({ availability: "available" }, new AbortController().signal)).endpoint.port).toBe(
      server.port,
    );
    await connection.disconnect();
    const before = requests("REGISTER").length;
    server.script = (request) =>
      request.headers.get("authorization") === undefined ? { status: 401, headers: [challenge("n")] } : { status: 403 };
    await expect(connection.connect({ availability: "available" }, new AbortController().signal)).rejects.toMatchObject(
      { code: "wrong-password" },
    );
    expect(requests("REGISTER")).toHaveLength(before + 2);
    connection.close();
  });

  it("is refused while it is under way or done, and after the end", async () => {
    await client.signIn();
    await expect(client.signIn()).rejects.toMatchObject({ code: "already-exists" });
    client.connection.close();
    await expect(client.signIn()).rejects.toMatchObject({ code: "cancelled" });
  });

  it("ends at once when the wire breaks meanwhile", async () => {
    server.script = () => {
      server.cut();
      return undefined;
    };
    await expect(client.signIn()).rejects.toMatchObject({ code: "connection-lost" });
  });
});

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

describe("other requests", () => {
  it.each([
    ["OPTIONS", ["From: <sip:keepalive.example.test>;tag=1"], 200],
    ["OPTIONS", ["From: <sip:alice@example.test>;tag=1"], 200],
    ["OPTIONS", [], 480],
    ["OPTIONS", ["Require: unheard-of"], 480],
    ["SUBSCRIBE", ["Event: presence"], 480],
    ["INVITE", [], 480],
    ["INVITE", ["From: <sip:alice@example.test>;tag=1"], 488],
    ["CANCEL", [], 481],
    ["NOTIFY", ["Event: presence", "Subscription-State: active"], 481],
    ["MESSAGE", ["Require: unheard-of", "Content-Type: text/plain"], 420],
  ])("%s %j is answered with %i", async (method, headers, status) => {
    await client.signIn();
    server.request(method, ["Call-ID: odd", ...headers], "x");
    expect(await replyTo("odd")).toMatchObject({ status });
  });

  it("for somebody else find nobody", async () => {
    await client.signIn();
    server.raw(
      "MESSAGE sip:mallory@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bKx\r\nFrom: <sip:bob@example.test>;tag=1\r\nTo: <sip:m@x>\r\nCall-ID: odd\r\nCSeq: 1 MESSAGE\r\nContent-Length: 1\r\n\r\nx",
    );
    expect(await replyTo("odd")).toMatchObject({ status: 404 });
  });
});

describe("the wire", () => {
  it("drops a message that makes no sense and goes on", async () => {
    await client.signIn();
    server.raw("NONSENSE\r\nContent-Length: 0\r\n\r\n");
    await client.event("refused");
    server.request("MESSAGE", ["Content-Type: text/plain"], "still here");
    await client.event("message", (e) => e.message.body === "still here");
  });

  it.each([
    ["two lengths", "MESSAGE sip:a SIP/2.0\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    ["a length that nobody can send", "MESSAGE sip:a SIP/2.0\r\nContent-Length: 999999999999\r\n\r\n"],
    [
      "a head that ends in two places",
      "MESSAGE sip:a SIP/2.0\r\nSubject: x\nContent-Length: 90\n\n\r\nContent-Length: 0\r\n\r\n",
    ],
    ["lines that end at LF alone", "MESSAGE sip:a SIP/2.0\nFrom: <sip:ceo@example.test>\nContent-Length: 0\n\n"],
    ["lines that end at CR alone", "MESSAGE sip:a SIP/2.0\rContent-Length: 0\r\r"],
  ])("goes on at an answer of the server where the next message cannot be found: %s", async (_, bytes) => {
    await client.signIn();
    for (const round of ["first", "second"]) {
      server.raw(bytes);
      await server.got(
        (m) =>
          isRequest("OPTIONS")(m) &&
          server.received.filter(isRequest("OPTIONS")).length === (round === "first" ? 1 : 2),
      );
      // The server answers it, which the client has to have before anything else.
      server.request("MESSAGE", ["Content-Type: text/plain", `Call-ID: ${round}`], `the ${round} after it`);
      await client.event("message", (e) => e.message.body === `the ${round} after it`);
    }
    expect(client.events.filter((e) => e.type === "connection-lost")).toEqual([]);
    expect(client.events.filter((e) => e.type === "message")).toHaveLength(2);
  });

  it("ends where the server does not say where the next message begins", async () => {
    await client.signIn();
    server.script = () => undefined;
    server.raw("MESSAGE sip:a SIP/2.0\nContent-Length: 0\n\n");
    await client.event("refused");
    expect((await client.event("connection-lost")).error.code).toBe("protocol-error");
  });

  it("answers pings, and finds a dead server by a check", async () => {
    await client.signIn();
    client.connection.check();
    server.script = () => undefined;
    server.answersPings = false;
    client.connection.check();
    const started = Date.now();
    expect((await client.event("connection-lost")).error.code).toBe("connection-lost");
    expect(Date.now() - started).toBeGreaterThan(3_000);
    await expect(client.connection.messages.send(said("x"))).rejects.toMatchObject({ code: "offline" });
  });

  it("says again who is there and whom it watches, after it broke", async () => {
    await client.signIn();
    await client.connection.contacts.add(bob, "Bob", ["Friends"]);
    await server.got(isRequest("SUBSCRIBE", (r) => r.uri === "sip:bob@example.test"));
    server.cut();
    await client.event("connection-lost");
    const before = server.received.length;
    await client.signIn();
    await server.got(
      (m) => server.received.indexOf(m) >= before && isRequest("SUBSCRIBE", (r) => r.uri === "sip:bob@example.test")(m),
    );
    await server.got((m) => server.received.indexOf(m) >= before && isRequest("PUBLISH")(m));
    expect(client.events.filter((e) => e.type === "roster").at(-1)).toMatchObject({
      items: [{ address: bob, name: "Bob", groups: ["Friends"] }],
    });
  });
});

describe("presence", () => {
  const watched = (event = "presence") => server.got(isRequest("SUBSCRIBE", (r) => r.headers.get("event") === event));
  const notify = (
    subscribe: SipMessage,
    state: string,
    body = "",
    type = "application/pidf+xml",
    cseq = 1,
    event = "presence",
  ) =>
    server.request(
      "NOTIFY",
      [
        `From: ${subscribe.headers.get("to") ?? ""};tag=server`,
        `To: ${subscribe.headers.get("from") ?? ""}`,
        `Call-ID: ${subscribe.callId}`,
        `CSeq: ${cseq} NOTIFY`,
        `Event: ${event}`,
        `Subscription-State: ${state}`,
        "Contact: <sip:presence@127.0.0.1>",
        ...(body ? [`Content-Type: ${type}`] : []),
      ],
      body,
    );
  const pidf = (availability: "available" | "busy", status: string) =>
    formatPidf({ availability, status }, "sip:bob@example.test", "d");
  const add = async () => {
    await client.signIn();
    await client.connection.contacts.add(bob, undefined, []);
    return watched();
  };

  it("of a contact goes from unknown through pending to what they say, and to unknown when they refuse", async () => {
    const subscribe = await add();
    notify(subscribe, "pending;expires=600");
    await client.event("presence", (e) => e.presence.availability === "unknown");
    notify(subscribe, "active;expires=600", pidf("busy", "at work"), undefined, 2);
    expect((await client.event("presence", (e) => e.presence.availability === "busy")).presence.status).toBe("at work");
    await client.event("roster-item", (e) => e.item.subscription === "to");
    notify(subscribe, "active;expires=600", "", undefined, 3);
    await client.event("presence", (e) => e.presence.availability === "offline");
    const seen = client.events.length;
    notify(subscribe, "terminated;reason=rejected", "", undefined, 4);
    await client.event("presence", (e) => client.events.indexOf(e) >= seen && e.presence.availability === "unknown");
  });

  it("is asked for again by adding somebody again who refused", async () => {
    const subscribe = await add();
    notify(subscribe, "terminated;reason=rejected");
    await client.event("presence", (e) => e.presence.availability === "unknown");
    await client.connection.contacts.add(bob, undefined, []);
    await server.got(
      isRequest("SUBSCRIBE", (r) => r.headers.get("event") === "presence" && r.callId !== subscribe.callId),
    );
  });

  it("that is not PIDF, or no XML, is refused and changes nothing", async () => {
    const subscribe = await add();
    notify(subscribe, "active;expires=600", "<x/>");
    notify(subscribe, "active;expires=600", "x", "text/plain", 2);
    notify(subscribe, "active;expires=600", "<!DOCTYPE x><x/>", undefined, 3);
    notify(subscribe, "active;expires=600", pidf("available", "fine"), undefined, 4);
    await client.event("presence", (e) => e.presence.status === "fine");
    expect(client.events.filter((e) => e.type === "refused")).toHaveLength(3);
    expect(client.events.filter((e) => e.type === "presence")).toHaveLength(1);
  });

  it("subscribes for longer when told so (423), anew after 481 and deactivated, and later after Retry-After", async () => {
    server.script = (request, times) =>
      request.method === "SUBSCRIBE" && request.headers.get("expires") === "1800"
        ? { status: 423, headers: ["Min-Expires: 3600"] }
        : friendly(request, times);
    const first = await add();
    const longer = await server.got(
      isRequest("SUBSCRIBE", (r) => r.headers.get("expires") === "3600" && r.headers.get("event") === "presence"),
    );
    expect(longer.callId).toBe(first.callId);
    notify(longer, "terminated;reason=deactivated");
    await server.got(isRequest("SUBSCRIBE", (r) => r.headers.get("event") === "presence" && r.callId !== first.callId));
  });

  it.each([
    ["deeper than is read", "<a>".repeat(100) + "</a>".repeat(100)],
    ["of more elements than are read", "<a/>".repeat(30_000)],
    ["longer than is read", "x".repeat(1_100_000)],
    ["with a header that nobody can read", ""],
  ])("%s costs that presence alone", async (what, inside) => {
    await client.signIn();
    await client.connection.contacts.add(bob, "Bob", []);
    const subscribe = await server.got(isRequest("SUBSCRIBE", (r) => r.uri === `sip:${bob}`));
    const lines = [
      `Call-ID: ${subscribe.callId}`,
      "From: <sip:bob@example.test>;tag=server",
      `To: ${subscribe.headers.get("from") ?? ""}`,
      "Event: presence",
      "Subscription-State: active;expires=600",
      "Content-Type: application/pidf+xml",
    ];
    const odd = what.includes("header") ? ["no colon", "X Odd: 1"] : [];
    server.request(
      "NOTIFY",
      [...lines, ...odd],
      `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:${bob}">${inside}</presence>`,
    );
    server.request("NOTIFY", lines, formatPidf({ availability: "busy" }, `sip:${bob}`, "device"));
    await client.event("presence", (e) => e.address === bob && e.presence.availability === "busy");
    expect(client.events.filter((e) => e.type === "connection-lost")).toEqual([]);
  });

  it("overtaken by newer presence is not taken", async () => {
    const subscribe = await add();
    notify(subscribe, "active;expires=600", pidf("busy", "new"), undefined, 5);
    await client.event("presence", (e) => e.presence.status === "new");
    notify(subscribe, "active;expires=600", pidf("available", "old"), undefined, 4);
    notify(subscribe, "active;expires=600", pidf("available", "newest"), undefined, 6);
    await client.event("presence", (e) => e.presence.status === "newest");
    expect(client.events.some((e) => e.type === "presence" && e.presence.status === "old")).toBe(false);
  });

  it("of our own is published again in full when the server has forgotten it (412), and for longer when told so (423)", async () => {
    await client.signIn();
    await server.got(isRequest("PUBLISH"));
    server.script = (request, times) => {
      if (request.method !== "PUBLISH") return friendly(request, times);
      if (request.headers.get("sip-if-match") !== undefined) return { status: 412 };
      return request.headers.get("expires") === "300"
        ? { status: 423, headers: ["Min-Expires: 900"] }
        : friendly(request, times);
    };
    await client.connection.presence.set({ availability: "busy", status: "again" });
    const published = requests("PUBLISH").slice(1);
    expect(published.map((p) => [p.headers.get("sip-if-match"), p.headers.get("expires")])).toEqual([
      ["e0", "300"],
      [undefined, "300"],
      [undefined, "900"],
    ]);
    expect(published.every((p) => text(p).includes("again"))).toBe(true);
  });

  it("of our own is published without a status that is too long for a server, and says so when it is set", async () => {
    const status = "é".repeat(6_000);
    await client.signIn({ availability: "busy", status });
    const first = await server.got(isRequest("PUBLISH"));
    expect(text(first)).toContain("busy");
    expect(text(first)).not.toContain("é");
    await expect(client.connection.presence.set({ availability: "away", status })).rejects.toMatchObject({
      code: "too-large",
    });
    await client.connection.presence.set({ availability: "away", status: "é".repeat(2_000) });
    expect(requests("PUBLISH")).toHaveLength(2);
  });

  it("tells who asks to see us, and is honest about what cannot be done", async () => {
    await client.signIn();
    const subscribe = await watched("presence.winfo");
    const list = (status: string, version: number) =>
      `<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="${version}" state="full"><watcher-list resource="sip:alice@example.test" package="presence"><watcher id="1" event="subscribe" status="${status}">sip:bob@example.test</watcher></watcher-list></watcherinfo>`;
    notify(subscribe, "active;expires=600", list("pending", 0), "application/watcherinfo+xml", 1, "presence.winfo");
    await client.event("subscription-request", (e) => e.address === bob);
    await expect(client.connection.contacts.accept(bob)).rejects.toMatchObject({ code: "unsupported" });
    notify(subscribe, "active;expires=600", list("active", 1), "application/watcherinfo+xml", 2, "presence.winfo");
    await client.event("subscription-settled");
    expect(client.events.filter((e) => e.type === "subscription-request")).toHaveLength(1);
  });
});
