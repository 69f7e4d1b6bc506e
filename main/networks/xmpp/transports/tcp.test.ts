import { afterEach, beforeAll, expect, it } from "vitest";
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

it("tells of every part of an element that takes long", async () => {
  server = await startScriptedServer({ certificate, direct: true });
  const { port } = server;
  const transport = await connectTcpTransport({
    endpoint: { host: "127.0.0.1", port, transport: "direct-tls" },
    domain: "example.test",
    to: "example.test",
    tls: { ca: [certificate.pem], minVersion: "TLSv1.2", pins: [], mayHave: () => true },
    lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
    signal: AbortSignal.timeout(10_000),
  });
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
