import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";

let testApps: TestApps;
let network: RecordedNetwork;

async function talk(testApp: TestApp): Promise<string> {
  const { accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "xmpp",
    server: {},
  });
  await testApp.untilAccount({ state: "online" });
  const conversationId = `${accountId}|bob@x.example`;
  await testApp.request("messages.send", {
    conversationId,
    messageId: crypto.randomUUID(),
    body: "under the first key",
  });
  return conversationId;
}

async function said(testApp: TestApp, conversationId: string): Promise<string[]> {
  return (await testApp.request("conversations.open", { conversationId, limit: 50 })).messages.map(({ body }) => body);
}

const check = async (): Promise<string> =>
  JSON.parse(await readFile(join(testApps.folder, "vault.json"), "utf8")).check;

beforeEach(async () => {
  network = createRecordedNetwork("xmpp", ["bob@x.example"]);
  testApps = await createTestApps({ networks: () => [network] });
});
afterEach(() => testApps.close());

describe("changing the key from the window", () => {
  it("shows how far it is, signs in again, and everything is there, also after a restart and under policy", async () => {
    const testApp = await testApps.open();
    await testApp.policy({ HistoryMode: "encrypted" });
    const conversationId = await talk(testApp);
    const before = await check();
    const names = [...testApps.secretStore.keys()].filter((name) => !name.includes("profile-key"));
    await testApp.request("vault.change", {});
    await testApp.untilVault("ready");
    await testApp.untilAccount({ state: "online" });
    expect(JSON.stringify(testApp.messages)).toContain('"vault":"changing"');
    expect(await check()).not.toBe(before);
    expect(await said(testApp, conversationId)).toEqual(["under the first key"]);
    // A new one replaced the old in the secret store, and nothing else moved.
    expect([...testApps.secretStore.keys()].filter((name) => !name.includes("profile-key"))).toEqual(
      expect.arrayContaining(names),
    );
    expect([...testApps.secretStore.keys()].filter((name) => name.includes("profile-key"))).toHaveLength(1);
    network.receive({ peer: "bob@x.example", body: "under the second", id: "b1" });
    await expect.poll(() => said(testApp, conversationId)).toEqual(["under the first key", "under the second"]);
    await expect(testApp.request("vault.change", { current: "x", passphrase: "long enough" })).rejects.toMatchObject({
      code: "not-allowed",
    });
    await testApp.app.stop();
    const again = await testApps.open();
    await again.untilAccount({ state: "online" });
    expect(await said(again, conversationId)).toEqual(["under the first key", "under the second"]);
  });

  it("asks for the passphrase of now, makes the new one the only one, and moves the key into a secret store when there is one", async () => {
    const testApp = await testApps.open({ secretStore: "absent" }, "new");
    await testApp.request("vault.create", { passphrase: "marble lantern orchard" });
    await testApp.untilVault("ready");
    const conversationId = await talk(testApp);
    await expect(
      testApp.request("vault.change", { current: "wrong", passphrase: "copper violin meadow" }),
    ).rejects.toMatchObject({
      code: "vault-wrong-passphrase",
    });
    expect((await testApp.appRecord()).vault).toBe("ready");
    await expect(
      testApp.request("vault.change", { current: "marble lantern orchard", passphrase: "copper2026" }),
    ).rejects.toMatchObject({
      code: "passphrase-weak",
    });
    await testApp.request("vault.change", { current: "marble lantern orchard", passphrase: "copper violin meadow" });
    await testApp.untilVault("ready");
    await expect(
      testApp.request("vault.change", { current: "copper violin meadow", secretStore: true }),
    ).rejects.toMatchObject({ code: "vault-unavailable" });
    await testApp.untilVault("ready");
    await testApp.app.stop();

    const second = await testApps.open({}, "locked");
    await expect(second.request("vault.unlock", { passphrase: "marble lantern orchard" })).rejects.toMatchObject({
      code: "vault-wrong-passphrase",
    });
    await second.request("vault.unlock", { passphrase: "copper violin meadow" });
    await second.untilVault("ready");
    await second.request("vault.change", { current: "copper violin meadow", secretStore: true });
    await second.untilVault("ready");
    await second.untilAccount({ state: "online" });
    await second.app.stop();

    const third = await testApps.open();
    // The password came along.
    await third.untilAccount({ state: "online" });
    expect([...testApps.secretStore.keys()].some((name) => name.includes("/password/"))).toBe(true);
    expect(await said(third, conversationId)).toEqual(["under the first key"]);
  });
});
