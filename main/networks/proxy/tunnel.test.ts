import { X509Certificate } from "node:crypto";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { DnsResolver } from "../dns.ts";
import { keyOf } from "../server-trust.ts";
import { createTestCertificate } from "../xmpp/testing/certificate.ts";
import { freely, startTestProxy, type TestProxy } from "./testing/test-proxy.ts";
import { createRoutedDns, createTunnel, type ProxyChoice } from "./tunnel.ts";

const { signal } = new AbortController();
const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function listen(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Speaks first, at once: what it says must not be lost behind the proxy's own words. */
const greeter = () =>
  listen((socket) => {
    socket.write("hello");
    socket.pipe(socket);
  });

async function proxy(kind: "http" | "socks5"): Promise<TestProxy> {
  const started = await startTestProxy(kind);
  endings.push(started.stop);
  return started;
}

function tunnelBy(choice: ProxyChoice, find = async (): Promise<undefined> => undefined) {
  return createTunnel({ choose: () => choice, find, trust: () => freely });
}

function said(socket: Socket, length: number): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (text.length >= length) resolve(text);
    });
  });
}

describe.each(["http", "socks5"] as const)("a fixed %s proxy", (kind) => {
  it("carries bytes both ways to the host by its name, and none is lost", async () => {
    const [port, server] = [await greeter(), await proxy(kind)];
    const socket = await tunnelBy({ mode: "fixed", url: server.url })({ host: "chat.example.test", port }, signal);
    if (!socket) throw new Error("not tunnelled");
    endings.push(() => void socket.destroy());
    const all = said(socket, 9);
    socket.write("back");
    expect(await all).toBe("helloback");
    expect(server.targets).toEqual([`chat.example.test:${port}`]);
  });

  it.each([
    ["2001:db8::1", "2001:0db8:0000:0000:0000:0000:0000:0001"],
    ["[::1]", "0000:0000:0000:0000:0000:0000:0000:0001"],
    ["fe80::%eth0", "fe80:0000:0000:0000:0000:0000:0000:0000"],
    ["1:2:3:4:5:6:7:8", "0001:0002:0003:0004:0005:0006:0007:0008"],
  ])("is asked for the IPv6 address %s as such", async (host, bytes) => {
    const [port, server] = [await greeter(), await proxy(kind)];
    const socket = await tunnelBy({ mode: "fixed", url: server.url })({ host, port }, signal);
    socket?.destroy();
    expect(server.targets).toEqual([
      kind === "http" ? `[${host.replace(/[[\]]|%.*/g, "")}]:${port}` : `[${bytes}]:${port}`,
    ]);
  });

  it("that says no, is not there, ends, babbles or is silent is an error, and never a reason to go without it", async () => {
    const server = await proxy(kind);
    server.refuse();
    const target = { host: "chat.example.test", port: 5222 };
    await expect(tunnelBy({ mode: "fixed", url: server.url })(target, signal)).rejects.toMatchObject({
      code: "proxy-refused",
      params: { host: target.host },
    });
    await server.stop();
    await expect(tunnelBy({ mode: "fixed", url: server.url })(target, signal)).rejects.toMatchObject({
      code: "proxy-failed",
    });
    for (const serve of [
      (socket: Socket) => socket.end(),
      (socket: Socket) => socket.end("SSH-2.0-nothing of the kind\r\n"),
      (socket: Socket) => socket.once("data", () => socket.end(Buffer.alloc(40, 5))),
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${"y".repeat(20_000)}`),
    ]) {
      const url = `${kind}://127.0.0.1:${await listen(serve)}`;
      await expect(tunnelBy({ mode: "fixed", url })(target, signal)).rejects.toMatchObject({
        code: expect.stringMatching(/^proxy-(failed|refused)$/),
      });
    }
    const url = `${kind}://127.0.0.1:${await listen(() => undefined)}`;
    const given = new AbortController();
    const asked = tunnelBy({ mode: "fixed", url })(target, given.signal);
    given.abort();
    await expect(asked).rejects.toMatchObject({ code: "cancelled" });
  });
});

it("goes directly only where that is what was decided, and nowhere where nothing was found out", async () => {
  const target = { host: "chat.example.test", port: 5222 };
  const refusal = { code: "blocked-by-policy", params: { setting: "ProxySettings" } };
  expect(await tunnelBy({ mode: "direct" })(target, signal)).toBeUndefined();
  await expect(tunnelBy({ mode: "blocked" })(target, signal)).rejects.toMatchObject(refusal);
  await expect(tunnelBy({ mode: "script", url: "https://wpad.example/p.pac" })(target, signal)).rejects.toMatchObject(
    refusal,
  );
  await expect(
    tunnelBy({ mode: "system" }, () => Promise.reject(new Error("no desktop")))(target, signal),
  ).rejects.toMatchObject({ code: "proxy-failed" });
});

it("tries what a system names one after the other", async () => {
  const [port, server] = [await greeter(), await proxy("socks5")];
  const gone = { kind: "http", host: "127.0.0.1", port: 9, login: undefined } as const;
  const there = {
    kind: "socks5",
    host: "127.0.0.1",
    port: Number(server.url.split(":").at(-1)),
    login: undefined,
  } as const;
  const tunnel = createTunnel({
    choose: () => ({ mode: "system" }),
    find: async () => [gone, there, "direct"],
    trust: () => freely,
  });
  const socket = await tunnel({ host: "chat.example.test", port }, signal);
  socket?.destroy();
  expect(server.targets).toHaveLength(1);
});

it("names that a fixed proxy resolves are not asked about", async () => {
  const asked: string[] = [];
  const note =
    <T>(answer: T) =>
    async (name: string): Promise<T> => {
      asked.push(name);
      return answer;
    };
  const inner: DnsResolver = { resolveSrv: note([]), resolveNaptr: note([]), lookup: note([]) };
  const dns = createRoutedDns(inner, (host) =>
    host.endsWith("in.test") ? { mode: "direct" } : { mode: "fixed", url: "http://p" },
  );
  await expect(dns.resolveSrv("_xmpp-client._tcp.out.test")).rejects.toMatchObject({ code: "ENODATA" });
  await expect(dns.resolveNaptr("out.test")).rejects.toMatchObject({ code: "ENODATA" });
  await expect(dns.lookup("out.test")).rejects.toMatchObject({ code: "EPROXIED" });
  await dns.resolveSrv("_xmpp-client._tcp.in.test");
  await dns.lookup("in.test");
  expect(asked).toEqual(["_xmpp-client._tcp.in.test", "in.test"]);
});

it("a proxy over TLS has to prove itself as every other server does", async () => {
  const [plain, { key, pem }] = [await proxy("http"), createTestCertificate("localhost")];
  const secured = createTlsServer({ key, cert: pem, maxVersion: "TLSv1.2" }, (socket) => {
    const inner = connect({ host: "127.0.0.1", port: Number(plain.url.split(":").at(-1)) });
    socket.on("error", () => inner.destroy());
    inner.on("error", () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
  secured.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => {
    secured.listen(0, "127.0.0.1", resolve);
  });
  endings.push(() => void secured.close());
  const url = `https://localhost:${(secured.address() as AddressInfo).port}`;
  const target = { host: "chat.example.test", port: await greeter() };
  const through = async (
    trust: Partial<Parameters<typeof createTunnel>[0]["trust"] extends () => infer T ? T : never>,
  ): Promise<boolean> => {
    const tunnel = createTunnel({
      choose: () => ({ mode: "fixed", url }),
      find: async () => undefined,
      trust: () => ({ ...freely, anchors: [pem], ...trust }),
    });
    const socket = await tunnel(target, signal);
    socket?.destroy();
    return socket !== undefined;
  };
  for (const trust of [{ anchors: [] }, { minVersion: "TLSv1.3" as const }, { mayHave: () => false }])
    await expect(through(trust)).rejects.toMatchObject({ code: "proxy-failed", params: { proxy: "localhost" } });
  expect(plain.targets).toEqual([]);
  expect(
    await through({ mayHave: (host, found) => host === "localhost" && found === keyOf(new X509Certificate(pem)) }),
  ).toBe(true);
});
