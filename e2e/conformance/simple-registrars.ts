import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import type { ServerSettings } from "../../shared/model/account.ts";
import { type Certificate, type Certificates, createCertificates } from "../servers/certificates.ts";
import { type DebianToggle, startDebianKamailio } from "../servers/debian-kamailio.ts";
import { startDns, type ZoneRecord } from "../servers/dns.ts";
import { type EdgeOptions, startKamailioEdge } from "../servers/kamailio-edge.ts";
import type { Proxy } from "../servers/proxy.ts";
import { passTo, startTlsListener } from "../servers/tls-listener.ts";
import { pinOf } from "./pin.ts";
import { type ServersWays, simpleItems } from "./simple-unacceptable.ts";
import { withoutPace } from "./without-pace.ts";

export const registrarDomain = "sip.example.test";

/** A running registrar, as the suite reaches it. */
export interface Registrar {
  readonly port: number;
  readonly transport: "tls" | "websocket";
  readonly cleartext: number;
  addUser(user: string, password: string): Promise<void> | void;
  door(): Promise<Proxy>;
  stop(): Promise<void>;
}

/** Registrars that the project did not configure, with the harness that tests SIMPLE against them. */
export interface RegistrarStage {
  readonly harness: Harness;
  readonly certificates: Certificates;
  stop(): Promise<void>;
}

/** Starts one. None of them keeps messages for who is away. */
export async function startRegistrar(
  start: (certificates: Certificates) => Promise<Registrar>,
): Promise<RegistrarStage> {
  const certificates = await createCertificates([registrarDomain]);
  const endings: (() => Promise<void>)[] = [certificates.remove];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0)) await end();
  };
  try {
    const registrar = await start(certificates);
    endings.unshift(registrar.stop);
    const harness = await createHarness(registrar, certificates, endings);
    return { harness, certificates, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Harness over a registrar. Parts of it that have to be ended go to the front of `endings`. */
async function createHarness(
  registrar: Registrar,
  certificates: Certificates,
  endings: (() => Promise<void>)[],
): Promise<Harness> {
  const badPort = async (certificate: Certificate): Promise<number> => {
    const listener = await startTlsListener(certificate, passTo(registrar.cleartext));
    endings.unshift(listener.stop);
    return listener.port;
  };
  // The registrar itself has one certificate.
  const bad = {
    "wrong-name": await badPort(certificates.wrongName),
    expired: await badPort(certificates.expired),
    untrusted: await badPort(certificates.untrusted),
  };
  const srv = `_sips._tcp.${registrarDomain}`;
  const zone = new Map<string, ZoneRecord>([
    [registrarDomain, { a: ["127.0.0.1"], naptr: [{ flags: "s", service: "SIPS+D2T", replacement: srv }] }],
    [`proxy.${registrarDomain}`, { a: ["127.0.0.1"] }],
    [srv, { srv: [{ name: `proxy.${registrarDomain}`, port: registrar.port }] }],
    ["silent.test", {}],
  ]);
  const dns = await startDns(zone);
  endings.unshift(dns.close);
  const ca = { caPem: certificates.authority.pem };
  const at = (port: number): ServerSettings => ({ host: "127.0.0.1", port, transport: registrar.transport });
  return {
    protocol: "simple",
    createNetwork: createSimpleNetwork,
    dns: dns.resolver(),
    async newAccount() {
      const account = { user: `user-${randomUUID().slice(0, 8)}`, password: `word ${randomUUID()}` };
      await registrar.addUser(account.user, account.password);
      return { address: `${account.user}@${registrarDomain}`, password: account.password };
    },
    shownAs: (availability) => availability,
    unknownAddress: () => `nobody-${randomUUID().slice(0, 8)}@${registrarDomain}`,
    settings: (certificate, told = true) => ({
      ...at(certificate === "good" ? registrar.port : bad[certificate]),
      ...(told ? ca : {}),
    }),
    discovered: ca,
    pin: pinOf(certificates.good.certPem),
    cleartext: { host: "127.0.0.1", port: registrar.cleartext, transport: "tcp" },
    readsUpTo: false,
    copies: false,
    keepsMessages: false,
    handsOverInOrder: true,
    async door() {
      const door = await registrar.door();
      return Object.assign(door, { settings: { ...at(door.port), ...ca } });
    },
  };
}

/**
 * The whole suite under the name of a registrar. `ways`: what it does to unacceptable items. Answers the harness of the
 * running registrar, for more tests.
 */
export function describeRegistrar(
  name: string,
  start: (certificates: Certificates) => Promise<Registrar>,
  ways: ServersWays,
): () => Harness {
  let stage: RegistrarStage | undefined;
  const harness = withoutPace(() => {
    if (!stage) throw new Error("the registrar did not start");
    return stage.harness;
  });
  beforeAll(async () => {
    stage = await startRegistrar(start);
  });
  afterAll(() => stage?.stop());
  const items = simpleItems(
    () => ({ port: harness().cleartext?.port ?? 0, newAccount: () => harness().newAccount() }),
    ways,
  );
  describeNetwork(`SIMPLE over ${name}`, harness, items);
  return harness;
}

/** Debian's Kamailio as it ships, with some of its toggles. */
export const debian = (...toggles: readonly DebianToggle[]) => debianWith([], toggles);

/** The same with `parameters`: lines that change values which the file ships. */
export const debianWith =
  (parameters: readonly string[], toggles: readonly DebianToggle[] = []) =>
  async ({ good }: Certificates): Promise<Registrar> => {
    const server = await startDebianKamailio({
      domain: registrarDomain,
      certificate: good,
      toggles: ["WITH_AUTH", "WITH_TLS", ...toggles],
      parameters,
    });
    return { ...server, port: server.ports.sips, transport: "tls", cleartext: server.ports.sip };
  };

/** An RFC 5626 edge before Debian's Kamailio, whose registrar does outbound. `flowTimer`: seconds; 0: none. */
export const edge =
  (transport: "tls" | "websocket", more: Pick<EdgeOptions, "isBorder"> & { readonly flowTimer?: number } = {}) =>
  async ({ good }: Certificates): Promise<Registrar> => {
    const { isBorder = false, flowTimer = 0 } = more;
    const toggles = ["WITH_AUTH", "WITH_TLS", "WITH_PRESENCE"] as const;
    const registrar = await startDebianKamailio({
      domain: registrarDomain,
      certificate: good,
      toggles,
      parameters: ['modparam("registrar", "outbound_mode", 1)', `modparam("registrar", "flow_timer", ${flowTimer})`],
    });
    const server = await startKamailioEdge({ certificate: good, registrar: registrar.ports.sip, isBorder });
    return {
      port: server.port,
      transport,
      cleartext: server.cleartext,
      addUser: registrar.addUser,
      door: server.door,
      async stop() {
        await server.stop();
        await registrar.stop();
      },
    };
  };
