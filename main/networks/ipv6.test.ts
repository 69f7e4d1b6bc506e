import { type AddressInfo, connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import type { Tunnel } from "./environment.ts";
import { openClient as openSipClient } from "./simple/testing/client.ts";
import { friendly, startScriptedServer as startSipServer } from "./simple/testing/scripted-server.ts";
import { createTestCertificate } from "./xmpp/testing/certificate.ts";
import { openTestClient, testEnvironment } from "./xmpp/testing/client.ts";
import { startScriptedServer as startXmppServer } from "./xmpp/testing/scripted-server.ts";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A way to a port of 127.0.0.1 at ::1. */
async function atIpv6(port: number): Promise<number> {
  const door = createServer((socket) => {
    const inner = connect(port, "127.0.0.1");
    for (const one of [socket, inner]) one.on("error", () => undefined);
    socket.on("close", () => inner.destroy());
    inner.on("close", () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
  await new Promise<void>((resolve) => door.listen(0, "::1", resolve));
  endings.push(() => door.close());
  return (door.address() as AddressInfo).port;
}
/** A way out that takes every target to 127.0.0.1, and whom it was asked for. */
function proxy() {
  const asked: { readonly host: string; readonly port: number }[] = [];
  const tunnel: Tunnel = async ({ host, port }) => {
    asked.push({ host, port });
    const socket = connect(port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  };
  return { asked, tunnel };
}

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);
/** How people write the address, with and without the port. */
const forms = [
  ["::1", false],
  ["[::1]", false],
  ["0:0:0:0:0:0:0:1", false],
  ["[::1]", true],
] as const;

// Without ::1 nothing can listen there; what is dialled is seen at a proxy all the same.
if (!hasIpv6) console.warn("ipv6.test.ts: this system has no ::1, so servers at it are reached through a proxy alone.");
const cases = forms.flatMap(([host, withPort]) =>
  (hasIpv6 ? (["directly", "through a proxy"] as const) : (["through a proxy"] as const)).map(
    (way) => [host, withPort, way] as const,
  ),
);

describe("a server at an IPv6 address", () => {
  it.each(cases)("is reached over XMPP as %s (with port: %s), %s", async (host, withPort, way) => {
    const certificate = createTestCertificate("example.test");
    const script = await startXmppServer({ certificate });
    const port = way === "directly" ? await atIpv6(script.port) : script.port;
    const { asked, tunnel } = proxy();
    const client = openTestClient(
      {
        ...(withPort ? { host: `${host}:${port}` } : { host, port }),
        transport: "starttls",
        caPem: certificate.pem,
      },
      testEnvironment(way === "directly" ? {} : { tunnel }),
    );
    endings.push(script.stop, () => client.connection.close());
    const { endpoint } = await client.connection.connect({ availability: "available" }, new AbortController().signal);
    expect(endpoint).toMatchObject({ host: "::1", port });
    expect(asked).toEqual(way === "directly" ? [] : [{ host: "::1", port }]);
  });

  it.each(cases)("is reached over SIP as %s (with port: %s), %s", async (host, withPort, way) => {
    const server = await startSipServer();
    const port = way === "directly" ? await atIpv6(server.port) : server.port;
    const { asked, tunnel } = proxy();
    server.script = friendly;
    const client = openSipClient(
      { ...(withPort ? { host: `${host}:${port}` } : { host, port }), transport: "tcp" },
      undefined,
      { allowCleartext: () => true, ...(way === "directly" ? {} : { tunnel }) },
    );
    endings.push(
      () => server.close(),
      () => client.connection.close(),
    );
    await client.signIn();
    const register = server.received.find((m) => m.kind === "request" && m.method === "REGISTER");
    expect(asked).toEqual(way === "directly" ? [] : [{ host: "::1", port }]);
    // Brackets in what is sent, where the own address is one that needs them.
    const own = way === "directly" ? "\\[::1\\]" : "127\\.0\\.0\\.1";
    expect(register?.headers.get("via")).toMatch(new RegExp(`^SIP/2\\.0/TCP ${own}`));
    expect(register?.headers.get("contact")).toMatch(new RegExp(`^<?sip:[^@]+@${own}:\\d+`));
  });
});
