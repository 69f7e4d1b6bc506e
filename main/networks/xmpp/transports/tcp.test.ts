import { afterEach, beforeAll, expect, it } from "vitest";
import type { Transport } from "../stream/transport.ts";
import { createTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { type ScriptedServer, startScriptedServer } from "../testing/scripted-server.ts";
import { connectTcpTransport } from "./tcp.ts";

let certificate: TestCertificate;
let server: ScriptedServer | undefined;
beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
afterEach(async () => {
  await server?.stop();
});

function connect(port: number): Promise<Transport> {
  return connectTcpTransport({
    endpoint: { host: "127.0.0.1", port, transport: "direct-tls" },
    domain: "example.test",
    to: "example.test",
    tls: { ca: [certificate.pem], minVersion: "TLSv1.2", pins: [], mayHave: () => true },
    lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
    signal: AbortSignal.timeout(10_000),
  });
}

it.each([
  [
    "a root that is no stream",
    "<stream:frame xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='example.test' version='1.0'>",
  ],
  [
    "a root of another namespace",
    "<stream:stream xmlns='jabber:client' xmlns:stream='urn:example:streams' from='example.test' version='1.0'>",
  ],
])("takes nothing from under %s, inside TLS too", async (_, root) => {
  server = await startScriptedServer({ certificate, direct: true });
  const transport = await connect(server.port);
  const told: string[] = [];
  const error = await new Promise<unknown>((resolve) => {
    transport.listen({ opened: () => told.push("opened"), element: ({ name }) => told.push(name), closed: resolve });
    // Opening makes the parser; what the server says of its own comes later.
    transport.open();
    server?.client.write(`${root}<stream:features/><message/>`);
  });
  expect(error).toMatchObject({ code: "protocol-error" });
  expect(told).toEqual([]);
  expect(await refusedSending(transport)).toMatchObject({ code: "offline" });
});

function refusedSending(transport: Transport): Promise<Error | undefined> {
  return new Promise((resolve) => {
    transport.send("<presence/>", resolve);
  });
}

it("ends in good order: says so once, and nothing behind it", async () => {
  server = await startScriptedServer({ certificate, direct: true });
  const transport = await connect(server.port);
  const closed: unknown[] = [];
  const ended = new Promise<void>((resolve) => {
    transport.listen({
      opened: () => undefined,
      element: () => {
        transport.end();
        transport.end();
      },
      closed: (error) => {
        closed.push(error);
        resolve();
      },
    });
  });
  transport.open();
  await ended;
  expect(await refusedSending(transport)).toMatchObject({ code: "offline" });
  await server.client.closed;
  expect(closed).toEqual([undefined]);
});

it("says goodbye once where it ends and is destroyed before the other side has answered", async () => {
  server = await startScriptedServer({ certificate, direct: true });
  const transport = await connect(server.port);
  transport.listen({ opened: () => undefined, element: () => undefined, closed: () => undefined });
  const { client } = server;
  let heard = "";
  client.tls?.on("data", (chunk: Buffer) => {
    heard += chunk.toString();
  });
  transport.open();
  await expect.poll(() => heard).toContain("<stream:stream");
  transport.end();
  transport.destroy();
  expect(await refusedSending(transport)).toMatchObject({ code: "offline" });
  await client.closed;
  expect(heard.split("</stream:stream>")).toHaveLength(2);
});

it("tells of every part of an element that takes long", async () => {
  server = await startScriptedServer({ certificate, direct: true });
  const transport = await connect(server.port);
  const parts = await new Promise<readonly string[]>((resolve) => {
    const heard: string[] = [];
    let features = false;
    transport.listen({
      opened: () => undefined,
      heard: () => {
        if (!features) return;
        heard.push("part");
        if (heard.length === 1) server?.client.write("<body>long</body></message>");
      },
      element: ({ name }) => {
        if (name === "message") return resolve([...heard, "whole"]);
        features = true;
        server?.client.write("<message>");
      },
      closed: () => resolve(heard),
    });
    transport.open();
  });
  transport.destroy();
  expect(parts).toEqual(["part", "part", "whole"]);
});
