import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ErrorInfo } from "../../../shared/errors.ts";
import { noRules } from "../connection-rules.ts";
import type { NetworkEvent } from "../events.ts";
import type { Connection } from "../network.ts";
import { createSimpleNetwork } from "./network.ts";
import { redirectedEndpoints } from "./redirect.ts";
import { testEnvironment } from "./testing/client.ts";
import { friendly, type ScriptedServer, startScriptedServer } from "./testing/scripted-server.ts";
import type { SipMessage, SipRequest } from "./wire/message.ts";

const bob = "bob@example.test";
const barred: ErrorInfo = { code: "blocked-by-policy", params: { setting: "FederationMode" } };
const servers: ScriptedServer[] = [];
let server: ScriptedServer;
let connection: Connection;
let events: NetworkEvent[] = [];
/** Hosts that AllowedServers leaves out. */
let barredHosts: string[] = [];

function open(port: number, reach?: (address: string) => ErrorInfo | undefined): Connection {
  const rules = {
    ...noRules,
    host: (host: string) =>
      barredHosts.includes(host)
        ? { code: "blocked-by-policy" as const, params: { setting: "AllowedServers" } }
        : undefined,
  };
  const account = {
    id: "a",
    protocol: "simple",
    address: "alice@example.test",
    enabled: true,
    deviceId: randomUUID(),
    server: { host: "127.0.0.1", port, transport: "tcp" },
  } as const;
  return createSimpleNetwork({ ...testEnvironment(), rules }).open(account, {
    credentials: { password: async () => "secret" },
    emit: (event) => void events.push(event),
    reach,
  });
}
const signIn = (): Promise<unknown> => connection.connect({ availability: "available" }, AbortSignal.timeout(30_000));
const another = async (): Promise<ScriptedServer> => {
  const started = await startScriptedServer();
  servers.push(started);
  return started;
};

beforeEach(async () => {
  events = [];
  barredHosts = [];
  server = await another();
  connection = open(server.port, (address) =>
    address.endsWith("@example.test") || address.endsWith("@partner.test") ? undefined : barred,
  );
});
afterEach(async () => {
  connection.close();
  await Promise.all(servers.splice(0).map((one) => one.close()));
});

/** Where each MESSAGE went, in order. */
const targets = () =>
  server.received
    .filter((m: SipMessage): m is SipRequest => m.kind === "request" && m.method === "MESSAGE")
    .map(({ uri }) => uri);
/** Answers a MESSAGE to each of these with a redirect to the Contacts. */
const redirect = (from: Readonly<Record<string, string>>, status = 302): void => {
  server.script = (request, times) => {
    const contact = request.method === "MESSAGE" ? from[request.uri] : undefined;
    return contact === undefined ? friendly(request, times) : { status, headers: [`Contact: ${contact}`] };
  };
};
async function say(): Promise<Extract<NetworkEvent, { type: "delivery" }>> {
  const id = randomUUID();
  await connection.messages.send({ id, to: bob, body: "internal only", at: Date.now(), wantReceipts: false });
  const find = () => events.find((e) => e.type === "delivery" && e.id === id);
  await expect.poll(find).toBeDefined();
  const found = find();
  if (found?.type !== "delivery") throw new Error("no delivery");
  return found;
}

describe("a redirected message", () => {
  const own = `sip:${bob}`;

  it("goes where the rules allow, and the record is told where", async () => {
    await signIn();
    redirect({ [own]: "<sip:bob@partner.test>" });
    expect(await say()).toMatchObject({
      state: "sent",
      error: { code: "redirected", params: { address: "bob@partner.test" } },
    });
    expect(targets()).toEqual([own, "sip:bob@partner.test"]);
  });

  it.each([
    ["another domain", "<sip:drop@outside.example>", "FederationMode"],
    ["another domain behind the own one's name", "<sip:drop%40example.test@outside.example>", "FederationMode"],
    ["a number", "<sip:bob@192.0.2.1>", "FederationMode"],
    ["a server that may not be connected to", "<sip:bob@partner.test:5099>", "AllowedServers"],
  ])("does not go to %s, and says which rule", async (_, contact, setting) => {
    barredHosts = ["partner.test"];
    await signIn();
    redirect({ [own]: contact });
    expect(await say()).toMatchObject({ state: "failed", error: { code: "blocked-by-policy", params: { setting } } });
    expect(targets()).toEqual([own]);
  });

  it.each([
    ["an address that is not canonical", "<sip:bob@partner.test.>"],
    ["a route of its own", "<sip:bob@partner.test;maddr=outside.example>"],
    ["a password", "<sip:bob:x@partner.test>"],
    ["a web page", "<https://partner.test/>"],
    ["itself", `<${own}>`],
    ["nobody", "<sip:partner.test>"],
    ["nonsense", "<<;;"],
  ])("does not go to %s", async (_, contact) => {
    await signIn();
    redirect({ [own]: contact });
    expect(await say()).toMatchObject({ state: "failed", error: { code: "server-error" } });
    expect(targets()).toEqual([own]);
  });

  it.each([305, 380])("is not followed where a %i names no person", async (status) => {
    await signIn();
    redirect({ [own]: "<sip:bob@partner.test>" }, status);
    expect((await say()).state).toBe("failed");
    expect(targets()).toEqual([own]);
  });

  it("is asked about at every hop", async () => {
    await signIn();
    redirect({ [own]: "<sip:bob@partner.test>", "sip:bob@partner.test": "<sip:drop@outside.example>" });
    expect(await say()).toMatchObject({ state: "failed", error: { code: "blocked-by-policy" } });
    expect(targets()).toEqual([own, "sip:bob@partner.test"]);
  });

  it("takes the best that is allowed, without header fields", async () => {
    await signIn();
    redirect({
      [own]:
        '<sip:a@partner.test>;q=0.2, <sip:drop@outside.example>, "B" <sip:b@partner.test;user=phone;method=INVITE?Route=%3Csip:evil.test%3E>;q=0.7',
    });
    expect((await say()).state).toBe("sent");
    expect(targets()).toEqual([own, "sip:b@partner.test;user=phone"]);
  });

  it("ends when it goes round or on and on", async () => {
    await signIn();
    redirect({ [own]: "<sip:a@partner.test>", "sip:a@partner.test": `<${own}>` });
    expect((await say()).state).toBe("failed");
    expect(targets()).toEqual([own, "sip:a@partner.test"]);
    server.script = (request, times) =>
      request.method === "MESSAGE"
        ? { status: 302, headers: [`Contact: <sip:n${times}@partner.test>`] }
        : friendly(request, times);
    expect((await say()).state).toBe("failed");
    expect(targets()).toHaveLength(6);
  });
});

