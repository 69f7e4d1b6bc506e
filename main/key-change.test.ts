import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDesk, type Desk } from "./enforcement/desk.test-helper.ts";
import { createRecordedNetwork, type RecordedNetwork } from "./enforcement/recorded-network.test-helper.ts";

let folder: string;
let network: RecordedNetwork;
let secretStore: Map<string, string>;
let running: Desk[];

async function open(vault: "ready" | "new" | "locked", store: Map<string, string> | "absent"): Promise<Desk> {
  const desk = createDesk({ folder, secretStore: store, networks: () => new Map([["xmpp", network]]) });
  running.push(desk);
  await desk.app.start();
  await desk.untilVault(vault);
  return desk;
}

async function talk(desk: Desk): Promise<string> {
  const { accountId } = await desk.request("accounts.add", { address: "me@x.example", password: "p", protocol: "xmpp", server: {} });
  await desk.untilAccount({ state: "online" });
  const conversationId = `${accountId}|bob@x.example`;
  await desk.request("messages.send", { conversationId, messageId: crypto.randomUUID(), body: "under the first key" });
  return conversationId;
}

async function said(desk: Desk, conversationId: string): Promise<string[]> {
  return (await desk.request("conversations.open", { conversationId, limit: 50 })).messages.map(({ body }) => body);
}

const check = async (): Promise<string> => JSON.parse(await readFile(join(folder, "vault.json"), "utf8")).check;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-key-change-"));
  network = createRecordedNetwork("xmpp", ["bob@x.example"]);
  secretStore = new Map();
  running = [];
});
afterEach(async () => {
  for (const { app } of running) await app.stop();
  await rm(folder, { recursive: true });
});

describe("changing the key from the window", () => {
  it("shows how far it is, signs in again, and everything is there, also after a restart and under policy", async () => {
    const desk = await open("ready", secretStore);
    await desk.policy({ HistoryMode: "encrypted" });
    const conversationId = await talk(desk);
    const before = await check();
    const names = [...secretStore.keys()].filter((name) => !name.includes("profile-key"));
    await desk.request("vault.change", {});
    await desk.untilVault("ready");
    await desk.untilAccount({ state: "online" });
    expect(JSON.stringify(desk.messages)).toContain('"vault":"changing"');
    expect(await check()).not.toBe(before);
    expect(await said(desk, conversationId)).toEqual(["under the first key"]);
    // A new one replaced the old in the secret store, and nothing else moved.
    expect([...secretStore.keys()].filter((name) => !name.includes("profile-key"))).toEqual(expect.arrayContaining(names));
    expect([...secretStore.keys()].filter((name) => name.includes("profile-key"))).toHaveLength(1);
    network.receive({ peer: "bob@x.example", body: "under the second", id: "b1" });
    await expect.poll(() => said(desk, conversationId)).toEqual(["under the first key", "under the second"]);
    await expect(desk.request("vault.change", { current: "x", passphrase: "long enough" })).rejects.toMatchObject({ code: "not-allowed" });
    await desk.app.stop();
    const again = await open("ready", secretStore);
    await again.untilAccount({ state: "online" });
    expect(await said(again, conversationId)).toEqual(["under the first key", "under the second"]);
  });

  it("asks for the passphrase of now, makes the new one the only one, and moves the key into a secret store when there is one", async () => {
    const desk = await open("new", "absent");
    await desk.request("vault.create", { passphrase: "the first passphrase" });
    await desk.untilVault("ready");
    const conversationId = await talk(desk);
    await expect(desk.request("vault.change", { current: "wrong", passphrase: "the second passphrase" })).rejects.toMatchObject({
      code: "vault-wrong-passphrase",
    });
    expect((await desk.appRecord()).vault).toBe("ready");
    await desk.request("vault.change", { current: "the first passphrase", passphrase: "the second passphrase" });
    await desk.untilVault("ready");
    await expect(desk.request("vault.change", { current: "the second passphrase", secretStore: true })).rejects.toMatchObject({ code: "vault-unavailable" });
    await desk.untilVault("ready");
    await desk.app.stop();

    const second = await open("locked", secretStore);
    await expect(second.request("vault.unlock", { passphrase: "the first passphrase" })).rejects.toMatchObject({ code: "vault-wrong-passphrase" });
    await second.request("vault.unlock", { passphrase: "the second passphrase" });
    await second.untilVault("ready");
    await second.request("vault.change", { current: "the second passphrase", secretStore: true });
    await second.untilVault("ready");
    await second.untilAccount({ state: "online" });
    await second.app.stop();

    const third = await open("ready", secretStore);
    // The password came along.
    await third.untilAccount({ state: "online" });
    expect([...secretStore.keys()].some((name) => name.includes("/password/"))).toBe(true);
    expect(await said(third, conversationId)).toEqual(["under the first key"]);
  });
});
