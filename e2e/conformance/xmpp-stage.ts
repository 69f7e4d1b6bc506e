import { randomUUID } from "node:crypto";
import { befriend, openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import type { DnsResolver } from "../../main/networks/dns.ts";
import type { NetworkEnvironment } from "../../main/networks/environment.ts";
import { createXmppNetwork } from "../../main/networks/xmpp/network.ts";
import type { ServerSettings } from "../../shared/model/account.ts";
import { type Certificates, createCertificates } from "../servers/certificates.ts";
import { type ProsodyOptions, type ProsodyServer, startProsody } from "../servers/prosody.ts";

export const domain = "example.test";

/** Real Prosodys with certificates of one authority, and clients of ours on them. */
export interface XmppStage {
  readonly certificates: Certificates;
  server(options?: Partial<ProsodyOptions>): Promise<ProsodyServer>;
  /**
   * A client with an account of its own, not signed in yet. `over`: what differs from the usual environment;
   * `settings`: from the usual way in.
   */
  client(server: ProsodyServer, over?: Partial<NetworkEnvironment>, settings?: ServerSettings): Promise<TestClient>;
  /** Two clients that are on each other's list. */
  friends(server: ProsodyServer): Promise<readonly [TestClient, TestClient]>;
  /** The account of a client once more, on another device. */
  again(client: TestClient, server: ProsodyServer, over?: Partial<NetworkEnvironment>): TestClient;
  stop(): Promise<void>;
}

/** No name is known here. */
export const noDns: DnsResolver = {
  resolveSrv: () => Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" })),
  resolveNaptr: () => Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" })),
  lookup: () => Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" })),
};

export async function createXmppStage(): Promise<XmppStage> {
  const certificates = await createCertificates([domain, `rooms.${domain}`]);
  const endings: (() => Promise<void>)[] = [certificates.remove];
  const clients: TestClient[] = [];
  const passwords = new Map<string, string>();
  const way = (server: ProsodyServer): ServerSettings => ({
    host: "127.0.0.1",
    port: server.ports.starttls,
    transport: "starttls",
    caPem: certificates.authority.pem,
  });
  const harness = (server: ProsodyServer): Pick<Harness, "protocol" | "createNetwork" | "dns" | "settings"> => ({
    protocol: "xmpp",
    createNetwork: createXmppNetwork,
    dns: noDns,
    settings: () => way(server),
  });
  const open = (
    address: string,
    server: ProsodyServer,
    {
      over,
      settings,
    }: { readonly over?: Partial<NetworkEnvironment> | undefined; readonly settings?: ServerSettings | undefined } = {},
  ): TestClient => {
    const client = openClient(
      harness(server),
      { address, password: passwords.get(address) ?? "" },
      settings,
      undefined,
      over,
    );
    clients.push(client);
    return client;
  };
  const stage: XmppStage = {
    certificates,
    async server(options = {}) {
      const server = await startProsody({ domain, certificate: certificates.good, ...options });
      endings.unshift(server.stop);
      return server;
    },
    async client(server, over, settings) {
      const user = `user-${randomUUID().slice(0, 8)}`;
      const address = `${user}@${domain}`;
      passwords.set(address, randomUUID());
      await server.addUser(user, passwords.get(address) ?? "");
      return open(address, server, { over, settings });
    },
    async friends(server) {
      const [one, other] = [await stage.client(server), await stage.client(server)];
      await Promise.all([one.signIn(), other.signIn()]);
      await befriend(one, other);
      return [one, other];
    },
    again: (client, server, over) => open(client.address, server, { over }),
    async stop() {
      for (const client of clients) client.connection.close();
      for (const end of endings) await end();
    },
  };
  return stage;
}
