import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { HallwayError } from "../../../../shared/errors.ts";
import type { ServerSettings } from "../../../../shared/model/account.ts";
import { noRules } from "../../connection-rules.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import { createTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { openTestClient, testEnvironment } from "../testing/client.ts";
import { type ScriptOptions, startScriptedServer } from "../testing/scripted-server.ts";
import { redirected } from "./see-other.ts";

let certificate: TestCertificate;
const endings: (() => unknown)[] = [];
beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const nsStreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";
const seeOther = (target: string) =>
  `<stream:error><see-other-host xmlns='${nsStreamErrors}'>${target}</see-other-host></stream:error></stream:stream>`;

async function server(options: ScriptOptions = {}) {
  const script = await startScriptedServer({ certificate, ...options });
  endings.push(() => script.stop());
  return script;
}

/** Sends everybody on before anything is encrypted. */
async function sender(target: () => string): Promise<{ readonly port: number; readonly asked: () => number }> {
  let asked = 0;
  const listening = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      asked += 1;
      socket.end(
        `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s' from='example.test' version='1.0'>${seeOther(target())}`,
      );
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  endings.push(() => listening.close());
  return { port: (listening.address() as AddressInfo).port, asked: () => asked };
}

function open(port: number, settings: ServerSettings = {}, environment?: NetworkEnvironment) {
  const client = openTestClient(
    { host: "127.0.0.1", port, transport: "starttls", caPem: certificate.pem, ...settings },
    environment,
  );
  endings.push(() => client.connection.close());
  return client;
}
const connect = (client: ReturnType<typeof open>) =>
  client.connection.connect({ availability: "available" }, new AbortController().signal);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "signed in",
    (error: unknown) => (error instanceof HallwayError ? error.code : String(error)),
  );

describe("a server that sends us to another", () => {
  it("is followed before encryption, to where the certificate is for the account's domain", async () => {
    const there = await server();
    const client = open((await sender(() => `127.0.0.1:${there.port}`)).port);
    expect((await connect(client)).endpoint).toMatchObject({
      host: "127.0.0.1",
      port: there.port,
      transport: "starttls",
    });
  });

  it.each(["direct", "starttls"] as const)("is followed within an encrypted stream (%s)", async (kind) => {
    const direct = kind === "direct";
    const there = await server({ direct });
    const here = await server({ direct, sasl: () => seeOther(`127.0.0.1:${there.port}`) });
    expect((await connect(open(here.port, { transport: direct ? "direct-tls" : "starttls" }))).endpoint.port).toBe(
      there.port,
    );
  });

  it("is followed at the next sign-in when it says so later", async () => {
    const [here, there] = [await server(), await server()];
    const client = open(here.port);
    await connect(client);
    here.client.write(seeOther(`127.0.0.1:${there.port}`));
    await client.until("connection-lost");
    expect((await connect(client)).endpoint.port).toBe(there.port);
  });

  it("is followed from one to the next", async () => {
    const there = await server();
    const second = await sender(() => `127.0.0.1:${there.port}`);
    const first = await sender(() => `127.0.0.1:${second.port}`);
    expect(await codeOf(connect(open(first.port)))).toBe("signed in");
  });

  it("is not followed to a server that is somebody else, or that does not encrypt", async () => {
    const stranger = createTestCertificate("other.test");
    const other = await server({ certificate: stranger });
    const first = await sender(() => `127.0.0.1:${other.port}`);
    expect(await codeOf(connect(open(first.port)))).toBe("certificate-untrusted");
    expect(await codeOf(connect(open(first.port, { caPem: stranger.pem })))).toBe("certificate-wrong-name");
    const clear = await startScriptedServer({});
    endings.push(() => clear.stop());
    expect(await codeOf(connect(open((await sender(() => `127.0.0.1:${clear.port}`)).port)))).toBe("tls-required");
  });

  it("is not followed in circles, nor for ever", async () => {
    const circle: { readonly port: number; readonly asked: () => number } = await sender(
      () => `127.0.0.1:${circle.port}`,
    );
    expect(await codeOf(connect(open(circle.port)))).toBe("server-error");
    expect(circle.asked()).toBe(1);
    const chain: Awaited<ReturnType<typeof sender>>[] = [];
    for (let i = 0; i < 12; i += 1) chain.push(await sender(() => `127.0.0.1:${chain[i + 1]?.port ?? 1}`));
    expect(await codeOf(connect(open(chain[0]?.port ?? 0)))).toBe("server-error");
    expect(chain.filter((one) => one.asked() > 0).length).toBeLessThanOrEqual(5);
  });

  it("is not followed where the organization lets nobody connect", async () => {
    const there = await server();
    const rules = {
      ...noRules,
      host: (host: string) =>
        host === "localhost"
          ? { code: "blocked-by-policy" as const, params: { setting: "AllowedServers" } }
          : undefined,
    };
    const first = await sender(() => `localhost:${there.port}`);
    expect(await codeOf(connect(open(first.port, {}, testEnvironment({ rules }))))).toBe("blocked-by-policy");
    expect(there.clients).toHaveLength(0);
  });

  it.each(["", "a b", "http://x.test/", "[::1"])("means nothing with %j", async (target) => {
    expect(await codeOf(connect(open((await sender(() => target)).port)))).toBe("server-error");
  });
});

const nsFraming = "urn:ietf:params:xml:ns:xmpp-framing";
const closing = (target: string) => `<close xmlns='${nsFraming}' see-other-uri='${target}'/>`;

/**
 * A server over WebSocket that lets everybody in. `target`: it sends everybody there instead, before or behind its
 * `<open/>`.
 */
