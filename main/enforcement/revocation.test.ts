import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createTestAuthority,
  type IssuedCertificate,
  type TestAuthority,
} from "../networks/revocation/testing/authority.ts";
import { type OcspResponder, startOcspResponder } from "../networks/revocation/testing/responder.ts";
import { type ScriptedServer, startScriptedServer } from "../networks/xmpp/testing/scripted-server.ts";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

let testApp: OpenTestApp;
let authority: TestAuthority;
let responder: OcspResponder;
let certificate: IssuedCertificate;
let server: ScriptedServer;

beforeEach(async () => {
  authority = createTestAuthority();
  responder = await startOcspResponder(authority.root);
  certificate = authority.issue("example.test", [`authorityInfoAccess=OCSP;URI:${responder.url}`]);
  server = await startScriptedServer({ certificate });
  testApp = await openTestApp();
});
afterEach(async () => {
  await testApp.close();
  await server.stop();
  await responder.stop();
  authority.remove();
});

const add = () =>
  testApp.request("accounts.add", {
    address: "alice@example.test",
    password: "secret",
    protocol: "xmpp",
    server: { host: "127.0.0.1", port: server.port, caPem: authority.root.pem },
  });
/** Whether anybody began to sign in. */
const signedIn = () => server.clients.some((client) => client.elements.some((element) => element.name === "auth"));
const say = (state: "good" | "revoked") => responder.say([{ pem: certificate.pem, state }]);

describe("revoked certificates", () => {
  it("a server whose certificate was revoked is not signed in to, nor under hard one about which nobody answers", async () => {
    await say("revoked");
    await expect(add()).rejects.toMatchObject({ code: "certificate-revoked", params: { host: "127.0.0.1" } });
    expect(signedIn()).toBe(false);

    // Where nobody is asked, it is signed in to; the connection does not outlive that.
    await testApp.policy({ RevocationMode: "off" });
    const before = responder.asked;
    await add();
    await testApp.untilAccount({ state: "online" });
    expect(responder.asked).toBe(before);
    await testApp.policy({ RevocationMode: "soft" });
    await testApp.untilAccount({ state: "failed", error: { code: "certificate-revoked" } });
  });

  it("a certificate about which nobody answers is enough for soft, and not for hard", async () => {
    responder.falter(true);
    await testApp.policy({ RevocationMode: "hard" });
    await expect(add()).rejects.toMatchObject({ code: "certificate-unchecked", params: { host: "127.0.0.1" } });
    expect(signedIn()).toBe(false);
    await testApp.policy({ RevocationMode: "soft" });
    await add();
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ RevocationMode: "hard" });
    await testApp.untilAccount({ error: { code: "certificate-unchecked" } });
  });

  it("a certificate that its authority calls good is enough for hard, and stays so", async () => {
    await say("good");
    await testApp.policy({ RevocationMode: "hard" });
    await add();
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ RevocationMode: "soft" });
    await testApp.policy({ RevocationMode: "hard" });
    await testApp.untilAccount({ state: "online" });
    expect(server.clients.filter((client) => client.elements.some((element) => element.name === "auth"))).toHaveLength(
      1,
    );
    expect(responder.asked).toBe(1);
  });
});
