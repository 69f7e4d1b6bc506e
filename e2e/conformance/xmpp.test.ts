import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { createXmppNetwork } from "../../main/networks/xmpp/network.ts";
import type { Availability } from "../../shared/model/presence.ts";
import { createCertificates } from "../servers/certificates.ts";
import { startDns, type ZoneRecord } from "../servers/dns.ts";
import { startProsody } from "../servers/prosody.ts";
import { pinOf } from "./pin.ts";

const domain = "example.test";
/** RFC 6121 section 4.7.2.1 has no words of its own for these. */
const nearestShow = new Map<string, Availability>([
  ["in-call", "busy"],
  ["in-meeting", "busy"],
  ["be-right-back", "away"],
]);
const endings: (() => Promise<void>)[] = [];
let harness: Harness | undefined;

beforeAll(async () => {
  const certificates = await createCertificates([domain, `rooms.${domain}`]);
  endings.unshift(certificates.remove);
  const start = async (certificate: typeof certificates.good): Promise<Awaited<ReturnType<typeof startProsody>>> => {
    const server = await startProsody({ domain, certificate });
    endings.unshift(server.stop);
    return server;
  };
  const good = await start(certificates.good);
  const bad = { "wrong-name": await start(certificates.wrongName), expired: await start(certificates.expired), untrusted: await start(certificates.untrusted) };
  const zone = new Map<string, ZoneRecord>([
    [domain, { a: ["127.0.0.1"] }],
    [`xmpp.${domain}`, { a: ["127.0.0.1"] }],
    [`_xmpp-client._tcp.${domain}`, { srv: [{ name: `xmpp.${domain}`, port: good.ports.starttls, priority: 10 }] }],
    [`_xmpps-client._tcp.${domain}`, { srv: [{ name: `xmpp.${domain}`, port: good.ports.directTls, priority: 5 }] }],
    ["silent.test", {}],
    ["_xmpp-client._tcp.silent.test", { srv: [{ name: ".", port: 0 }] }],
    ["_xmpps-client._tcp.silent.test", { srv: [{ name: ".", port: 0 }] }],
  ]);
  const dns = await startDns(zone);
  endings.unshift(dns.close);
  const ca = { caPem: certificates.authority.pem };
  const at = (port: number): { host: string; port: number; transport: "starttls" } => ({ host: "127.0.0.1", port, transport: "starttls" });
  harness = {
    protocol: "xmpp",
    createNetwork: createXmppNetwork,
    dns: dns.resolver(),
    async newAccount() {
      const account = { user: `user-${randomUUID().slice(0, 8)}`, password: `pässwörd ${randomUUID()}` };
      await good.addUser(account.user, account.password);
      return { address: `${account.user}@${domain}`, password: account.password };
    },
    shownAs: (availability) => nearestShow.get(availability) ?? availability,
    unknownAddress: () => `nobody-${randomUUID().slice(0, 8)}@${domain}`,
    settings: (certificate, told = true) => ({ ...at((certificate === "good" ? good : bad[certificate]).ports.starttls), ...(told ? ca : {}) }),
    discovered: ca,
    pin: pinOf(certificates.good.certPem),
    cleartext: undefined,
    async door() {
      const door = await good.door("starttls");
      return Object.assign(door, { settings: { ...at(door.port), ...ca } });
    },
  };
});

afterAll(async () => {
  for (const end of endings) await end();
});

describeNetwork("XMPP over Prosody", () => {
  if (!harness) throw new Error("the servers did not start");
  return harness;
});
