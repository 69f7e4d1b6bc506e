import { randomUUID } from "node:crypto";
import type { Protocol, ServerSettings } from "../../shared/model/account.ts";
import { type Certificates, createCertificates } from "./certificates.ts";
import { type DnsServer, startDns, type Zone, type ZoneRecord } from "./dns.ts";
import { type KamailioServer, startKamailio } from "./kamailio.ts";
import { type ProsodyServer, startProsody } from "./prosody.ts";
import type { Proxy } from "./proxy.ts";

/** An account on one of the world's servers. */
export interface WorldAccount {
  readonly protocol: Protocol;
  readonly user: string;
  readonly address: string;
  readonly password: string;
  /** The way to its server, with the private authority. */
  readonly server: ServerSettings;
}

/** Servers of both networks, a name server that knows them, and accounts as many as are asked for. */
export interface World {
  readonly certificates: Certificates;
  readonly prosody: ProsodyServer;
  readonly kamailio: KamailioServer;
  readonly dns: DnsServer;
  /** Zone that its name server knows. */
  readonly zone: Zone;
  newAccount(protocol: Protocol, name?: string): Promise<WorldAccount>;
  /** The same account through a door of its own that can be cut. */
  behindDoor(account: WorldAccount): Promise<{ readonly account: WorldAccount; readonly door: Proxy }>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly domain?: string;
  readonly voiceDomain?: string;
}

/** Starts everything; about half a second. */
export async function startWorld({
  domain = "example.test",
  voiceDomain = "sip.example.test",
}: WorldOptions = {}): Promise<World> {
  const certificates = await createCertificates([domain, `rooms.${domain}`, voiceDomain]);
  const [prosody, kamailio] = await Promise.all([
    startProsody({ domain, certificate: certificates.good }),
    startKamailio({ domain: voiceDomain, certificate: certificates.good }),
  ]);
  const here = { a: ["127.0.0.1"] };
  const zone = new Map<string, ZoneRecord>([
    [domain, here],
    [`xmpp.${domain}`, here],
    [`_xmpp-client._tcp.${domain}`, { srv: [{ name: `xmpp.${domain}`, port: prosody.ports.starttls }] }],
    [`_xmpps-client._tcp.${domain}`, { srv: [{ name: `xmpp.${domain}`, port: prosody.ports.directTls }] }],
    [voiceDomain, { ...here, naptr: [{ flags: "s", service: "SIPS+D2T", replacement: `_sips._tcp.${voiceDomain}` }] }],
    [`proxy.${voiceDomain}`, here],
    [`_sips._tcp.${voiceDomain}`, { srv: [{ name: `proxy.${voiceDomain}`, port: kamailio.ports.sips }] }],
  ]);
  const dns = await startDns(zone);
  const caPem = certificates.authority.pem;
  const settings = (protocol: Protocol, port: number): ServerSettings => ({
    host: "127.0.0.1",
    port,
    transport: protocol === "xmpp" ? "starttls" : "tls",
    caPem,
  });

  return {
    certificates,
    prosody,
    kamailio,
    dns,
    zone,
    async newAccount(protocol, name = "user") {
      const user = `${name}-${randomUUID().slice(0, 6)}`;
      const password = `word ${randomUUID()}`;
      const server = protocol === "xmpp" ? prosody : kamailio;
      await server.addUser(user, password);
      const port = protocol === "xmpp" ? prosody.ports.starttls : kamailio.ports.sips;
      return { protocol, user, address: `${user}@${server.domain}`, password, server: settings(protocol, port) };
    },
    async behindDoor(account) {
      const door = await (account.protocol === "xmpp" ? prosody.door("starttls") : kamailio.door("sips"));
      return { account: { ...account, server: settings(account.protocol, door.port) }, door };
    },
    async stop() {
      await Promise.all([prosody.stop(), kamailio.stop(), dns.close()]);
      await certificates.remove();
    },
  };
}
