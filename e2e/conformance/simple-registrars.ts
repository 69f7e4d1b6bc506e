import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe } from "vitest";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import type { ServerSettings } from "../../shared/model/account.ts";
import { type Certificates, createCertificates } from "../servers/certificates.ts";
import { type DebianToggle, startDebianKamailio } from "../servers/debian-kamailio.ts";
import { startDns } from "../servers/dns.ts";
import type { Proxy } from "../servers/proxy.ts";
import { pinOf } from "./pin.ts";

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
  const dns = await startDns(new Map());
  const registrar = await start(certificates).catch(async (error: unknown) => {
    await Promise.all([dns.close(), certificates.remove()]);
    throw error;
  });
  const at = (port: number): ServerSettings => ({
    host: "127.0.0.1",
    port,
    transport: registrar.transport,
    caPem: certificates.authority.pem,
  });
  const harness: Harness = {
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
    settings(certificate) {
      // What a certificate has to be is tested where the project's own servers show bad ones.
      if (certificate !== "good") throw new Error("this registrar has one certificate");
      return at(registrar.port);
    },
    discovered: at(registrar.port),
    pin: pinOf(certificates.good.certPem),
    cleartext: { host: "127.0.0.1", port: registrar.cleartext, transport: "tcp" },
    readsUpTo: false,
    copies: false,
    keepsMessages: false,
    // Kamailio's usual buffer (tcp_rd_buf_size) has 16 kB for a message with its head.
    longestBody: 12_000,
    async door() {
      const door = await registrar.door();
      return Object.assign(door, { settings: at(door.port) });
    },
  };
  return {
    harness,
    certificates,
    async stop() {
      await registrar.stop();
      await Promise.all([dns.close(), certificates.remove()]);
    },
  };
}

/** The parts of the suite that a registrar passes, under the name of that registrar. */
export function describeRegistrar(
  name: string,
  start: (certificates: Certificates) => Promise<Registrar>,
  parts: readonly ((get: () => Harness) => void)[],
): void {
  describe(`SIMPLE over ${name}`, () => {
    let stage: RegistrarStage | undefined;
    beforeAll(async () => {
      stage = await startRegistrar(start);
    });
    afterAll(() => stage?.stop());
    for (const part of parts)
      part(() => {
        if (!stage) throw new Error("the registrar did not start");
        return stage.harness;
      });
  });
}

/** Debian's Kamailio as it ships, with some of its toggles. */
export const debian =
  (...toggles: readonly DebianToggle[]) =>
  async ({ good }: Certificates): Promise<Registrar> => {
    const server = await startDebianKamailio({
      domain: registrarDomain,
      certificate: good,
      toggles: ["WITH_AUTH", "WITH_TLS", ...toggles],
    });
    return { ...server, port: server.ports.sips, transport: "tls", cleartext: server.ports.sip };
  };
