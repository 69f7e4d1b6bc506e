import { createHash, X509Certificate } from "node:crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ServerSettings } from "../../shared/model/account.ts";
import { createTestCertificate, type TestCertificate } from "../networks/xmpp/testing/certificate.ts";
import {
  type ScriptedServer,
  type ScriptOptions,
  startScriptedServer,
} from "../networks/xmpp/testing/scripted-server.ts";
import { type OpenDesk, openDesk } from "./desks.test-helper.ts";

const address = "alice@example.test";

let certificate: TestCertificate;
let desk: OpenDesk;
let server: ScriptedServer | undefined;

beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(async () => {
  await desk.close();
  await server?.stop();
  server = undefined;
});

async function start(options: ScriptOptions = {}): Promise<ScriptedServer> {
  server = await startScriptedServer({ certificate, ...options });
  return server;
}

function add(port: number, more: ServerSettings = { caPem: certificate.pem }): Promise<unknown> {
  return desk.request("accounts.add", {
    address,
    password: "secret",
    protocol: "xmpp",
    server: { host: "127.0.0.1", port, ...more },
  });
}

/** How the only account looks when a setting refuses it. */
const refusedBy = (setting: string) => ({ state: "failed", error: { code: "blocked-by-policy", params: { setting } } });

describe("the network", () => {
  it("a session below the lowest version of TLS is dropped at once, and comes back when it may", async () => {
    const { port, clients } = await start({ maxVersion: "TLSv1.2" });
    await add(port);
    const { id } = await desk.untilAccount({ state: "online", security: "TLSv1.2" });
    await desk.policy({ TlsMinVersion: "1.3" });
    await clients[0]?.closed;
    await desk.untilAccount(refusedBy("TlsMinVersion"));
    await desk.request("accounts.retry", { accountId: id });
    await desk.untilAccount(refusedBy("TlsMinVersion"));
    await desk.policy(undefined);
    await desk.untilAccount({ state: "online" });
  });

  it("a session that keeps to a new rule stays as it is", async () => {
    const { port, clients } = await start();
    await add(port);
    await desk.untilAccount({ state: "online", security: "TLSv1.3" });
    await desk.policy({
      TlsMinVersion: "1.3",
      AllowedServers: ["127.0.0.1"],
      AuthMethods: ["PLAIN"],
      CertificatePins: [{ host: "example.test", keys: [pin()] }],
    });
    await desk.policy({ TlsMinVersion: "1.3", CertificatePins: [{ host: "other.test", keys: [otherPin] }] });
    await desk.untilAccount({ state: "online" });
    expect(clients).toHaveLength(1);
  });

  it("a server that policy does not allow is left, and not connected to", async () => {
    const { port, clients } = await start();
    await desk.policy({ AllowedServers: ["chat.example.com"] });
    await expect(add(port)).rejects.toMatchObject({
      code: "blocked-by-policy",
      params: { setting: "AllowedServers", host: "127.0.0.1" },
    });
    expect(clients).toHaveLength(0);
    await desk.policy({ AllowedServers: ["127.0.0.1"] });
    await add(port);
    await desk.untilAccount({ state: "online" });
    await desk.policy({ AllowedServers: ["chat.example.com"] });
    await clients[0]?.closed;
    await desk.untilAccount(refusedBy("AllowedServers"));
    expect(clients).toHaveLength(1);
    await desk.policy(undefined);
    await desk.untilAccount({ state: "online" });
  });

  it("a server with another key than the pinned one is left, and not signed in to", async () => {
    const { port, clients } = await start();
    await add(port);
    await desk.untilAccount({ state: "online" });
    await desk.policy({ CertificatePins: [{ host: "127.0.0.1", keys: [otherPin] }] });
    await clients[0]?.closed;
    await desk.untilAccount({ state: "failed", error: { code: "certificate-pin-mismatch" } });
    expect(clients.slice(1).some((client) => client.elements.some((element) => element.name === "auth"))).toBe(false);
    await desk.policy({ CertificatePins: [{ host: "*.test", keys: [otherPin, pin()] }] });
    await desk.untilAccount({ state: "online" });
    // Pins that cannot be used let nothing connect.
    await desk.policy({ CertificatePins: [{ host: "example.test", keys: ["no pin"] }] });
    await desk.untilAccount({ state: "failed", error: { code: "certificate-pin-mismatch" } });
  });

  it("an authority counts from the moment policy names it, and no longer than that", async () => {
    const { port } = await start();
    await expect(add(port, {})).rejects.toMatchObject({ code: "certificate-untrusted" });
    await desk.policy({ AdditionalTrustAnchors: [certificate.pem] });
    await add(port, {});
    await desk.untilAccount({ state: "online" });
    await desk.policy({ AdditionalTrustAnchors: [] });
    await desk.untilAccount({ state: "failed", error: { code: "certificate-untrusted" } });
    await desk.policy({ AdditionalTrustAnchors: [certificate.pem] });
    await desk.untilAccount({ state: "online" });
  });

  it("a way of signing in that policy forbids ends the session, and none is opened with it", async () => {
    const { port, clients } = await start();
    await add(port);
    await desk.untilAccount({ state: "online" });
    await desk.policy({ AuthMethods: ["SCRAM-SHA-256", "DIGEST-SHA-256"] });
    await clients[0]?.closed;
    await desk.untilAccount(refusedBy("AuthMethods"));
    expect(clients.slice(1).some((client) => client.elements.some((element) => element.name === "auth"))).toBe(false);
    await desk.policy({ AuthMethods: ["PLAIN"] });
    await desk.untilAccount({ state: "online" });
  });
});

const otherPin = `${"A".repeat(43)}=`;

function pin(): string {
  const spki = new X509Certificate(certificate.pem).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64");
}
