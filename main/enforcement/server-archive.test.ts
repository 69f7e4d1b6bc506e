import type { Element } from "@xmpp/xml";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestCertificate, type TestCertificate } from "../networks/xmpp/testing/certificate.ts";
import { type ScriptedServer, startScriptedServer } from "../networks/xmpp/testing/scripted-server.ts";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

const nsArchive = "urn:xmpp:mam:2";
const nsInfo = "http://jabber.org/protocol/disco#info";

let certificate: TestCertificate;
let testApp: OpenTestApp;
let server: ScriptedServer;
/**
 * Manner in which the server treats preferences: applies them, knows nothing of archives, keeps them as they are, or
 * makes exceptions.
 */
let manner: "obeys" | "no archive" | "stubborn" | "exceptions";
let asked: (string | undefined)[];

beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
beforeEach(async () => {
  testApp = await openTestApp();
  manner = "obeys";
  asked = [];
  server = await startScriptedServer({ certificate, respond });
});
afterEach(async () => {
  await testApp.close();
  await server.stop();
});

function respond(element: Element): string | undefined {
  const { id, to, type } = element.attrs;
  const from = to === undefined ? "" : ` from='${to}'`;
  if (element.name !== "iq") return undefined;
  if (type === "get" && element.getChild("query", nsInfo))
    return `<iq type='result' id='${id}'${from}><query xmlns='${nsInfo}'>${manner === "no archive" ? "" : `<feature var='${nsArchive}'/>`}</query></iq>`;
  const preferences = element.getChild("prefs", nsArchive);
  if (!preferences) return undefined;
  asked.push(preferences.attrs["default"]);
  const answer = (kept: string | undefined, except = "") =>
    `<iq type='result' id='${id}'${from}><prefs xmlns='${nsArchive}' default='${kept}'><always/><never>${except}</never></prefs></iq>`;
  if (manner === "obeys") return answer(preferences.attrs["default"]);
  if (manner === "stubborn") return answer("roster");
  if (manner === "exceptions") return answer(preferences.attrs["default"], "<jid>bob@example.test</jid>");
  return `<iq type='error' id='${id}'${from}><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;
}

const add = () =>
  testApp.request("accounts.add", {
    address: "alice@example.test",
    password: "secret",
    protocol: "xmpp",
    server: { host: "127.0.0.1", port: server.port, caPem: certificate.pem },
  });
const refusal = { code: "blocked-by-policy", params: { setting: "ServerArchiveMode" } };

it("a server that does not archive is left where policy requires it, and one that cannot be told not to where policy forbids it", async () => {
  await add();
  await testApp.untilAccount({ state: "online" });
  expect(asked).toEqual([]);
  // The one that stands is made anew with what is asked of it.
  await testApp.policy({ ServerArchiveMode: "require" });
  await server.clients[0]?.closed;
  await testApp.untilAccount({ state: "online" });
  expect(asked).toEqual(["always"]);
  for (const other of ["no archive", "stubborn", "exceptions"] as const) {
    manner = other;
    await testApp.policy({ ServerArchiveMode: "allow" });
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ ServerArchiveMode: "forbid" });
    if (other === "stubborn") await testApp.untilAccount({ state: "failed", error: refusal });
    else await testApp.untilAccount({ state: "online" });
    await testApp.policy({ ServerArchiveMode: "require" });
    await testApp.untilAccount({ state: "failed", error: refusal });
    // Nobody has seen that somebody was there.
    expect(server.client.elements.some(({ name }) => name === "presence")).toBe(false);
  }
  // What cannot be used requires.
  await testApp.policy({ ServerArchiveMode: "perhaps" });
  await testApp.untilAccount({ state: "failed", error: refusal });
  await testApp.policy(undefined);
  await testApp.untilAccount({ state: "online" });
});

it("a network without an archive is not signed in to where one is required", async () => {
  await testApp.policy({ ServerArchiveMode: "require" });
  const simple = {
    address: "alice@example.test",
    password: "secret",
    protocol: "simple" as const,
    server: { host: "127.0.0.1", port: 9 },
  };
  await expect(testApp.request("accounts.add", simple)).rejects.toMatchObject(refusal);
  await testApp.policy({ ServerArchiveMode: "forbid" });
  await expect(testApp.request("accounts.add", simple)).rejects.toMatchObject({ code: "connection-refused" });
});
