import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { createTestCertificate, type TestCertificate } from "../networks/xmpp/testing/certificate.ts";
import {
  type ScriptedServer,
  type ScriptOptions,
  startScriptedServer,
} from "../networks/xmpp/testing/scripted-server.ts";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

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
});

async function add(options: ScriptOptions): Promise<{ readonly accountId: string }> {
  server = await startScriptedServer({ certificate, ...options });
  const settings = { host: "127.0.0.1", port: server.port, caPem: certificate.pem };
  return testApp.request("accounts.add", {
    address: "alice@example.test",
    password: "secret",
    protocol: "xmpp",
    server: settings,
  });
}

/**
 * Keys that hold by absence: these fail the day that what they are about is there, and the keys have to be enforced
 * then.
 */
it("nobody signs in without a name, and no account is made on a server", async () => {
  const offers = {
    mechanisms: ["ANONYMOUS"],
    saslFeatures: "<register xmlns='http://jabber.org/features/iq-register'/>",
  };
  await expect(add(offers)).rejects.toMatchObject({ code: "no-common-authentication" });
  expect(server?.client.elements.map(({ name }) => name)).not.toContain("auth");
  expect(server?.client.elements.map(({ name }) => name)).not.toContain("iq");
});

it("of a message only its plain text is shown: no rich text, no file, and no link is looked at", async () => {
  const roster = "<query xmlns='jabber:iq:roster'><item jid='bob@example.test' subscription='both'/></query>";
  const { accountId } = await add({
    respond: ({ name, attrs, children }) =>
      name === "iq" && attrs["type"] === "get" && String(children).includes("jabber:iq:roster")
        ? `<iq type='result' id='${attrs["id"]}'>${roster}</iq>`
        : undefined,
  });
  await testApp.untilAccount({ state: "online" });
  await server?.client.until(({ name }) => name === "presence");
  const connections = server?.clients.length;
  const link = `https://127.0.0.1:${server?.port}/secret.exe`;
  const rich =
    "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><b>rich</b></body></html>";
  const oob = `<x xmlns='jabber:x:oob'><url>${link}</url></x>`;
  server?.client.write(
    `<message from='bob@example.test/x' to='alice@example.test' type='chat' id='m1'><body>plain ${link}</body>${rich}${oob}</message>`,
  );
  const conversationId = `${accountId}|bob@example.test`;
  await vi.waitFor(async () => {
    const { messages } = await testApp.request("conversations.open", { conversationId, limit: 5 });
    expect(messages.map(({ body }) => body)).toEqual([`plain ${link}`]);
  });
  expect(server?.clients).toHaveLength(connections ?? 0);
});
