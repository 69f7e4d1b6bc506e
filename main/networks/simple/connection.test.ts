import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSimpleNetwork } from "./network.ts";
import { type TestClient, testEnvironment } from "./testing/client.ts";
import { bob, isRequest, said } from "./testing/requests.ts";
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
    ["account-refused", { status: 403 }],
    ["account-refused", { status: 404 }],
    ["server-error", { status: 401, headers: [challenge("n", ", stale=true")] }],
    ["no-common-authentication", { status: 401, headers: ['WWW-Authenticate: Bearer realm="x"'] }],
    ["account-disabled", { status: 410 }],
    ["rate-limited", { status: 503, headers: ["Retry-After: 60"] }],
    ["server-error", { status: 500 }],
  ])("says %s for %j", async (code, answer) => {
    server.script = () => answer;
    await expect(client.signIn()).rejects.toMatchObject({ code });
  });

  it.each([401, 407])("takes a %d for a wrong password where it follows an answer to its nonce", async (status) => {
    const name = status === 401 ? "WWW" : "Proxy";
    server.script = (_, times) => ({
      status,
      headers: [`${name}-Authenticate: Digest realm="example.test", nonce="n${times}", qop="auth"`],
    });
    await expect(client.signIn()).rejects.toMatchObject({ code: "wrong-password" });
    expect(requests("REGISTER")).toHaveLength(2);
  });

  it.each([403, 404])("takes a %d after an answered challenge for a refusal of the account", async (status) => {
    server.script = (_, times) => (times === 0 ? { status: 401, headers: [challenge("n")] } : { status });
    await expect(client.signIn()).rejects.toMatchObject({ code: "account-refused" });
  });

  it("does not take realm after realm for a wrong password", async () => {
    server.script = (_, times) => ({
      status: 401,
      headers: [challenge("n").replace("example.test", `realm${times}.test`)],
    });
    await expect(client.signIn()).rejects.toMatchObject({ code: "server-error" });
    expect(requests("REGISTER")).toHaveLength(5);
  });

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
    expect((await client.event("connection-lost")).error.code).toBe("account-refused");
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
      { credentials: { password: async () => "x" }, emit: () => undefined },
    );
    expect((await connection.connect({ availability: "available" }, new AbortController().signal)).endpoint.port).toBe(
      server.port,
    );
    await connection.disconnect();
    const before = requests("REGISTER").length;
    server.script = () => ({ status: 401, headers: [challenge("n")] });
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

  it("asks for that answer before all that waits for its turn to be sent", async () => {
    await client.signIn();
    for (let n = 0; n < 100; n += 1)
      void client.connection.messages.send({ ...said("x"), to: `p${n}@example.test` }).catch(() => undefined);
    server.raw("MESSAGE sip:a SIP/2.0\r\n\r\n");
    await server.got(isRequest("OPTIONS"));
    server.request("MESSAGE", ["Content-Type: text/plain"], "after it");
    await client.event("message", (e) => e.message.body === "after it");
    expect(requests("MESSAGE").length).toBeLessThan(30);
    expect(client.events.filter((e) => e.type === "connection-lost")).toEqual([]);
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
