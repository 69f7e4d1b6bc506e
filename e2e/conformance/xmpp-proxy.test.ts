import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { befriend, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Tunnel } from "../../main/networks/environment.ts";
import { freely } from "../../main/networks/proxy/testing/test-proxy.ts";
import { createRoutedDns, createTunnel, type TunnelOptions } from "../../main/networks/proxy/tunnel.ts";
import type { ServerSettings } from "../../shared/model/account.ts";
import type { ProsodyServer } from "../servers/prosody.ts";
import { type ProxyServer, startProxyServer } from "../servers/proxies.ts";
import { createXmppStage, noDns, type XmppStage } from "./xmpp-stage.ts";

let stage: XmppStage;
let server: ProsodyServer;

beforeAll(async () => {
  stage = await createXmppStage();
  server = await stage.server();
});
afterAll(() => stage.stop());

/** A name that is not known here: only the proxy, which asks the system, finds its host. */
const way = (transport: "starttls" | "direct-tls" | "websocket"): ServerSettings => ({
  host: "localhost",
  port: server.ports[({ starttls: "starttls", "direct-tls": "directTls", websocket: "https" } as const)[transport]],
  transport,
  caPem: stage.certificates.authority.pem,
});

function through(kind: "http" | "socks5", { port, login }: ProxyServer): { tunnel: Tunnel; dns: typeof noDns } {
  const choose: TunnelOptions["choose"] = () =>
    login ? { mode: "system" } : { mode: "fixed", url: `${kind}://127.0.0.1:${port}` };
  const find = async () => [{ kind, host: "127.0.0.1", port, login }] as const;
  return { tunnel: createTunnel({ choose, find, trust: () => freely }), dns: createRoutedDns(noDns, choose) };
}

async function talk(one: TestClient, other: TestClient): Promise<void> {
  const [there, back] = [await one.say(other.address, "through the proxy"), await other.say(one.address, "and back")];
  await other.message(({ id }) => id === there);
  await one.message(({ id }) => id === back);
}

describe.each(["http", "socks5"] as const)("a real %s proxy", (kind) => {
  it.each(["starttls", "direct-tls", "websocket"] as const)(
    "carries %s to a real server, which only it can find",
    async (transport) => {
      const proxy = await startProxyServer(kind);
      try {
        const direct = await stage.client(server, {}, way(transport));
        await expect(direct.signIn()).rejects.toMatchObject({ code: "unknown-host" });
        const alice = await stage.client(server, through(kind, proxy), way(transport));
        const bob = await stage.client(server);
        await Promise.all([alice.signIn(), bob.signIn()]);
        await befriend(alice, bob);
        await talk(alice, bob);
        if (kind === "http")
          await vi.waitFor(async () => expect(await proxy.log()).toContain(`CONNECT localhost:${way(transport).port}`));
        // Without the proxy the connection is gone, and is not made in another way.
        await proxy.stop();
        await alice.event("connection-lost");
        await expect(alice.signIn()).rejects.toMatchObject({ code: "proxy-failed", params: { proxy: "127.0.0.1" } });
      } finally {
        await proxy.stop().catch(() => undefined);
      }
    },
  );

  it("that asks who we are is told what the person's own surroundings say, and says no without", async () => {
    const proxy = await startProxyServer(kind, { login: true });
    try {
      const known = await stage.client(server, through(kind, proxy), way("starttls"));
      await known.signIn();
      const unknown = await stage.client(server, through(kind, { ...proxy, login: undefined }), way("starttls"));
      await expect(unknown.signIn()).rejects.toMatchObject({ code: "proxy-refused" });
    } finally {
      await proxy.stop();
    }
  });
});
