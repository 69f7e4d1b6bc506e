import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";
import { createTestCertificate } from "../networks/xmpp/testing/certificate.ts";
import { honestScram } from "../networks/xmpp/testing/scram-server.ts";
import { type ScriptedServer, startScriptedServer } from "../networks/xmpp/testing/scripted-server.ts";

const account = { address: "alice@example.test", password: "secret", protocol: "xmpp" } as const;
const certificate = createTestCertificate("example.test");

let testApps: TestApps;
let server: ScriptedServer;
/** Mechanisms that the server offers, which a test changes. */
let mechanisms: string[];

beforeEach(async () => {
  mechanisms = ["SCRAM-SHA-256", "PLAIN"];
  const scram = honestScram(account.password);
  let plain = false;
  server = await startScriptedServer({
    certificate,
    mechanisms,
    sasl: (element, client) => {
      if (element.name === "auth") plain = element.attrs["mechanism"] === "PLAIN";
      return plain ? "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" : scram(element, client);
    },
  });
  testApps = await createTestApps();
});
afterEach(async () => {
  await testApps.close();
  await server.stop();
});

/** With an account that has signed in by SCRAM; then only the password itself is asked for. */
async function signedInOnce(): Promise<{ readonly testApp: TestApp; readonly accountId: string }> {
  const testApp = await testApps.open();
  const { accountId } = await testApp.request("accounts.add", {
    ...account,
    server: { host: "127.0.0.1", port: server.port, caPem: certificate.pem },
  });
  await testApp.untilAccount({ state: "online" });
  await testApp.app.stop();
  mechanisms.splice(0, mechanisms.length, "PLAIN");
  return { testApp, accountId };
}
const sentInClear = () =>
  server.clients.some(({ elements }) => elements.some((e) => e.name === "auth" && e.attrs["mechanism"] === "PLAIN"));
const refused = {
  state: "failed",
  error: { code: "weaker-sign-in", params: { before: "SCRAM-SHA-256", now: "PLAIN" } },
};

describe("a server that asks for a weaker way of signing in than before", () => {
  it("does not get the password, not even after a restart, and the person is told", async () => {
    await signedInOnce();
    const testApp = await testApps.open();
    await testApp.untilAccount(refused);
    const connections = server.clients.length;
    await testApp.request("accounts.retry", {});
    await expect.poll(() => server.clients.length).toBeGreaterThan(connections);
    await server.client.closed;
    await testApp.untilAccount(refused);
    expect(sentInClear()).toBe(false);
  });

  it("gets it when the person consents to that way, and to no other, and again after a restart", async () => {
    const { accountId } = await signedInOnce();
    const second = await testApps.open();
    await second.untilAccount(refused);
    await expect(
      second.request("accounts.allowWeakerSignIn", { accountId, method: "SCRAM-SHA-1" }),
    ).rejects.toMatchObject({ code: "not-found" });
    expect(sentInClear()).toBe(false);
    await second.request("accounts.allowWeakerSignIn", { accountId, method: "PLAIN" });
    await second.untilAccount({ state: "online" });
    await second.app.stop();
    const third = await testApps.open();
    await third.untilAccount({ state: "online" });
    // What was consented to is no way around what follows: SCRAM, once it is back, counts again.
    mechanisms.splice(0, mechanisms.length, "SCRAM-SHA-256");
    await third.app.stop();
    const fourth = await testApps.open();
    await fourth.untilAccount({ state: "online" });
    await fourth.app.stop();
    mechanisms.splice(0, mechanisms.length, "PLAIN");
    await (await testApps.open()).untilAccount(refused);
  });

  it("does not get it to find out whether a password is right", async () => {
    const testApp = await testApps.open();
    await testApp.policy({ PasswordSaveEnabled: false });
    await testApp.request("accounts.add", {
      ...account,
      server: { host: "127.0.0.1", port: server.port, caPem: certificate.pem },
    });
    await testApp.untilAccount({ state: "online" });
    await testApp.request("lock.now", {});
    await testApp.app.stop();
    mechanisms.splice(0, mechanisms.length, "PLAIN");
    const second = await testApps.open();
    await expect.poll(async () => (await second.appRecord()).lockedBy).toBe("sign-in");
    const asked = second.request("lock.unlock", { secret: account.password, address: account.address });
    await expect(asked).rejects.toMatchObject({ code: "weaker-sign-in" });
    expect(sentInClear()).toBe(false);
  });

  it("does not get it by asking for consent when there is nothing to consent to", async () => {
    const testApp = await testApps.open();
    const { accountId } = await testApp.request("accounts.add", {
      ...account,
      server: { host: "127.0.0.1", port: server.port, caPem: certificate.pem },
    });
    await testApp.untilAccount({ state: "online" });
    await expect(testApp.request("accounts.allowWeakerSignIn", { accountId, method: "PLAIN" })).rejects.toMatchObject({
      code: "not-found",
    });
  });
});