describe("a redirected registration", () => {
  const redirectTo = (one: ScriptedServer, contact: string, status = 302): void => {
    one.script = (request, times) =>
      request.method === "REGISTER" ? { status, headers: [`Contact: ${contact}`] } : friendly(request, times);
  };

  it.each([301, 302, 305])("is followed (%i), and the connection is with the new server", async (status) => {
    const other = await another();
    redirectTo(server, `<sip:127.0.0.1:${other.port};transport=tcp>`, status);
    await signIn();
    await other.got((m) => m.kind === "request" && m.method === "PUBLISH");
  });

  it("keeps the transport where none is said", async () => {
    const other = await another();
    redirectTo(server, `<sip:127.0.0.1:${other.port}>`);
    await signIn();
  });

  it("tries the next server that it names", async () => {
    const [gone, other] = [await another(), await another()];
    await gone.close();
    redirectTo(server, `<sip:127.0.0.1:${gone.port}>, <sip:127.0.0.1:${other.port}>;q=0.1`);
    await signIn();
  });

  it("ends when it goes round, or on and on", async () => {
    const more = [await another(), await another(), await another(), await another()];
    const [a = server, b = server, c = server, d = server] = more;
    redirectTo(server, `<sip:127.0.0.1:${a.port}>`);
    redirectTo(a, `<sip:127.0.0.1:${server.port}>`);
    await expect(signIn()).rejects.toMatchObject({ code: "server-error" });
    expect([server, a].map((one) => one.received.length)).toEqual([1, 1]);
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, d],
    ] as const)
      redirectTo(from, `<sip:127.0.0.1:${to.port}>`);
    await expect(signIn()).rejects.toMatchObject({ code: "server-error" });
    expect(d.received).toEqual([]);
  });

  it("asks the rules about the server", async () => {
    barredHosts = ["forbidden.test"];
    redirectTo(server, "<sip:forbidden.test:5060>");
    await expect(signIn()).rejects.toMatchObject({ code: "tls-required" });
    redirectTo(server, "<sips:forbidden.test:5061>");
    await expect(signIn()).rejects.toMatchObject({ code: "blocked-by-policy", params: { setting: "AllowedServers" } });
  });
});

describe("where a redirect leads", () => {
  const { dns } = testEnvironment();
  const context = { dns, allowCleartext: (host: string) => host === "127.0.0.1", signal: AbortSignal.timeout(30_000) };
  const tls = { host: "sip.example.test", port: 5061, transport: "tls" } as const;

  it.each([
    ["sip:other.test:5071", { host: "other.test", port: 5071, transport: "tls" }],
    ["sips:other.test:5071", { host: "other.test", port: 5071, transport: "tls" }],
    ["sips:other.test;transport=tcp", { host: "other.test", port: 5061, transport: "tls" }],
    ["sip:192.0.2.1", { host: "192.0.2.1", port: 5061, transport: "tls" }],
    ["sip:other.test;transport=ws", { host: "other.test", port: 443, transport: "websocket" }],
  ])("from TLS to %s is TLS", async (contact, endpoint) => {
    expect(await redirectedEndpoints([contact], tls, context)).toEqual([endpoint]);
  });

  it.each(["sip:127.0.0.1:5060;transport=tcp", "sip:other.test:5060;transport=TCP"])(
    "from TLS is never clear text: %s",
    async (contact) => {
      await expect(redirectedEndpoints([contact], tls, context)).rejects.toMatchObject({ code: "tls-required" });
    },
  );

  it("from clear text may be TLS, or where clear text is allowed", async () => {
    const tcp = { host: "127.0.0.1", port: 5060, transport: "tcp" } as const;
    expect(
      await redirectedEndpoints(["sip:127.0.0.1:5071", "sips:other.test:5061", "sip:other.test:5060"], tcp, context),
    ).toEqual([
      { host: "127.0.0.1", port: 5071, transport: "tcp" },
      { host: "other.test", port: 5061, transport: "tls" },
    ]);
  });

  it("is nowhere for what is no server", async () => {
    expect(
      await redirectedEndpoints(
        ["sip:other.test;transport=udp", "sip:other.test;maddr=evil.test", "tel:+1", "<>"],
        tls,
        context,
      ),
    ).toEqual([]);
  });
});
