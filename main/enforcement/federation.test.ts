import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Availability } from "../../shared/model/presence.ts";
import { createDesk, type Desk } from "./desk.test-helper.ts";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";

const [colleague, partner, outsider] = ["ann@x.example", "pat@partner.example", "eve@out.example"] as const;

let folder: string;
let network: RecordedNetwork;
let desk: Desk;
let accountId: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-enforcement-"));
  network = createRecordedNetwork("xmpp", [colleague, partner, outsider]);
  desk = createDesk({ folder, networks: () => new Map([["xmpp", network]]) });
  await desk.app.start();
  await desk.untilVault("ready");
  ({ accountId } = await desk.request("accounts.add", { address: "me@x.example", password: "p", protocol: "xmpp", server: {} }));
  await desk.untilAccount({ state: "online" });
  await vi.waitFor(async () => expect((await desk.request("app.snapshot", {})).tables.contacts).toHaveLength(3));
});
afterEach(async () => {
  await desk.app.stop();
  await rm(folder, { recursive: true });
});

function say(to: string, body: string): Promise<unknown> {
  return desk.request("messages.send", { conversationId: `${accountId}|${to}`, messageId: crypto.randomUUID(), body });
}

async function bodies(of: string): Promise<readonly string[]> {
  return (await desk.request("conversations.open", { conversationId: `${accountId}|${of}`, limit: 50 })).messages.map(({ body }) => body);
}

async function untilPresence(of: string, availability: Availability): Promise<void> {
  await vi.waitFor(async () => {
    const { contacts } = (await desk.request("app.snapshot", {})).tables;
    expect(contacts.find(({ address }) => address === of)?.presence.availability).toBe(availability);
  });
}

const refused = (setting: string, domain: string) => ({ code: "blocked-by-policy", params: { setting, domain } });
const written = () => network.messages.map(({ to, body }) => `${to}: ${body}`);

describe("federation", () => {
  it("people outside the allowed domains are neither written to, added nor heard, from the moment policy says so", async () => {
    await say(outsider, "before");
    for (const address of [colleague, partner, outsider]) network.emit({ type: "presence", address, presence: { availability: "available" } });
    await untilPresence(outsider, "available");

    await desk.policy({ FederationMode: "list", AllowedDomains: ["*.other.example", "partner.example"] });
    await untilPresence(outsider, "unknown");
    await expect(say(outsider, "after")).rejects.toMatchObject(refused("FederationMode", "out.example"));
    await expect(desk.request("conversations.start", { accountId, address: "new@out.example" })).rejects.toMatchObject({ code: "blocked-by-policy" });
    await expect(desk.request("contacts.add", { accountId, address: "new@out.example", groups: [] })).rejects.toMatchObject({ code: "blocked-by-policy" });
    for (const [index, peer] of [outsider, partner, colleague].entries()) network.receive({ peer, body: `from ${peer}`, id: `in-${index}` });
    network.receive({ peer: outsider, body: "from my other device", id: "carbon", via: "carbon", direction: "out" });
    network.emit({ type: "subscription-request", address: "asks@out.example", name: undefined, text: undefined });
    network.emit({ type: "typing", peer: outsider, active: true });
    network.emit({ type: "presence", address: outsider, presence: { availability: "busy" } });
    await say(partner, "hello");
    await say(colleague, "hello");
    await desk.request("contacts.add", { accountId, address: "sub@a.other.example", groups: [] });
    await vi.waitFor(async () => expect(await bodies(colleague)).toContain(`from ${colleague}`));
    expect(await bodies(partner)).toContain(`from ${partner}`);
    expect(await bodies(outsider)).toEqual(["before"]);
    const { tables } = await desk.request("app.snapshot", {});
    expect(tables.requests).toEqual([]);
    expect(tables.conversations.find(({ id }) => id.endsWith(outsider))?.typing).toBe(false);
    await untilPresence(outsider, "unknown");
    expect(written()).toEqual([`${outsider}: before`, `${partner}: hello`, `${colleague}: hello`]);
    expect(network.added).toEqual(["sub@a.other.example"]);
    expect(network.receipts.filter(({ to }) => to === outsider)).toEqual([]);

    // Nobody outside, and then everybody again: who is there is seen at once.
    await desk.policy({ FederationMode: "none" });
    await expect(say(partner, "no")).rejects.toMatchObject(refused("FederationMode", "partner.example"));
    await say(colleague, "yes");
    await desk.policy(undefined);
    await untilPresence(outsider, "busy");
    await say(outsider, "again");
    await vi.waitFor(() => expect(written().at(-1)).toBe(`${outsider}: again`));
  });

  it("people of a blocked domain are shut out on every way, the archive too, whatever else allows them", async () => {
    await desk.policy({ FederationMode: "list", AllowedDomains: ["*"], BlockedDomains: ["out.example"] });
    await expect(say(outsider, "no")).rejects.toMatchObject(refused("BlockedDomains", "out.example"));
    await say(partner, "yes");
    // What waits in the server's archive is read at the next sign-in.
    network.archive.push(
      { peer: outsider, body: "old, from outside", id: "a1" },
      { peer: partner, body: "old, from a partner", id: "a2" },
      { peer: "someone@out.example", body: "old, from a stranger", id: "a3" },
    );
    await desk.request("accounts.update", { accountId, enabled: false });
    await desk.request("accounts.update", { accountId, enabled: true });
    await vi.waitFor(async () => expect(await bodies(partner)).toContain("old, from a partner"));
    expect(await bodies(outsider)).toEqual([]);
    expect((await desk.request("app.snapshot", {})).tables.requests).toEqual([]);

    // Every domain: only those of the own accounts are left. Named expressly, not even those.
    await desk.policy({ BlockedDomains: ["*"] });
    await expect(say(partner, "no")).rejects.toMatchObject(refused("BlockedDomains", "partner.example"));
    await say(colleague, "yes");
    await desk.policy({ BlockedDomains: ["x.example"] });
    await expect(say(colleague, "no")).rejects.toMatchObject(refused("BlockedDomains", "x.example"));
    await say(partner, "yes again");
    // A list that cannot be read blocks everybody outside.
    await desk.policy({ BlockedDomains: "x.example" });
    await expect(say(partner, "no")).rejects.toMatchObject(refused("BlockedDomains", "partner.example"));
  });

  it("a message that waited while the rules changed is not sent", async () => {
    await desk.request("presence.set", { presence: { availability: "offline" } });
    await desk.untilAccount({ state: "signed-out" });
    await say(outsider, "waits");
    await say(colleague, "waits");
    await desk.policy({ FederationMode: "none" });
    await desk.request("presence.set", { presence: { availability: "available" } });
    await vi.waitFor(() => expect(written()).toEqual([`${colleague}: waits`]));
    await vi.waitFor(async () => {
      const { messages } = await desk.request("conversations.open", { conversationId: `${accountId}|${outsider}`, limit: 1 });
      expect(messages[0]).toMatchObject({ state: "failed", error: refused("FederationMode", "out.example") });
    });
  });
});