async function webSocketServer(
  options: { readonly target?: () => string; readonly opens?: boolean; readonly proof?: TestCertificate } = {},
) {
  const { target, opens = true, proof = certificate } = options;
  const asked: string[] = [];
  const clients: WebSocket[] = [];
  const http = createHttpsServer({ key: proof.key, cert: proof.pem });
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => "xmpp" });
  sockets.on("connection", (socket, { url = "" }) => {
    asked.push(url);
    clients.push(socket);
    let isKnown = false;
    socket.on("message", (data) => {
      const text = String(data);
      const id = /<iq[^>]* id="([^"]*)"/.exec(text)?.[1];
      if (text.startsWith("<open")) {
        if (opens) socket.send(`<open xmlns='${nsFraming}' id='s' from='example.test' version='1.0'/>`);
        if (target) socket.send(closing(target()));
        else
          socket.send(
            `<stream:features xmlns:stream='http://etherx.jabber.org/streams'>${
              isKnown
                ? "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                : "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>"
            }</stream:features>`,
          );
      } else if (text.startsWith("<auth")) {
        isKnown = true;
        socket.send("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
      } else if (id !== undefined)
        socket.send(
          `<iq xmlns='jabber:client' type='result' id='${id}'>${
            text.includes("xmpp-bind")
              ? "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>alice@example.test/x</jid></bind>"
              : ""
          }</iq>`,
        );
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  endings.push(() => {
    for (const client of sockets.clients) client.terminate();
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return { port, url: `wss://127.0.0.1:${port}/there?a=b`, asked, clients };
}

describe("a server that sends us to another WebSocket (RFC 7395 section 3.6.1)", () => {
  const webSocket = { transport: "websocket", path: "/here" } as const;

  it.each([true, false])("is followed during sign-in (after its own <open/>: %s)", async (opens) => {
    const there = await webSocketServer();
    const here = await webSocketServer({ target: () => there.url, opens });
    expect((await connect(open(here.port, webSocket))).endpoint).toMatchObject({
      host: "127.0.0.1",
      port: there.port,
      transport: "websocket",
      url: "/there?a=b",
    });
    expect([here.asked, there.asked]).toEqual([["/here"], ["/there?a=b"]]);
  });

  it("is followed at the next sign-in when it says so later", async () => {
    const [here, there] = [await webSocketServer(), await webSocketServer()];
    const client = open(here.port, webSocket);
    await connect(client);
    here.clients[0]?.send(closing(there.url));
    await client.until("connection-lost");
    expect((await connect(client)).endpoint.port).toBe(there.port);
  });

  it("is not followed to a server that is somebody else, in clear, with a password, or in circles", async () => {
    const stranger = createTestCertificate("other.test");
    const other = await webSocketServer({ proof: stranger });
    const sends = async (target: string) => (await webSocketServer({ target: () => target })).port;
    expect(await codeOf(connect(open(await sends(other.url), webSocket)))).toBe("certificate-untrusted");
    const trusting = { ...webSocket, caPem: `${certificate.pem}${stranger.pem}` };
    expect(await codeOf(connect(open(await sends(other.url), trusting)))).toBe("certificate-wrong-name");
    expect(other.asked).toEqual([]);
    const there = await webSocketServer();
    for (const target of [
      there.url.replace("wss:", "ws:"),
      there.url.replace("wss://", "wss://me:secret@"),
      there.url.replace("wss:", "https:"),
      `127.0.0.1:${there.port}`,
    ])
      expect(await codeOf(connect(open(await sends(target), webSocket)))).toBe("server-error");
    expect(there.asked).toEqual([]);
    const circle: Awaited<ReturnType<typeof webSocketServer>> = await webSocketServer({
      target: () => `wss://127.0.0.1:${circle.port}/here`,
    });
    expect(await codeOf(connect(open(circle.port, webSocket)))).toBe("server-error");
    expect(circle.asked).toEqual(["/here"]);
  });

  it("is not followed where the organization lets nobody connect", async () => {
    const there = await webSocketServer();
    const here = await webSocketServer({ target: () => there.url.replace("127.0.0.1", "localhost") });
    const host = (name: string) =>
      name === "localhost" ? { code: "blocked-by-policy" as const, params: { setting: "AllowedServers" } } : undefined;
    const environment = testEnvironment({ rules: { ...noRules, host } });
    expect(await codeOf(connect(open(here.port, webSocket, environment)))).toBe("blocked-by-policy");
    expect(there.asked).toEqual([]);
  });
});

describe("where it sends us", () => {
  const starttls = { host: "a.test", port: 5333, transport: "starttls" } as const;
  const socket = { host: "a.test", port: 443, transport: "websocket", url: "/ws" } as const;
  it.each([
    [starttls, "b.test", { host: "b.test", port: 5222, transport: "starttls" }],
    [starttls, "[2001:41D0:1:A49b::1]:9222", { host: "2001:41d0:1:a49b::1", port: 9222, transport: "starttls" }],
    [starttls, "2001:41d0::1", { host: "2001:41d0::1", port: 5222, transport: "starttls" }],
    [{ ...starttls, transport: "direct-tls" }, "b.test", { host: "b.test", port: 5333, transport: "direct-tls" }],
    [socket, "wss://b.test:5281/x?y", { host: "b.test", port: 5281, transport: "websocket", url: "/x?y" }],
    [socket, "wss://[2001:db8::1]/x", { host: "2001:db8::1", port: 443, transport: "websocket", url: "/x" }],
    [socket, "ws://b.test/x", undefined],
    [socket, "wss://me:secret@b.test/x", undefined],
    [socket, "b.test", undefined],
  ] as const)("%j, %s", (from, target, to) => expect(redirected(from, target)).toEqual(to));
});
