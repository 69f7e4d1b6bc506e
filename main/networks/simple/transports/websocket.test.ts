import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { openClient, type TestClient, testEnvironment } from "../testing/client.ts";
import { connectWebSocket } from "./websocket.ts";

let folder = "";
let server: https.Server;
let sockets: WebSocketServer;
let port = 0;
let subprotocol: string | false = "sip";
let answer: (text: string, socket: WebSocket) => void;
let client: TestClient;

/** A certificate for a name, which is its own authority. */
function certificate(name: string): { cert: string; key: string } {
  const at = (ending: string): string => join(folder, `${name}.${ending}`);
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      "-addext",
      `subjectAltName=DNS:${name}`,
      "-keyout",
      at("key"),
      "-out",
      at("crt"),
    ],
    { stdio: "ignore" },
  );
  return { cert: readFileSync(at("crt"), "utf8"), key: readFileSync(at("key"), "utf8") };
}

let good: { cert: string; key: string };
let other: { cert: string; key: string };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hallway-wss-"));
  good = certificate("example.test");
  other = certificate("other.test");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(with_: { cert: string; key: string }): Promise<void> {
  server = https.createServer(with_);
  sockets = new WebSocketServer({ server, handleProtocols: () => subprotocol });
  sockets.on("connection", (socket) => socket.on("message", (data) => answer(String(data), socket)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
  client = openClient({ host: "127.0.0.1", port, transport: "websocket", caPem: with_.cert });
}

beforeEach(() => {
  subprotocol = "sip";
  answer = (text, socket) => {
    if (text.startsWith("SIP/2.0")) return;
    const header = (name: string): string => new RegExp(`^${name}: (.*)$`, "im").exec(text)?.[1]?.trim() ?? "";
    socket.send(
      `SIP/2.0 200 OK\r\nVia: ${header("Via")}\r\nFrom: ${header("From")}\r\nTo: ${header("To")};tag=1\r\nCall-ID: ${header("Call-ID")}\r\nCSeq: ${header("CSeq")}\r\nContact: ${header("Contact")}\r\nContent-Length: 0\r\n\r\n`,
    );
  };
});
afterEach(async () => {
  client.connection.close();
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
});

describe("SIP over a secure WebSocket (RFC 7118)", () => {
  it("signs in, receives and lives", async () => {
    await start(good);
    const seen: string[] = [];
    const friendly = answer;
    answer = (text, socket) => {
      seen.push(text);
      friendly(text, socket);
    };
    await client.signIn();
    expect(seen[0]).toMatch(/^REGISTER sip:example\.test SIP\/2\.0\r\nVia: SIP\/2\.0\/WSS /);
    const contact = /Contact: <([^>]+)>/.exec(seen[0] ?? "")?.[1] ?? "";
    expect(contact).toContain(";transport=ws");
    for (const socket of sockets.clients)
      socket.send(
        `MESSAGE ${contact} SIP/2.0\r\nVia: SIP/2.0/WSS h;branch=z9hG4bK1\r\nFrom: <sip:bob@example.test>;tag=1\r\nTo: <sip:alice@example.test>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n\r\nhi ✓`,
      );
    expect((await client.event("message")).message.body).toBe("hi ✓");
    client.connection.check();
    const odd = ["nonsense", "odd", "\r\n\r\n\r\n"];
    for (const socket of sockets.clients) for (const text of odd) socket.send(text);
    await expect.poll(() => client.events.filter(({ type }) => type === "refused")).toHaveLength(3);
    for (const socket of sockets.clients) socket.terminate();
    expect((await client.event("connection-lost")).error.code).toBe("connection-lost");
  });

  it.each([
    ["ws.example.test", "ws.example.test"],
    ["127.0.0.1", "example.test"],
  ])("asks %s for %s, in TLS and in HTTP, and takes the domain's certificate", async (host, name) => {
    await start(good);
    const asked: unknown[] = [];
    server.on("upgrade", (request) =>
      asked.push(request.socket instanceof TLSSocket && request.socket.servername, request.headers.host),
    );
    const { dns } = testEnvironment();
    const lookup = async () => [{ address: "127.0.0.1", family: 4 as const }];
    client = openClient({ host, port, transport: "websocket", path: "/ws", caPem: good.cert }, undefined, {
      dns: { ...dns, lookup },
    });
    await client.signIn();
    expect(asked).toEqual([name, `${name}:${port}`]);
  });

  it("lives by pongs and by line ends, is dead without either, and hears nothing after its end", async () => {
    await start(good);
    let answers = true;
    const texts: string[] = [];
    const pinged: string[] = [];
    answer = (text) => texts.push(text);
    sockets.options.autoPong = false;
    sockets.on("connection", (socket) =>
      socket.on("ping", (data) => {
        pinged.push(String(data));
        if (answers) socket.pong(data);
      }),
    );
    const told: string[] = [];
    const life = new AbortController();
    const transport = await connectWebSocket(
      {
        address: "127.0.0.1",
        host: "127.0.0.1",
        port,
        path: "/",
        tunnelled: undefined,
        timeout: 10_000,
        signal: life.signal,
        trust: {
          names: ["example.test"],
          anchors: [good.cert],
          pins: [],
          mayHave: () => true,
          minVersion: "TLSv1.2",
          revocation: undefined,
        },
      },
      {
        message: () => told.push("message"),
        lost: ({ code }) => told.push(code),
        refused: () => told.push("refused"),
        astray: () => undefined,
      },
    );
    // Signing in is over: what gives that up does not end the connection.
    life.abort();
    const serverSide = [...sockets.clients][0];
    expect(await transport.ping(10_000)).toBe(true);
    answers = false;
    const byLine = transport.ping(10_000);
    serverSide?.send("\r\n");
    expect(await byLine).toBe(true);
    expect(await transport.ping(1)).toBe(false);
    serverSide?.send("\r\n\r\n");
    await expect.poll(() => texts).toEqual(["\r\n"]);
    expect(pinged).toHaveLength(3);
    const ended = new Promise((resolve) => serverSide?.once("close", resolve));
    const atTheEnd = transport.ping(10_000);
    transport.close();
    serverSide?.send("nonsense");
    expect(await atTheEnd).toBe(false);
    expect(await transport.ping(10_000)).toBe(false);
    await expect(transport.send(Buffer.from("x"))).rejects.toMatchObject({ code: "connection-lost" });
    expect(await ended).toBe(1_000);
    expect(told).toEqual([]);
  });

  it("refuses a certificate for somebody else", async () => {
    await start(other);
    await expect(client.signIn()).rejects.toMatchObject({ code: "certificate-wrong-name" });
    expect(sockets.clients.size).toBe(0);
  });

  it("refuses a server that does not speak SIP", async () => {
    subprotocol = false;
    await start(good);
    await expect(client.signIn()).rejects.toMatchObject({ code: "protocol-error" });
  });

  it("refuses what it cannot take, and goes on", async () => {
    await start(good);
    const statuses: string[] = [];
    const friendly = answer;
    answer = (text, socket) => {
      if (text.startsWith("SIP/2.0 ")) statuses.push(text.slice(8, 11));
      else friendly(text, socket);
    };
    await client.signIn();
    const say = (n: number, lines: string, body: string | Buffer): void => {
      const head = `MESSAGE sip:alice@example.test SIP/2.0\r\nVia: SIP/2.0/WSS h;branch=z9hG4bK${n}\r\nFrom: <sip:bob@example.test>;tag=1\r\nTo: <sip:alice@example.test>\r\nCall-ID: ${n}\r\nCSeq: ${n} MESSAGE\r\n${lines}Content-Type: text/plain\r\n\r\n`;
      for (const socket of sockets.clients) socket.send(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
    };
    say(1, "", Buffer.alloc(2 << 20, "x"));
    say(2, "A: b\r\n".repeat(300), "x");
    say(3, `A: ${"b".repeat(70_000)}\r\n`, "x");
    say(4, "A: b\nC: d\r\n", "x");
    say(5, "Content-Length: 3\r\n", "x");
    // A text frame that is not UTF-8.
    const latin = Buffer.from(
      'MESSAGE sip:alice@example.test SIP/2.0\r\nVia: SIP/2.0/WSS h;branch=z9hG4bK7\r\nFrom: "Jos\xe9" <sip:jose@example.test>;tag=1\r\nTo: <sip:alice@example.test>\r\nCall-ID: 7\r\nCSeq: 7 MESSAGE\r\n\r\nlatin',
      "latin1",
    );
    for (const socket of sockets.clients) socket.send(latin, { binary: false });
    await client.event("message", (e) => e.message.body === "latin");
    for (const socket of sockets.clients) socket.send("nonsense");
    say(6, "Content-Length: 4\r\nno colon\r\n", "nextbehind");
    await client.event("message", (e) => e.message.body === "next");
    await expect.poll(() => statuses).toEqual(["413", "513", "513", "400", "400", "200", "200"]);
  });

  it("lets 8 MiB wait to be written; with one byte more the server is gone", async () => {
    await start(good);
    await client.signIn();
    const waiting = vi.spyOn(WebSocket.prototype, "bufferedAmount", "get").mockReturnValue(8 << 20);
    const send = () =>
      client.connection.messages.send({
        id: randomUUID(),
        to: "bob@example.test",
        body: "still here",
        at: 1,
        wantReceipts: false,
      });
    try {
      await send();
      expect(client.events.some(({ type }) => type === "connection-lost")).toBe(false);
      waiting.mockReturnValue((8 << 20) + 1);
      await send();
      expect((await client.event("connection-lost")).error.code).toBe("connection-lost");
    } finally {
      waiting.mockRestore();
    }
  });

  it("goes on after the largest frame, and ends with one that is too large for any message", async () => {
    const most = 16 * (65_536 + (1 << 20));
    await start(good);
    await client.signIn();
    const send = (text: string): void => {
      for (const socket of sockets.clients) socket.send(text);
    };
    send("x".repeat(most));
    // It was read, and is no message.
    await client.event("refused");
    await client.connection.messages.send({
      id: randomUUID(),
      to: "bob@example.test",
      body: "still here",
      at: 1,
      wantReceipts: false,
    });
    expect(client.events.some(({ type }) => type === "connection-lost")).toBe(false);
    send("x".repeat(most + 1));
    expect((await client.event("connection-lost")).error.code).toBe("too-large");
  });
});
