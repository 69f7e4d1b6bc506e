import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Desk } from "../enforcement/desk.test-helper.ts";
import { createDesks, type Desks } from "../enforcement/desks.test-helper.ts";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";

let desks: Desks;
let network: RecordedNetwork;

async function talk(desk: Desk): Promise<string> {
  const { accountId } = await desk.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "xmpp",
    server: {},
  });
  await desk.untilAccount({ state: "online" });
  const conversationId = `${accountId}|bob@x.example`;
  await desk.request("messages.send", { conversationId, messageId: crypto.randomUUID(), body: "under the first key" });
  return conversationId;
}

async function said(desk: Desk, conversationId: string): Promise<string[]> {
  return (await desk.request("conversations.open", { conversationId, limit: 50 })).messages.map(({ body }) => body);
}

const check = async (): Promise<string> => JSON.parse(await readFile(join(desks.folder, "vault.json"), "utf8")).check;

beforeEach(async () => {
  network = createRecordedNetwork("xmpp", ["bob@x.example"]);
  desks = await createDesks({ networks: () => new Map([["xmpp", network]]) });
});
afterEach(() => desks.close());

describe("changing the key from the window", () => {
  it("shows how far it is, signs in again, and everything is there, also after a restart and under policy", async () => {
    const desk = await desks.open();
    await desk.policy({ HistoryMode: "encrypted" });
    const conversationId = await talk(desk);
    const before = await check();
    const names = [...desks.secretStore.keys()].filter((name) => !name.includes("profile-key"));
    await desk.request("vault.change", {});
    await desk.untilVault("ready");
    await desk.untilAccount({ state: "online" });
    expect(JSON.stringify(desk.messages)).toContain('"vault":"changing"');
    expect(await check()).not.toBe(before);
    expect(await said(desk, conversationId)).toEqual(["under the first key"]);
    // A new one replaced the old in the secret store, and nothing else moved.
    expect([...desks.secretStore.keys()].filter((name) => !name.includes("profile-key"))).toEqual(
      expect.arrayContaining(names),
    );
    expect([...desks.secretStore.keys()].filter((name) => name.includes("profile-key"))).toHaveLength(1);
    network.receive({ peer: "bob@x.example", body: "under the second", id: "b1" });
    await expect.poll(() => said(desk, conversationId)).toEqual(["under the first key", "under the second"]);
    await expect(desk.request("vault.change", { current: "x", passphrase: "long enough" })).rejects.toMatchObject({
      code: "not-allowed",
    });
    await desk.app.stop();
    const again = await desks.open();
    await again.untilAccount({ state: "online" });
    expect(await said(again, conversationId)).toEqual(["under the first key", "under the second"]);
  });

  it("asks for the passphrase of now, makes the new one the only one, and moves the key into a secret store when there is one", async () => {
    const desk = await desks.open({ secretStore: "absent" }, "new");
    await desk.request("vault.create", { passphrase: "marble lantern orchard" });
    await desk.untilVault("ready");
    const conversationId = await talk(desk);
    await expect(
      desk.request("vault.change", { current: "wrong", passphrase: "copper violin meadow" }),
    ).rejects.toMatchObject({
      code: "vault-wrong-passphrase",
    });
    expect((await desk.appRecord()).vault).toBe("ready");
    await expect(
      desk.request("vault.change", { current: "marble lantern orchard", passphrase: "copper2026" }),
    ).rejects.toMatchObject({
      code: "passphrase-weak",
    });
    await desk.request("vault.change", { current: "marble lantern orchard", passphrase: "copper violin meadow" });
    await desk.untilVault("ready");
    await expect(
      desk.request("vault.change", { current: "copper violin meadow", secretStore: true }),
    ).rejects.toMatchObject({ code: "vault-unavailable" });
    await desk.untilVault("ready");
    await desk.app.stop();

    const second = await desks.open({}, "locked");
    await expect(second.request("vault.unlock", { passphrase: "marble lantern orchard" })).rejects.toMatchObject({
      code: "vault-wrong-passphrase",
    });
    await second.request("vault.unlock", { passphrase: "copper violin meadow" });
    await second.untilVault("ready");
    await second.request("vault.change", { current: "copper violin meadow", secretStore: true });
    await second.untilVault("ready");
    await second.untilAccount({ state: "online" });
    await second.app.stop();

    const third = await desks.open();
    // The password came along.
    await third.untilAccount({ state: "online" });
    expect([...desks.secretStore.keys()].some((name) => name.includes("/password/"))).toBe(true);
    expect(await said(third, conversationId)).toEqual(["under the first key"]);
  });
});
