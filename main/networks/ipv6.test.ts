import { type AddressInfo, connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { openClient as openSipClient } from "./simple/testing/client.ts";
import { friendly, startScriptedServer as startSipServer } from "./simple/testing/scripted-server.ts";
import { createTestCertificate } from "./xmpp/testing/certificate.ts";
import { openTestClient } from "./xmpp/testing/client.ts";
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

// Where the system has no IPv6 at all there is nothing to connect to; how addresses are read is tested in
// host-port.test.ts.
describe.skipIf(!hasIpv6)("a server at an IPv6 address", () => {
  it.each(forms)("is reached over XMPP as %s (with port: %s)", async (host, withPort) => {
    const certificate = createTestCertificate("example.test");
    const script = await startXmppServer({ certificate });
    const port = await atIpv6(script.port);
    const client = openTestClient({
      ...(withPort ? { host: `${host}:${port}` } : { host, port }),
      transport: "starttls",
      caPem: certificate.pem,
    });
    endings.push(script.stop, () => client.connection.close());
    const { endpoint } = await client.connection.connect({ availability: "available" }, new AbortController().signal);
    expect(endpoint).toMatchObject({ host: "::1", port });
  });

  it.each(forms)("is reached over SIP as %s (with port: %s), with brackets in what is sent", async (host, withPort) => {
    const server = await startSipServer();
    const port = await atIpv6(server.port);
    server.script = friendly;
    const client = openSipClient(
      { ...(withPort ? { host: `${host}:${port}` } : { host, port }), transport: "tcp" },
      undefined,
      { allowCleartext: () => true },
    );
    endings.push(
      () => server.close(),
      () => client.connection.close(),
    );
    await client.signIn();
    const register = server.received.find((m) => m.kind === "request" && m.method === "REGISTER");
    expect(register?.headers.get("via")).toMatch(/^SIP\/2\.0\/TCP \[::1\]/);
    expect(register?.headers.get("contact")).toMatch(/^<?sip:[^@]+@\[::1\]:\d+/);
  });
});
