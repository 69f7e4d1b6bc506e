import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startTestProxy, type TestProxy } from "../networks/proxy/testing/test-proxy.ts";
import { createTestCertificate, type TestCertificate } from "../networks/xmpp/testing/certificate.ts";
import { type ScriptedServer, startScriptedServer } from "../networks/xmpp/testing/scripted-server.ts";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

let certificate: TestCertificate;
let testApp: OpenTestApp;
let server: ScriptedServer;
let proxies: TestProxy[];

beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
beforeEach(async () => {
  testApp = await openTestApp();
  server = await startScriptedServer({ certificate });
  proxies = [await startTestProxy("http"), await startTestProxy("socks5")];
});
afterEach(async () => {
  await testApp.close();
  await server.stop();
  for (const proxy of proxies) await proxy.stop();
});

const add = (host: string, protocol: "xmpp" | "simple" = "xmpp") =>
  testApp.request("accounts.add", {
    address: "alice@example.test",
    password: "secret",
    protocol,
    server: { host, port: server.port, caPem: certificate.pem },
  });
const refusal = { code: "blocked-by-policy", params: { setting: "ProxySettings" } };

/** A connection of this number was made, and the account is there over it. */
async function there(count: number): Promise<void> {
  await vi.waitFor(() => expect(server.clients).toHaveLength(count));
  await server.client.until(({ name }) => name === "presence");
  await testApp.untilAccount({ state: "online" });
}

it("a connection goes through the proxy that policy names, and through nothing else, from the moment policy says so", async () => {
  await add("127.0.0.1");
  await there(1);
  const targets = () => proxies.map((proxy) => proxy.targets.length);
  const target = `127.0.0.1:${server.port}`;
  await testApp.policy({ ProxySettings: { mode: "fixed", url: proxies[0]?.url } });
  await there(2);
  expect(proxies.map((proxy) => [...proxy.targets])).toEqual([[target], []]);
  await testApp.policy({ ProxySettings: { mode: "fixed", url: proxies[1]?.url } });
  await there(3);
  expect(proxies.map((proxy) => [...proxy.targets])).toEqual([[target], [target]]);
  await testApp.policy({ ProxySettings: { mode: "fixed", url: proxies[1]?.url, bypass: ["127.0.0.1"] } });
  await there(4);
  await testApp.policy({ ProxySettings: { mode: "direct" } });
  await there(5);
  expect(targets()).toEqual([1, 1]);
  for (const settings of [
    { mode: "blocked" },
    { mode: "script", url: "https://wpad.example/proxy.pac" },
    { mode: "fixed", url: "ftp://proxy.example" },
  ]) {
    await testApp.policy({ ProxySettings: settings });
    await testApp.untilAccount({ state: "failed", error: refusal });
  }
  expect(server.clients).toHaveLength(5);
  await testApp.policy(undefined);
  await there(6);
});

it("a proxy that says no or is gone is told, and not gone around", async () => {
  await testApp.policy({ ProxySettings: { mode: "fixed", url: proxies[0]?.url } });
  proxies[0]?.refuse();
  await expect(add("127.0.0.1")).rejects.toMatchObject({
    code: "proxy-refused",
    params: { proxy: "127.0.0.1", host: "127.0.0.1" },
  });
  await expect(add("127.0.0.1", "simple")).rejects.toMatchObject({ code: "proxy-refused" });
  await proxies[0]?.stop();
  await expect(add("127.0.0.1")).rejects.toMatchObject({ code: "proxy-failed", params: { proxy: "127.0.0.1" } });
  expect(server.clients).toHaveLength(0);
});

it("a server's name is the proxy's to resolve", async () => {
  await expect(add("chat.example.test")).rejects.toMatchObject({ code: "unknown-host" });
  await testApp.policy({ ProxySettings: { mode: "fixed", url: proxies[1]?.url } });
  await add("chat.example.test");
  await there(1);
  expect(proxies[1]?.targets).toEqual([`chat.example.test:${server.port}`]);
});
