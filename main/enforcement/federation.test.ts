import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Availability } from "../../shared/model/presence.ts";
import { openSignedInDesk, type SignedInDesk } from "./signed-in-desk.test-helper.ts";

const [colleague, partner, outsider] = ["ann@x.example", "pat@partner.example", "eve@out.example"] as const;

let desk: SignedInDesk;

beforeEach(async () => {
  desk = await openSignedInDesk([colleague, partner, outsider]);
  await desk.untilAccount({ state: "online" });
});
afterEach(() => desk.close());

async function untilPresence(of: string, availability: Availability): Promise<void> {
  await vi.waitFor(async () => {
    const { contacts } = (await desk.request("app.snapshot", {})).tables;
    expect(contacts.find(({ address }) => address === of)?.presence.availability).toBe(availability);
  });
}

const refused = (setting: string, domain: string) => ({ code: "blocked-by-policy", params: { setting, domain } });
const written = () => desk.network.messages.map(({ to, body }) => `${to}: ${body}`);

describe("federation", () => {
  it("people outside the allowed domains are neither written to, added nor heard, from the moment policy says so", async () => {
    await desk.send(outsider, "before");
    for (const address of [colleague, partner, outsider])
      desk.network.emit({ type: "presence", address, presence: { availability: "available" } });
    await untilPresence(outsider, "available");

    await desk.policy({ FederationMode: "list", AllowedDomains: ["*.other.example", "partner.example"] });
    await untilPresence(outsider, "unknown");
    await expect(desk.send(outsider, "after")).rejects.toMatchObject(refused("FederationMode", "out.example"));
    await expect(
      desk.request("conversations.start", { accountId: desk.accountId, address: "new@out.example" }),
    ).rejects.toMatchObject({
      code: "blocked-by-policy",
    });
    await expect(
      desk.request("contacts.add", { accountId: desk.accountId, address: "new@out.example", groups: [] }),
    ).rejects.toMatchObject({
      code: "blocked-by-policy",
    });
    const ask = (address: string) => desk.request("contacts.ask", { contactId: `${desk.accountId}|${address}` });
    await expect(ask(outsider)).rejects.toMatchObject({ code: "blocked-by-policy" });
    await ask(partner);
    await expect(ask("nobody@partner.example")).rejects.toMatchObject({ code: "not-found" });
    expect(desk.network.askedAgain).toEqual([partner]);
    for (const [index, peer] of [outsider, partner, colleague].entries())
      desk.network.receive({ peer, body: `from ${peer}`, id: `in-${index}` });
    desk.network.receive({
      peer: outsider,
      body: "from my other device",
      id: "carbon",
      via: "carbon",
      direction: "out",
    });
    desk.network.emit({ type: "subscription-request", address: "asks@out.example", name: undefined, text: undefined });
    desk.network.emit({ type: "typing", peer: outsider, active: true });
    desk.network.emit({ type: "presence", address: outsider, presence: { availability: "busy" } });
    await desk.send(partner, "hello");
    await desk.send(colleague, "hello");
    await desk.request("contacts.add", { accountId: desk.accountId, address: "sub@a.other.example", groups: [] });
    await vi.waitFor(async () => expect(await desk.texts(colleague)).toContain(`from ${colleague}`));
    expect(await desk.texts(partner)).toContain(`from ${partner}`);
    expect(await desk.texts(outsider)).toEqual(["before"]);
    const { tables } = await desk.request("app.snapshot", {});
    expect(tables.requests).toEqual([]);
    expect(tables.conversations.find(({ id }) => id.endsWith(outsider))?.typing).toBe(false);
    await untilPresence(outsider, "unknown");
    expect(written()).toEqual([`${outsider}: before`, `${partner}: hello`, `${colleague}: hello`]);
    expect(desk.network.added).toEqual(["sub@a.other.example"]);
    expect(desk.network.receipts.filter(({ to }) => to === outsider)).toEqual([]);

    // Nobody outside, and then everybody again: who is there is seen at once.
    await desk.policy({ FederationMode: "none" });
    await expect(desk.send(partner, "no")).rejects.toMatchObject(refused("FederationMode", "partner.example"));
    await desk.send(colleague, "yes");
    await desk.policy(undefined);
    await untilPresence(outsider, "busy");
    await desk.send(outsider, "again");
    await vi.waitFor(() => expect(written().at(-1)).toBe(`${outsider}: again`));
  });

  it("people of a blocked domain are shut out on every way, the archive too, whatever else allows them", async () => {
    await desk.policy({ FederationMode: "list", AllowedDomains: ["*"], BlockedDomains: ["out.example"] });
    await expect(desk.send(outsider, "no")).rejects.toMatchObject(refused("BlockedDomains", "out.example"));
    await desk.send(partner, "yes");
    // What waits in the server's archive is read at the next sign-in.
    desk.network.archive.push(
      { peer: outsider, body: "old, from outside", id: "a1" },
      { peer: partner, body: "old, from a partner", id: "a2" },
      { peer: "someone@out.example", body: "old, from a stranger", id: "a3" },
    );
    await desk.request("accounts.update", { accountId: desk.accountId, enabled: false });
    await desk.request("accounts.update", { accountId: desk.accountId, enabled: true });
    await vi.waitFor(async () => expect(await desk.texts(partner)).toContain("old, from a partner"));
    expect(await desk.texts(outsider)).toEqual([]);
    expect((await desk.request("app.snapshot", {})).tables.requests).toEqual([]);

    // Every domain: only those of the own accounts are left. Named expressly, not even those.
    await desk.policy({ BlockedDomains: ["*"] });
    await expect(desk.send(partner, "no")).rejects.toMatchObject(refused("BlockedDomains", "partner.example"));
    await desk.send(colleague, "yes");
    await desk.policy({ BlockedDomains: ["x.example"] });
    await expect(desk.send(colleague, "no")).rejects.toMatchObject(refused("BlockedDomains", "x.example"));
    await desk.send(partner, "yes again");
    // A list that cannot be read blocks everybody outside.
    await desk.policy({ BlockedDomains: "x.example" });
    await expect(desk.send(partner, "no")).rejects.toMatchObject(refused("BlockedDomains", "partner.example"));
  });

  it("a message that waited while the rules changed is not sent", async () => {
    await desk.request("presence.set", { presence: { availability: "offline" } });
    await desk.untilAccount({ state: "signed-out" });
    await desk.send(outsider, "waits");
    await desk.send(colleague, "waits");
    await desk.policy({ FederationMode: "none" });
    await desk.request("presence.set", { presence: { availability: "available" } });
    await vi.waitFor(() => expect(written()).toEqual([`${colleague}: waits`]));
    await vi.waitFor(async () => {
      const { messages } = await desk.request("conversations.open", { conversationId: desk.id(outsider), limit: 1 });
      expect(messages[0]).toMatchObject({ state: "failed", error: refused("FederationMode", "out.example") });
    });
  });
});
