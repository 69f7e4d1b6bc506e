import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import type { Element } from "@xmpp/xml";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { HallwayError } from "../../../../shared/errors.ts";
import { findWebSockets } from "../stream/host-meta.ts";
import type { Transport, TransportOptions } from "../stream/transport.ts";
import { createTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { lossOf } from "../xml/element.ts";
import { connectWebSocketTransport } from "./websocket.ts";

let certificate: TestCertificate;
let cleanups: (() => unknown)[] = [];
beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
afterEach(async () => {
  const all = cleanups.reverse();
  cleanups = [];
  for (const clean of all) await clean();
});

interface Served {
  readonly port: number;
  /** The server's end of the next connection. */
  readonly accepted: Promise<WebSocket>;
}

/** `asked`: told the names that a client asks for, in TLS and in HTTP. */
async function serve(
  pages: Readonly<Record<string, string>> = {},
  protocol = "xmpp",
  asked: (name: string | undefined) => void = () => undefined,
): Promise<Served> {
  const server = createServer({ key: certificate.key, cert: certificate.pem }, (request, response) => {
    const page = pages[request.url ?? ""];
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  const sockets = new WebSocketServer({ server, handleProtocols: () => protocol });
  server.on("upgrade", (request) => {
    asked(
      request.socket instanceof TLSSocket && typeof request.socket.servername === "string"
        ? request.socket.servername
        : undefined,
    );
    asked(request.headers.host);
  });
  const accepted = new Promise<WebSocket>((resolve) => sockets.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, accepted };
}

const options = (port: number, over: Partial<TransportOptions> = {}): TransportOptions => ({
  endpoint: { host: "127.0.0.1", port, transport: "websocket", url: "/ws" },
  domain: "example.test",
  to: "example.test",
  tls: { ca: [certificate.pem], minVersion: "TLSv1.2", pins: [], mayHave: () => true },
  lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
  signal: new AbortController().signal,
  ...over,
});

async function open(): Promise<{
  transport: Transport;
  peer: WebSocket;
  said: string[];
  closed: Promise<HallwayError | undefined>;
}> {
  const served = await serve();
  const transport = await connectWebSocketTransport(options(served.port));
  const said: string[] = [];
  const closed = new Promise<HallwayError | undefined>((resolve) => {
    transport.listen({
      opened: (e) => said.push(`open ${e.attrs["id"]}`),
      element: (e) => said.push(e.toString()),
      closed: resolve,
    });
  });
  cleanups.push(() => transport.destroy());
  return { transport, peer: await served.accepted, said, closed };
}

const next = (peer: WebSocket) =>
  new Promise<string>((resolve) => peer.once("message", (data) => resolve(data.toString())));

it("asks for the host of the URL, in TLS and in HTTP, and takes the domain's certificate", async () => {
  const asked: unknown[] = [];
  const { port, accepted } = await serve({}, "xmpp", (name) => asked.push(name));
  const transport = await connectWebSocketTransport(
    options(port, { endpoint: { host: "web.example.test", port, transport: "websocket", url: "/ws" } }),
  );
  cleanups.push(() => transport.destroy());
  await accepted;
  expect(asked).toEqual(["web.example.test", `web.example.test:${port}`]);
});

it("tells of every part of a frame that takes long", async () => {
  const { transport, peer } = await open();
  const parts = await new Promise<readonly string[]>((resolve) => {
    const heard: string[] = [];
    transport.listen({
      opened: () => undefined,
      heard: () => {
        heard.push("part");
        if (heard.length === 1) peer.send("<body>long</body></message>", { fin: true });
      },
      element: () => resolve([...heard, "whole"]),
      closed: () => resolve(heard),
    });
    peer.send("<message>", { fin: false });
  });
  expect(parts).toEqual(["part", "whole"]);
});

it("frames as RFC 7395 has it, both ways", async () => {
  const { transport, peer, said, closed } = await open();
  const first = next(peer);
  transport.open();
  expect(await first).toBe("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0' to='example.test'/>");
  const second = next(peer);
  transport.send("<presence/>");
  expect(await second).toBe('<presence xmlns="jabber:client"/>');
  peer.send("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='1'/>");
  peer.send(" ");
  peer.send("<message xmlns='jabber:client'><body>€</body></message>");
  peer.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
  expect((await closed)?.code).toBe("connection-lost");
  expect(said).toEqual(["open 1", '<message xmlns="jabber:client"><body>€</body></message>']);
});

it.each([
  ["two elements in a frame", "<a/><b/>", "protocol-error"],
  ["half an element", "<a>", "protocol-error"],
  ["text", "hello", "protocol-error"],
  ["a declaration", "<?xml version='1.0'?><a/>", "protocol-error"],
  ["an end that is not its own", "</frame>", "protocol-error"],
  ["bytes that are no text", Buffer.from([0x3c, 0x61, 0xff, 0x2f, 0x3e]), "protocol-error"],
])("ends at %s", async (_, frame, code) => {
  const { peer, closed, said } = await open();
  peer.send(frame);
  expect((await closed)?.code).toBe(code);
  expect(said.length).toBeLessThan(2);
});

it("goes on after a frame that is too large, in parts, or of bytes", async () => {
  const { transport, peer } = await open();
  const said: string[] = [];
  const end = new Promise<void>((resolve) => {
    const element = (e: Element) => {
      said.push(`${e.name} ${lossOf(e) ?? "whole"} ${e.getText().length}`);
      if (e.name === "next") resolve();
    };
    transport.listen({
      opened: () => undefined,
      element,
      closed: (error) => resolve(expect(error).toBe("still open")),
    });
  });
  peer.send(`<a>${"x".repeat(1_100_000)}</a>`);
  peer.send(`<b c='${"x".repeat(2_000_000)}'>text</b>`);
  for (let i = 0; i < 30; i += 1) peer.send(i === 0 ? "<d>" : "y".repeat(50_000), { fin: false });
  peer.send("</d>", { fin: true });
  peer.send(Buffer.from("<e>é</e>"));
  peer.send("<next/>");
  await end;
  expect(said).toEqual(["a cut 1048573", "b headless 0", "d cut 1048573", "e whole 1", "next whole 0"]);
});

it("says that it was lost where the server goes without a word", async () => {
  const { transport, peer } = await open();
  const closed = new Promise<HallwayError | undefined>((resolve) => {
    transport.listen({ opened: () => undefined, element: () => undefined, closed: resolve });
  });
  peer.terminate();
  expect(await closed).toMatchObject({ code: "connection-lost", params: { host: "127.0.0.1" } });
});

it("takes messages of 48 MiB, of which it keeps what fits, and ends with a longer one", async () => {
  const most = 48 * 1024 * 1024;
  const { transport, peer } = await open();
  const heard: string[] = [];
  const ended = new Promise<HallwayError | undefined>((closed) => {
    transport.listen({
      opened: () => undefined,
      element: (e) => heard.push(`${e.name} ${lossOf(e) ?? "whole"}`),
      closed,
    });
  });
  const message = (length: number): string => `<a>${"x".repeat(length - 7)}</a>`;
  peer.send(message(most));
  peer.send("<next/>");
  await vi.waitFor(() => expect(heard).toEqual(["a cut", "next whole"]));
  peer.send(message(most + 1));
  expect((await ended)?.code).toBe("too-large");
  expect(heard).toHaveLength(2);
});

it("checks certificate, protocol and time", async () => {
  const served = await serve();
  const refused = (over: Partial<TransportOptions>) =>
    expect(connectWebSocketTransport(options(served.port, over))).rejects;
  await refused({ tls: { ca: undefined, minVersion: "TLSv1.2", pins: [], mayHave: () => true } }).toMatchObject({
    code: "certificate-untrusted",
  });
  await refused({ domain: "other.test" }).toMatchObject({ code: "certificate-wrong-name" });
  await refused({
    tls: { ca: [certificate.pem], minVersion: "TLSv1.2", pins: [`${"A".repeat(43)}=`], mayHave: () => true },
  }).toMatchObject({
    code: "certificate-pin-mismatch",
  });
  await refused({ endpoint: { host: "127.0.0.1", port: 1, transport: "websocket" } }).toMatchObject({
    code: "connection-refused",
  });
  const other = await serve({}, "chat");
  await expect(connectWebSocketTransport(options(other.port))).rejects.toBeInstanceOf(HallwayError);
  await expect(
    connectWebSocketTransport(options(served.port, { signal: AbortSignal.abort(new HallwayError("cancelled")) })),
  ).rejects.toMatchObject({
    code: "cancelled",
  });
});

it("is found through the domain's own web server", async () => {
  const link = (href: string) => ({ rel: "urn:xmpp:alt-connections:websocket", href });
  const find = async (pages: Readonly<Record<string, string>>) => {
    const { port } = await serve(pages);
    const { tls, lookup, signal } = options(port);
    return findWebSockets("example.test", { tls, lookup, port }, signal);
  };
  const json = (...hrefs: readonly string[]) => JSON.stringify({ links: hrefs.map(link) });
  expect(
    await find({
      "/.well-known/host-meta.json": json("ws://clear.test/ws", "wss://ws.test:8443/xmpp?x=1", "nonsense"),
    }),
  ).toEqual([{ host: "ws.test", port: 8443, transport: "websocket", url: "/xmpp?x=1" }]);
  expect(
    await find({
      "/.well-known/host-meta":
        "<?xml version='1.0'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='urn:xmpp:alt-connections:websocket' href='wss://ws.test/'/></XRD>",
    }),
  ).toEqual([{ host: "ws.test", port: 443, transport: "websocket", url: "/" }]);
  expect(await find({})).toEqual([]);
  expect(await find({ "/.well-known/host-meta.json": `${json("wss://ws.test/")}${" ".repeat(70_000)}` })).toEqual([]);
});
