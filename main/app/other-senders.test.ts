import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";

/** Senders that are no `name@domain`: telephones, servers, URIs of other kinds, and people who hide who they are. */
const telephone = "tel:+15550100";
const gateway = "gateway.x.example";
const emergency = "urn:service:sos";
const anonymous = "anonymous@anonymous.invalid";
const bob = "bob@x.example";

let testApps: TestApps;
let network: RecordedNetwork;
let testApp: TestApp;
let accountId: string;

beforeEach(async () => {
  network = createRecordedNetwork("simple", [bob]);
  testApps = await createTestApps({ networks: () => [network] });
  testApp = await testApps.open();
  ({ accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "simple",
    server: {},
  }));
  await vi.waitFor(async () => expect((await tables()).contacts).toHaveLength(1));
});
afterEach(() => testApps.close());

const tables = async () => (await testApp.request("app.snapshot", {})).tables;
const idOf = (address: string): string => `${accountId}|${address}`;
const contactOf = async (address: string) => (await tables()).contacts.find(({ id }) => id === idOf(address));

/** They write, and then somebody known, whose message says that all before it is stored. */
async function write(...peers: readonly string[]): Promise<void> {
  for (const peer of peers)
    network.receive({
      peer,
      body: `from ${peer}`,
      id: `m-${peer}`,
      author: { address: peer, ...(peer === telephone ? { name: "Anna" } : {}), isSelf: false },
    });
  network.receive({ peer: bob, body: "mark", id: "mark" });
  await vi.waitFor(async () =>
    expect((await testApp.request("history.search", { text: "mark", limit: 1 })).hits).toHaveLength(1),
  );
}

describe("whoever is no person on a network", () => {
  it("asks like any stranger, under its own address, and is named by it when it is accepted", async () => {
    await write(telephone, gateway, emergency, anonymous);
    const { requests } = await tables();
    expect(requests.map(({ address, name, text }) => [address, name, text]).sort()).toEqual(
      [
        [telephone, "Anna", `from ${telephone}`],
        [gateway, undefined, `from ${gateway}`],
        [emergency, undefined, `from ${emergency}`],
        [anonymous, undefined, `from ${anonymous}`],
      ].sort(),
    );
    for (const address of [telephone, gateway, emergency, anonymous])
      await testApp.request("requests.answer", { requestId: idOf(address), answer: "accept" });
    await vi.waitFor(async () => expect((await contactOf(gateway))?.name).toBe(gateway));
    expect((await contactOf(telephone))?.name).toBe("+15550100");
    expect((await contactOf(emergency))?.name).toBe(emergency);
    expect((await contactOf(anonymous))?.name).toBe("anonymous");
    // There is nobody to be seen behind the others.
    expect(network.added).toEqual([telephone, gateway]);
    expect([(await contactOf(emergency))?.listed, (await contactOf(anonymous))?.listed]).toEqual([false, false]);
    const { messages } = await testApp.request("conversations.open", { conversationId: idOf(telephone), limit: 10 });
    expect(messages.map(({ body }) => body)).toEqual([`from ${telephone}`]);
  });

  it("is answered where that can be, and else the person is told why not before anything is stored", async () => {
    await testApp.request("settings.set", { key: "StrangerMode", value: "open" });
    await write(telephone, gateway, emergency, anonymous);
    const send = (address: string) =>
      testApp.request("messages.send", {
        conversationId: idOf(address),
        messageId: crypto.randomUUID(),
        body: `to ${address}`,
      });
    for (const address of [telephone, gateway]) await send(address);
    for (const address of [emergency, anonymous])
      await expect(send(address)).rejects.toMatchObject({ code: "unanswerable" });
    await vi.waitFor(() => expect(network.messages.map(({ to }) => to)).toEqual([telephone, gateway]));
    expect((await testApp.request("history.search", { text: "to", limit: 10 })).hits).toHaveLength(2);
    await expect(testApp.request("contacts.add", { accountId, address: anonymous, groups: [] })).rejects.toMatchObject({
      code: "unanswerable",
    });
    // As the window has it, although nobody could type it.
    await testApp.request("contacts.add", { accountId, address: gateway, groups: [] });
    await testApp.request("conversations.start", { accountId, address: gateway });
    await testApp.request("contacts.add", { accountId, address: "tel:+1 555 0200", groups: [] });
    expect(network.added).toEqual([gateway, "tel:+15550200"]);
  });

  it("is blocked for good, and nobody else with it", async () => {
    await write(telephone);
    await testApp.request("requests.answer", { requestId: idOf(telephone), answer: "block" });
    network.receive({ peer: telephone, body: "again", id: "m2" });
    network.receive({ peer: "tel:+15550200", body: "another", id: "m3" });
    await vi.waitFor(async () =>
      expect((await tables()).requests.map(({ address }) => address)).toEqual(["tel:+15550200"]),
    );
    expect((await testApp.request("history.search", { text: "again", limit: 1 })).hits).toEqual([]);
  });

  it.each([
    { FederationMode: "list", AllowedDomains: ["partner.example"] },
    { FederationMode: "none" },
    { GatewaysEnabled: false },
  ])("is outside of every domain that %j allows", async (policy) => {
    await testApp.policy(policy);
    await write(telephone, emergency, "elsewhere.example");
    expect((await tables()).requests.map(({ address }) => address)).toEqual(
      "GatewaysEnabled" in policy ? ["elsewhere.example"] : [],
    );
    await expect(testApp.request("contacts.add", { accountId, address: telephone, groups: [] })).rejects.toMatchObject({
      code: "blocked-by-policy",
    });
  });

  it.each(["sip:x.example", telephone, "x.example"])("is nobody to sign in as: %s", async (address) => {
    await expect(
      testApp.request("accounts.add", { address, password: "p", protocol: "simple", server: {} }),
    ).rejects.toMatchObject({ code: "invalid-address" });
  });
});
