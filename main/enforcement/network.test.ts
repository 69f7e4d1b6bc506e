import { createHash, X509Certificate } from "node:crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ServerSettings } from "../../shared/model/account.ts";
import { createTestCertificate, type TestCertificate } from "../networks/xmpp/testing/certificate.ts";
import {
  type ScriptedServer,
  type ScriptOptions,
  startScriptedServer,
} from "../networks/xmpp/testing/scripted-server.ts";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

const address = "alice@example.test";

let certificate: TestCertificate;
let testApp: OpenTestApp;
let server: ScriptedServer | undefined;

beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
beforeEach(async () => {
  testApp = await openTestApp();
});
afterEach(async () => {
  await testApp.close();
  await server?.stop();
  server = undefined;
});

async function start(options: ScriptOptions = {}): Promise<ScriptedServer> {
  server = await startScriptedServer({ certificate, ...options });
  return server;
}

function add(port: number, more: ServerSettings = { caPem: certificate.pem }): Promise<unknown> {
  return testApp.request("accounts.add", {
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
    const { id } = await testApp.untilAccount({ state: "online", security: "TLSv1.2" });
    await testApp.policy({ TlsMinVersion: "1.3" });
    await clients[0]?.closed;
    await testApp.untilAccount(refusedBy("TlsMinVersion"));
    await testApp.request("accounts.retry", { accountId: id });
    await testApp.untilAccount(refusedBy("TlsMinVersion"));
    await testApp.policy(undefined);
    await testApp.untilAccount({ state: "online" });
  });

  it("a session that keeps to a new rule stays as it is", async () => {
    const { port, clients } = await start();
    await add(port);
    await testApp.untilAccount({ state: "online", security: "TLSv1.3" });
    await testApp.policy({
      TlsMinVersion: "1.3",
      AllowedServers: ["127.0.0.1"],
      AuthMethods: ["PLAIN"],
      CertificatePins: [{ host: "example.test", keys: [pin()] }],
    });
    await testApp.policy({ TlsMinVersion: "1.3", CertificatePins: [{ host: "other.test", keys: [otherPin] }] });
    await testApp.untilAccount({ state: "online" });
    expect(clients).toHaveLength(1);
  });

  it("a server that policy does not allow is left, and not connected to", async () => {
    const { port, clients } = await start();
    await testApp.policy({ AllowedServers: ["chat.example.com"] });
    await expect(add(port)).rejects.toMatchObject({
      code: "blocked-by-policy",
      params: { setting: "AllowedServers", host: "127.0.0.1" },
    });
    expect(clients).toHaveLength(0);
    await testApp.policy({ AllowedServers: ["127.0.0.1"] });
    await add(port);
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ AllowedServers: ["chat.example.com"] });
    await clients[0]?.closed;
    await testApp.untilAccount(refusedBy("AllowedServers"));
    expect(clients).toHaveLength(1);
    await testApp.policy(undefined);
    await testApp.untilAccount({ state: "online" });
  });

  it("a server with another key than the pinned one is left, and not signed in to", async () => {
    const { port, clients } = await start();
    await add(port);
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ CertificatePins: [{ host: "127.0.0.1", keys: [otherPin] }] });
    await clients[0]?.closed;
    await testApp.untilAccount({ state: "failed", error: { code: "certificate-pin-mismatch" } });
    expect(clients.slice(1).some((client) => client.elements.some((element) => element.name === "auth"))).toBe(false);
    await testApp.policy({ CertificatePins: [{ host: "*.test", keys: [otherPin, pin()] }] });
    await testApp.untilAccount({ state: "online" });
    // Pins that cannot be used let nothing connect.
    await testApp.policy({ CertificatePins: [{ host: "example.test", keys: ["no pin"] }] });
    await testApp.untilAccount({ state: "failed", error: { code: "certificate-pin-mismatch" } });
  });

  it("an authority counts from the moment policy names it, and no longer than that", async () => {
    const { port } = await start();
    await expect(add(port, {})).rejects.toMatchObject({ code: "certificate-untrusted" });
    await testApp.policy({ AdditionalTrustAnchors: [certificate.pem] });
    await add(port, {});
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ AdditionalTrustAnchors: [] });
    await testApp.untilAccount({ state: "failed", error: { code: "certificate-untrusted" } });
    await testApp.policy({ AdditionalTrustAnchors: [certificate.pem] });
    await testApp.untilAccount({ state: "online" });
  });

  it("a way of signing in that policy forbids ends the session, and none is opened with it", async () => {
    const { port, clients } = await start();
    await add(port);
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ AuthMethods: ["SCRAM-SHA-256", "DIGEST-SHA-256"] });
    await clients[0]?.closed;
    await testApp.untilAccount(refusedBy("AuthMethods"));
    expect(clients.slice(1).some((client) => client.elements.some((element) => element.name === "auth"))).toBe(false);
    await testApp.policy({ AuthMethods: ["PLAIN"] });
    await testApp.untilAccount({ state: "online" });
  });
});

const otherPin = `${"A".repeat(43)}=`;

function pin(): string {
  const spki = new X509Certificate(certificate.pem).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64");
}
