import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Availability } from "../../shared/model/presence.ts";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const [colleague, partner, outsider] = ["ann@x.example", "pat@partner.example", "eve@out.example"] as const;

let testApp: SignedInTestApp;

beforeEach(async () => {
  testApp = await openSignedInTestApp([colleague, partner, outsider]);
  await testApp.untilAccount({ state: "online" });
});
afterEach(() => testApp.close());

async function untilPresence(of: string, availability: Availability): Promise<void> {
  await vi.waitFor(async () => {
    const { contacts } = (await testApp.request("app.snapshot", {})).tables;
    expect(contacts.find(({ address }) => address === of)?.presence.availability).toBe(availability);
  });
}

const refused = (setting: string, domain: string) => ({ code: "blocked-by-policy", params: { setting, domain } });
const written = () => testApp.network.messages.map(({ to, body }) => `${to}: ${body}`);

describe("federation", () => {
  it("people outside the allowed domains are neither written to, added nor heard, from the moment policy says so", async () => {
    await testApp.send(outsider, "before");
    for (const address of [colleague, partner, outsider])
      testApp.network.emit({ type: "presence", address, presence: { availability: "available" } });
    await untilPresence(outsider, "available");

    await testApp.policy({ FederationMode: "list", AllowedDomains: ["*.other.example", "partner.example"] });
    await untilPresence(outsider, "unknown");
    await expect(testApp.send(outsider, "after")).rejects.toMatchObject(refused("FederationMode", "out.example"));
    await expect(
      testApp.request("conversations.start", { accountId: testApp.accountId, address: "new@out.example" }),
    ).rejects.toMatchObject({
      code: "blocked-by-policy",
    });
    await expect(
      testApp.request("contacts.add", { accountId: testApp.accountId, address: "new@out.example", groups: [] }),
    ).rejects.toMatchObject({
      code: "blocked-by-policy",
    });
    const ask = (address: string) => testApp.request("contacts.ask", { contactId: `${testApp.accountId}|${address}` });
    await expect(ask(outsider)).rejects.toMatchObject({ code: "blocked-by-policy" });
    await ask(partner);
    await expect(ask("nobody@partner.example")).rejects.toMatchObject({ code: "not-found" });
    expect(testApp.network.askedAgain).toEqual([partner]);
    for (const [index, peer] of [outsider, partner, colleague].entries())
      testApp.network.receive({ peer, body: `from ${peer}`, id: `in-${index}` });
    testApp.network.receive({
      peer: outsider,
      body: "from my other device",
      id: "carbon",
      via: "carbon",
      direction: "out",
    });
    testApp.network.emit({
      type: "subscription-request",
      address: "asks@out.example",
      name: undefined,
      text: undefined,
    });
    testApp.network.emit({ type: "typing", peer: outsider, active: true });
    testApp.network.emit({ type: "presence", address: outsider, presence: { availability: "busy" } });
    await testApp.send(partner, "hello");
    await testApp.send(colleague, "hello");
    await testApp.request("contacts.add", { accountId: testApp.accountId, address: "sub@a.other.example", groups: [] });
    await vi.waitFor(async () => expect(await testApp.texts(colleague)).toContain(`from ${colleague}`));
    expect(await testApp.texts(partner)).toContain(`from ${partner}`);
    expect(await testApp.texts(outsider)).toEqual(["before"]);
    const { tables } = await testApp.request("app.snapshot", {});
    expect(tables.requests).toEqual([]);
    expect(tables.conversations.find(({ id }) => id.endsWith(outsider))?.typing).toBe(false);
    await untilPresence(outsider, "unknown");
    expect(written()).toEqual([`${outsider}: before`, `${partner}: hello`, `${colleague}: hello`]);
    expect(testApp.network.added).toEqual(["sub@a.other.example"]);
    expect(testApp.network.receipts.filter(({ to }) => to === outsider)).toEqual([]);

    // Nobody outside, and then everybody again: who is there is seen at once.
    await testApp.policy({ FederationMode: "none" });
    await expect(testApp.send(partner, "no")).rejects.toMatchObject(refused("FederationMode", "partner.example"));
    await testApp.send(colleague, "yes");
    await testApp.policy(undefined);
    await untilPresence(outsider, "busy");
    await testApp.send(outsider, "again");
    await vi.waitFor(() => expect(written().at(-1)).toBe(`${outsider}: again`));
  });

  it("people of a blocked domain are shut out on every way, the archive too, whatever else allows them", async () => {
    await testApp.policy({ FederationMode: "list", AllowedDomains: ["*"], BlockedDomains: ["out.example"] });
    await expect(testApp.send(outsider, "no")).rejects.toMatchObject(refused("BlockedDomains", "out.example"));
    await testApp.send(partner, "yes");
    // What waits in the server's archive is read at the next sign-in.
    testApp.network.archive.push(
      { peer: outsider, body: "old, from outside", id: "a1" },
      { peer: partner, body: "old, from a partner", id: "a2" },
      { peer: "someone@out.example", body: "old, from a stranger", id: "a3" },
    );
    await testApp.request("accounts.update", { accountId: testApp.accountId, enabled: false });
    await testApp.request("accounts.update", { accountId: testApp.accountId, enabled: true });
    await vi.waitFor(async () => expect(await testApp.texts(partner)).toContain("old, from a partner"));
    expect(await testApp.texts(outsider)).toEqual([]);
    expect((await testApp.request("app.snapshot", {})).tables.requests).toEqual([]);

    // Every domain: only those of the own accounts are left. Named expressly, not even those.
    await testApp.policy({ BlockedDomains: ["*"] });
    await expect(testApp.send(partner, "no")).rejects.toMatchObject(refused("BlockedDomains", "partner.example"));
    await testApp.send(colleague, "yes");
    await testApp.policy({ BlockedDomains: ["x.example"] });
    await expect(testApp.send(colleague, "no")).rejects.toMatchObject(refused("BlockedDomains", "x.example"));
    await testApp.send(partner, "yes again");
    // A list that cannot be read blocks everybody outside.
    await testApp.policy({ BlockedDomains: "x.example" });
    await expect(testApp.send(partner, "no")).rejects.toMatchObject(refused("BlockedDomains", "partner.example"));
  });

  it("a message that waited while the rules changed is not sent", async () => {
    await testApp.request("presence.set", { presence: { availability: "offline" } });
    await testApp.untilAccount({ state: "signed-out" });
    await testApp.send(outsider, "waits");
    await testApp.send(colleague, "waits");
    await testApp.policy({ FederationMode: "none" });
    await testApp.request("presence.set", { presence: { availability: "available" } });
    await vi.waitFor(() => expect(written()).toEqual([`${colleague}: waits`]));
    await vi.waitFor(async () => {
      const { messages } = await testApp.request("conversations.open", {
        conversationId: testApp.id(outsider),
        limit: 1,
      });
      expect(messages[0]).toMatchObject({ state: "failed", error: refused("FederationMode", "out.example") });
    });
  });
});
