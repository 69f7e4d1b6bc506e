import { afterAll, beforeAll, expect, it } from "vitest";
import { befriend, openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import { freely } from "../../main/networks/proxy/testing/test-proxy.ts";
import { createRoutedDns, createTunnel, type TunnelOptions } from "../../main/networks/proxy/tunnel.ts";
import type { ServerSettings } from "../../shared/model/account.ts";
import { startProxyServer } from "../servers/proxies.ts";
import { type SimpleServers, startSimpleServers } from "./simple-servers.ts";
import { noDns } from "./xmpp-stage.ts";

let servers: SimpleServers;
const clients: TestClient[] = [];

beforeAll(async () => {
  servers = await startSimpleServers();
});
afterAll(async () => {
  for (const client of clients) client.connection.close();
  await servers.stop();
});

it.each(["http", "socks5"] as const)(
  "a real %s proxy carries SIP over TLS to a real server, which only it can find",
  async (kind) => {
    const { harness } = servers;
    const proxy = await startProxyServer(kind);
    try {
      const choose: TunnelOptions["choose"] = () => ({ mode: "fixed", url: `${kind}://127.0.0.1:${proxy.port}` });
      const way: ServerSettings = { ...harness.settings("good"), host: "localhost" };
      const open = async (settings = way, over = {}): Promise<TestClient> => {
        const client = openClient(harness, await harness.newAccount(), settings, undefined, over);
        clients.push(client);
        return client;
      };
      const direct = await open(way, { dns: noDns });
      await expect(direct.signIn()).rejects.toMatchObject({ code: "unknown-host" });
      const alice = await open(way, {
        dns: createRoutedDns(noDns, choose),
        tunnel: createTunnel({ choose, find: async () => undefined, trust: () => freely }),
      });
      const bob = await open(harness.settings("good"));
      await Promise.all([alice.signIn(), bob.signIn()]);
      await befriend(alice, bob);
      const [there, back] = [
        await alice.say(bob.address, "through the proxy"),
        await bob.say(alice.address, "and back"),
      ];
      await bob.message(({ id }) => id === there);
      await alice.message(({ id }) => id === back);
      await proxy.stop();
      await alice.event("connection-lost");
      await expect(alice.signIn()).rejects.toMatchObject({ code: "proxy-failed" });
    } finally {
      await proxy.stop().catch(() => undefined);
    }
  },
);
