import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDesk, type Desk } from "./desk.test-helper.ts";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";

const [colleague, known, nested] = ["ann@x.example", "5551234@sms.x.example", "bob*sip.example@gw.partner.example"] as const;

let folder: string;
let network: RecordedNetwork;
let desk: Desk;
let accountId: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-enforcement-"));
  network = createRecordedNetwork("xmpp", [colleague, known, nested]);
  desk = createDesk({ folder, networks: () => new Map([["xmpp", network]]) });
  await desk.app.start();
  await desk.untilVault("ready");
  ({ accountId } = await desk.request("accounts.add", { address: "me@x.example", password: "p", protocol: "xmpp", server: {} }));
  await vi.waitFor(async () => expect((await desk.request("app.snapshot", {})).tables.contacts).toHaveLength(3));
});
afterEach(async () => {
  await desk.app.stop();
  await rm(folder, { recursive: true });
});

const say = (to: string, body: string) => desk.request("messages.send", { conversationId: `${accountId}|${to}`, messageId: crypto.randomUUID(), body });
const refused = (domain: string) => ({ code: "blocked-by-policy", params: { setting: "GatewaysEnabled", domain } });

async function presenceOf(of: string): Promise<unknown> {
  return (await desk.request("app.snapshot", {})).tables.contacts.find(({ address }) => address === of)?.presence.availability;
}
async function bodies(of: string): Promise<readonly string[]> {
  return (await desk.request("conversations.open", { conversationId: `${accountId}|${of}`, limit: 50 })).messages.map(({ body }) => body);
}

it("people behind a gateway are neither written to, added nor heard, from the moment policy says so", async () => {
  for (const address of [colleague, known, nested]) network.emit({ type: "presence", address, presence: { availability: "available" } });
  network.emit({ type: "gateway", domain: "sms.x.example" });
  for (const to of [colleague, known, nested]) await say(to, "before");
  await desk.policy({ GatewaysEnabled: false });
  await vi.waitFor(async () => expect(await Promise.all([colleague, known, nested].map(presenceOf))).toEqual(["available", "unknown", "unknown"]));
  await expect(say(known, "after")).rejects.toMatchObject(refused("sms.x.example"));
  await expect(say(nested, "after")).rejects.toMatchObject(refused("gw.partner.example"));
  await expect(desk.request("contacts.add", { accountId, address: "eve%out.example@gw.partner.example", groups: [] })).rejects.toMatchObject({
    code: "blocked-by-policy",
  });
  await expect(desk.request("conversations.start", { accountId, address: "5559999@sms.x.example" })).rejects.toMatchObject(refused("sms.x.example"));
  for (const peer of [known, nested, colleague]) network.receive({ peer, body: `from ${peer}`, id: `in-${peer}` });
  await vi.waitFor(async () => expect(await bodies(colleague)).toContain(`from ${colleague}`));
  expect([...(await bodies(known)), ...(await bodies(nested))]).toEqual(["before", "before"]);
  // What is told to be a gateway later counts from then on.
  network.emit({ type: "gateway", domain: "x.example" });
  await vi.waitFor(async () => expect(await presenceOf(colleague)).toBe("unknown"));
  await desk.policy(undefined);
  await vi.waitFor(async () => expect(await Promise.all([colleague, known, nested].map(presenceOf))).toEqual(["available", "available", "available"]));
  await say(known, "again");
});
