import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import { createCertificates } from "../servers/certificates.ts";
import { startDns, type ZoneRecord } from "../servers/dns.ts";
import { startKamailio } from "../servers/kamailio.ts";
import { pinOf } from "./pin.ts";

const domain = "sip.example.test";
const endings: (() => Promise<void>)[] = [];
let harness: Harness | undefined;

beforeAll(async () => {
  const certificates = await createCertificates([domain]);
  endings.unshift(certificates.remove);
  const start = async (certificate: typeof certificates.good): Promise<Awaited<ReturnType<typeof startKamailio>>> => {
    const server = await startKamailio({ domain, certificate });
    endings.unshift(server.stop);
    return server;
  };
  const good = await start(certificates.good);
  const bad = { "wrong-name": await start(certificates.wrongName), expired: await start(certificates.expired), untrusted: await start(certificates.untrusted) };
  const zone = new Map<string, ZoneRecord>([
    [domain, { a: ["127.0.0.1"], naptr: [{ flags: "s", service: "SIPS+D2T", replacement: `_sips._tcp.${domain}` }] }],
    [`proxy.${domain}`, { a: ["127.0.0.1"] }],
    [`_sips._tcp.${domain}`, { srv: [{ name: `proxy.${domain}`, port: good.ports.sips }] }],
    ["silent.test", {}],
  ]);
  const dns = await startDns(zone);
  endings.unshift(dns.close);
  const ca = { caPem: certificates.authority.pem };
  const at = (port: number): { host: string; port: number; transport: "tls" } => ({ host: "127.0.0.1", port, transport: "tls" });
  harness = {
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
    settings: (certificate, told = true) => ({ ...at((certificate === "good" ? good : bad[certificate]).ports.sips), ...(told ? ca : {}) }),
    discovered: ca,
    pin: pinOf(certificates.good.certPem),
    cleartext: { host: "127.0.0.1", port: good.ports.sip, transport: "tcp" },
    async door() {
      const door = await good.door("sips");
      return Object.assign(door, { settings: { ...at(door.port), ...ca } });
    },
  };
});

afterAll(async () => {
  for (const end of endings) await end();
});

describeNetwork("SIMPLE over Kamailio", () => {
  if (!harness) throw new Error("the servers did not start");
  return harness;
});
