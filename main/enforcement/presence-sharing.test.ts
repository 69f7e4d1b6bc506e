import type { Element } from "@xmpp/xml";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { createTestCertificate, type TestCertificate } from "../networks/xmpp/testing/certificate.ts";
import {
  type ScriptedClient,
  type ScriptedServer,
  startScriptedServer,
} from "../networks/xmpp/testing/scripted-server.ts";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

const nsInfo = "http://jabber.org/protocol/disco#info";
const nsPrivacy = "jabber:iq:privacy";
const roster = [
  "<item jid='bob@example.test' subscription='both'><group>Team</group></item>",
  "<item jid='carol@example.test' subscription='both'/>",
  "<item jid='dave@example.test' subscription='to'><group>Team</group></item>",
].join("");

let certificate: TestCertificate;
let testApp: OpenTestApp;
let server: ScriptedServer;
let canHide: boolean;

beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
beforeEach(async () => {
  testApp = await openTestApp();
  canHide = true;
  server = await startScriptedServer({ certificate, respond });
  await testApp.request("accounts.add", {
    address: "alice@example.test",
    password: "secret",
    protocol: "xmpp",
    server: { host: "127.0.0.1", port: server.port, caPem: certificate.pem },
  });
  await testApp.untilAccount({ state: "online" });
});
afterEach(async () => {
  await testApp.close();
  await server.stop();
});

function respond(element: Element): string | undefined {
  const { id, to, type } = element.attrs;
  if (element.name !== "iq") return undefined;
  const open = `<iq type='result' id='${id}'${to === undefined ? "" : ` from='${to}'`}>`;
  if (element.getChild("query", "jabber:iq:roster") && type === "get")
    return `${open}<query xmlns='jabber:iq:roster'>${roster}</query></iq>`;
  if (element.getChild("query", nsInfo))
    return `${open}<query xmlns='${nsInfo}'>${canHide ? `<feature var='${nsPrivacy}'/>` : ""}</query></iq>`;
  return undefined;
}

/** Presence traffic on a connection, in order: `list` with who is let through, `active`, or the presence. */
function said({ elements }: ScriptedClient): readonly string[] {
  return elements.flatMap((element) => {
    if (element.name === "presence") return [element.attrs["type"] ?? "available"];
    const query = element.attrs["type"] === "set" ? element.getChild("query", nsPrivacy) : undefined;
    const list = query?.getChild("list");
    if (list)
      return [
        `list ${list.getChildren("item").flatMap(({ attrs }) => (attrs["action"] === "allow" ? [attrs["value"]] : []))}`,
      ];
    return query?.getChild("active") ? ["active"] : [];
  });
}

/** The account is there over its connection of this number, and has said so. */
async function there(count: number): Promise<readonly string[]> {
  await vi.waitFor(() => expect(server.clients).toHaveLength(count));
  await server.client.until(({ name }) => name === "presence");
  await testApp.untilAccount({ state: "online" });
  return said(server.client);
}

it("whoever may not see us is shut out before we are there, and a server that cannot do that is left", async () => {
  expect(await there(1)).toEqual(["available"]);
  await testApp.policy({ PresenceSharing: "nobody" });
  expect(await there(2)).toEqual(["list ", "active", "available"]);
  await expect(testApp.request("settings.set", { key: "PresenceSharing", value: "contacts" })).rejects.toMatchObject({
    code: "locked-by-policy",
  });
  await testApp.policy({ PresenceSharing: "groups" });
  expect((await there(3))[0]).toBe("list bob@example.test");
  // Policy only tightens: the person may hide from everybody.
  await testApp.request("settings.set", { key: "PresenceSharing", value: "nobody" });
  expect(await there(4)).toEqual(["list ", "active", "available"]);
  canHide = false;
  await testApp.policy({ PresenceSharing: "groups" });
  await testApp.request("settings.set", { key: "PresenceSharing", value: null });
  await testApp.untilAccount({
    state: "failed",
    error: { code: "blocked-by-policy", params: { setting: "PresenceSharing" } },
  });
  expect(said(server.client)).toEqual([]);
  const before = server.clients.length;
  await testApp.policy(undefined);
  expect(await there(before + 1)).toEqual(["available"]);
});

it("who is put into a group, and who is taken out of one, is told at once", async () => {
  await testApp.policy({ PresenceSharing: "groups" });
  await there(2);
  const push = (item: string) =>
    server.client.write(`<iq type='set' id='push-${item.length}'><query xmlns='jabber:iq:roster'>${item}</query></iq>`);
  push("<item jid='carol@example.test' subscription='both'><group>Team</group></item>");
  await server.client.until(() => said(server.client).includes("list bob@example.test,carol@example.test"));
  push("<item jid='bob@example.test' subscription='both'/>");
  await server.client.until(() => said(server.client).includes("list carol@example.test"));
  const bob = server.client.elements.findIndex(
    ({ attrs }) => attrs["to"] === "bob@example.test" && attrs["type"] === "unavailable",
  );
  const shorter = server.client.elements.findIndex(
    ({ children }) => String(children).includes("carol@example.test") && !String(children).includes("bob@"),
  );
  expect(bob).toBeGreaterThan(0);
  expect(bob).toBeLessThan(shorter);
});
