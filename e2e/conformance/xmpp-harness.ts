import { randomUUID } from "node:crypto";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { createXmppNetwork } from "../../main/networks/xmpp/network.ts";
import type { ServerSettings } from "../../shared/model/account.ts";
import type { Availability } from "../../shared/model/presence.ts";
import { type Certificate, type Certificates, createCertificates } from "../servers/certificates.ts";
import { startDns, type ZoneRecord } from "../servers/dns.ts";
import type { Proxy } from "../servers/proxy.ts";
import { pinOf } from "./pin.ts";

/** A real XMPP server, of whatever make. */
export interface XmppServer {
  readonly ports: { readonly starttls: number; readonly directTls: number };
  addUser(user: string, password: string): Promise<void>;
  door(kind: "starttls"): Promise<Proxy>;
  stop(): Promise<void>;
}

const domain = "example.test";
/** RFC 6121 section 4.7.2.1 has no words of its own for these. */
const nearestShow = new Map<string, Availability>([
  ["in-call", "busy"],
  ["in-meeting", "busy"],
  ["be-right-back", "away"],
]);

/**
 * Harnesses of the conformance suite over servers that `start` makes, and how to end all of it. A harness for each of
 * `names` has a good server of its own; all share those with certificates that nobody should accept.
 */
export async function startXmppHarnesses<Name extends string>(
  names: readonly Name[],
  start: (domain: string, certificate: Certificate, name: Name | undefined) => Promise<XmppServer>,
): Promise<{ readonly harness: (name: Name) => Harness; readonly stop: () => Promise<void> }> {
  const certificates = await createCertificates([domain, `rooms.${domain}`]);
  const endings: (() => Promise<void>)[] = [certificates.remove];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0)) await end();
  };
  const run = async (certificate: Certificate, name?: Name): Promise<XmppServer> => {
    const server = await start(domain, certificate, name);
    endings.unshift(server.stop);
    return server;
  };
  const [wrongName, expired, untrusted, ...good] = await Promise.all([
    run(certificates.wrongName),
    run(certificates.expired),
    run(certificates.untrusted),
    ...names.map((name) => run(certificates.good, name)),
  ]);
  const harnesses = new Map<Name, Harness>();
  for (const [index, name] of names.entries()) {
    const server = good[index];
    if (!server) continue;
    const dns = await startDns(zoneOf(server));
    endings.unshift(dns.close);
    harnesses.set(
      name,
      harnessOf({ good: server, "wrong-name": wrongName, expired, untrusted }, certificates, dns.resolver()),
    );
  }
  return {
    harness: (name) => {
      const found = harnesses.get(name);
      if (!found) throw new Error("the servers did not start");
      return found;
    },
    stop,
  };
}

function zoneOf({ ports }: XmppServer): Map<string, ZoneRecord> {
  return new Map<string, ZoneRecord>([
    [domain, { a: ["127.0.0.1"] }],
    [`xmpp.${domain}`, { a: ["127.0.0.1"] }],
    [`_xmpp-client._tcp.${domain}`, { srv: [{ name: `xmpp.${domain}`, port: ports.starttls, priority: 10 }] }],
    [`_xmpps-client._tcp.${domain}`, { srv: [{ name: `xmpp.${domain}`, port: ports.directTls, priority: 5 }] }],
    ["silent.test", {}],
    ["_xmpp-client._tcp.silent.test", { srv: [{ name: ".", port: 0 }] }],
    ["_xmpps-client._tcp.silent.test", { srv: [{ name: ".", port: 0 }] }],
  ]);
}

function harnessOf(
  servers: Readonly<Record<"good" | "wrong-name" | "expired" | "untrusted", XmppServer>>,
  certificates: Certificates,
  dns: Harness["dns"],
): Harness {
  const { good } = servers;
  const ca = { caPem: certificates.authority.pem };
  const at = (port: number): ServerSettings => ({ host: "127.0.0.1", port, transport: "starttls" });
  return {
    protocol: "xmpp",
    createNetwork: createXmppNetwork,
    dns,
    async newAccount() {
      const account = { user: `user-${randomUUID().slice(0, 8)}`, password: `pässwörd ${randomUUID()}` };
      await good.addUser(account.user, account.password);
      return { address: `${account.user}@${domain}`, password: account.password };
    },
    shownAs: (availability) => nearestShow.get(availability) ?? availability,
    unknownAddress: () => `nobody-${randomUUID().slice(0, 8)}@${domain}`,
    settings: (certificate, told = true) => ({ ...at(servers[certificate].ports.starttls), ...(told ? ca : {}) }),
    discovered: ca,
    pin: pinOf(certificates.good.certPem),
    cleartext: undefined,
    readsUpTo: true,
    copies: true,
    keepsMessages: true,
    handsOverInOrder: true,
    async door() {
      const door = await good.door("starttls");
      return Object.assign(door, { settings: { ...at(door.port), ...ca } });
    },
  };
}
