import { randomUUID } from "node:crypto";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import { createCertificates } from "../servers/certificates.ts";
import { startDns, type ZoneRecord } from "../servers/dns.ts";
import { type KamailioOptions, type KamailioServer, startKamailio } from "../servers/kamailio.ts";
import { pinOf } from "./pin.ts";

const domain = "sip.example.test";

/** Kamailios with one certificate each, and the harness that tests SIMPLE against them. */
export interface SimpleServers {
  readonly harness: Harness;
  stop(): Promise<void>;
}

/** Starts them. What was started is stopped again when the rest does not start. */
export async function startSimpleServers(options: Pick<KamailioOptions, "msiloTypes"> = {}): Promise<SimpleServers> {
  const endings: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0)) await end();
  };
  try {
    return { harness: await start(endings, options), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(endings: (() => Promise<void>)[], options: Pick<KamailioOptions, "msiloTypes">): Promise<Harness> {
  const certificates = await createCertificates([domain]);
  endings.unshift(certificates.remove);
  const server = async (certificate: typeof certificates.good): Promise<KamailioServer> => {
    const started = await startKamailio({ domain, certificate, ...options });
    endings.unshift(started.stop);
    return started;
  };
  const good = await server(certificates.good);
  const bad = {
    "wrong-name": await server(certificates.wrongName),
    expired: await server(certificates.expired),
    untrusted: await server(certificates.untrusted),
  };
  const zone = new Map<string, ZoneRecord>([
    [domain, { a: ["127.0.0.1"], naptr: [{ flags: "s", service: "SIPS+D2T", replacement: `_sips._tcp.${domain}` }] }],
    [`proxy.${domain}`, { a: ["127.0.0.1"] }],
    [`_sips._tcp.${domain}`, { srv: [{ name: `proxy.${domain}`, port: good.ports.sips }] }],
    ["silent.test", {}],
  ]);
  const dns = await startDns(zone);
  endings.unshift(dns.close);
  const ca = { caPem: certificates.authority.pem };
  const at = (port: number): { host: string; port: number; transport: "tls" } => ({
    host: "127.0.0.1",
    port,
    transport: "tls",
  });
  return {
    protocol: "simple",
    createNetwork: createSimpleNetwork,
    dns: dns.resolver(),
    async newAccount() {
      const account = { user: `user-${randomUUID().slice(0, 8)}`, password: `pässwörd ${randomUUID()}` };
      await good.addUser(account.user, account.password);
      return { address: `${account.user}@${domain}`, password: account.password };
    },
    shownAs: (availability) => availability,
    unknownAddress: () => `nobody-${randomUUID().slice(0, 8)}@${domain}`,
    settings: (certificate, told = true) => ({
      ...at((certificate === "good" ? good : bad[certificate]).ports.sips),
      ...(told ? ca : {}),
    }),
    discovered: ca,
    pin: pinOf(certificates.good.certPem),
    cleartext: { host: "127.0.0.1", port: good.ports.sip, transport: "tcp" },
    readsUpTo: false,
    copies: false,
    keepsMessages: true,
    handsOverInOrder: false,
    async door() {
      const door = await good.door("sips");
      return Object.assign(door, { settings: { ...at(door.port), ...ca } });
    },
  };
}
