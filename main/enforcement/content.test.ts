import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSignedInDesk, type SignedInDesk } from "./signed-in-desk.test-helper.ts";

const bob = "bob@x.example";
const eve = "eve@other.example";
const card = "4111 1111 1111 1111";

let desk: SignedInDesk;

beforeEach(async () => {
  desk = await openSignedInDesk([bob, eve]);
});
afterEach(() => desk.close());

const send = (body: string, to = bob, confirm?: string) =>
  desk.request("messages.send", {
    conversationId: desk.id(to),
    messageId: randomUUID(),
    body,
    ...(confirm === undefined ? {} : { confirm }),
  });
const sent = (): string[] => desk.network.messages.map(({ body }) => body);

/** What is kept of a conversation, oldest first; waits until there are so many. */
const kept = (count: number, peer = bob): Promise<string[]> =>
  vi.waitFor(async () => {
    const { messages } = await desk.request("conversations.open", { conversationId: desk.id(peer), limit: 50 });
    expect(messages).toHaveLength(count);
    return messages.map(({ body }) => body);
  });

describe("content", () => {
  it("rules block, ask, take out and write down, in both directions, from every source of messages", async () => {
    const withheld = "(Message withheld by your organization: the text looks like a card number, rule “Cards”)";
    await send(card);
    await desk.policy({
      ContentRules: [
        { name: "Cards", detector: "payment-card", action: "block" },
        { name: "Accounts", detector: "iban", action: "redact" },
        { name: "Names", keywords: ["Bluebird"], action: "warn", direction: "out", audience: "external" },
        { name: "Tickets", pattern: "\\bINC-[0-9]{6}\\b", action: "audit" },
      ],
    });
    await expect(send(`Pay with ${card}`)).rejects.toMatchObject({
      code: "content-blocked",
      params: { rule: "Cards", finding: "payment-card" },
    });
    expect((await send("To DE89 3704 0044 0532 0130 00, INC-123456")).body).toBe("To █████, INC-123456");
    const warning = await send("Bluebird flies", eve).catch((error: unknown) => error);
    expect(warning).toMatchObject({ code: "content-warning", params: { rule: "Names", finding: "keywords" } });
    const { token } = (warning as { params: { token: string } }).params;
    await expect(send("Bluebird flies on", eve, token)).rejects.toMatchObject({ code: "content-warning" });
    await send("Bluebird flies", eve, token);
    await send("Bluebird flies");
    await vi.waitFor(() => expect(sent()).toEqual([card, "To █████, INC-123456", "Bluebird flies", "Bluebird flies"]));
    expect(await kept(1, eve)).toEqual(["Bluebird flies"]);

    desk.network.receive({ peer: bob, body: `Mine is ${card}`, id: "live" });
    desk.network.receive({ peer: bob, body: card, id: "own", direction: "out", via: "carbon" });
    desk.network.receive({ peer: bob, body: `INC-123456 ${card}`, id: "archived", via: "archive", archiveId: "1" });
    desk.network.receive({ peer: bob, body: "Or DE89370400440532013000", id: "redacted" });
    expect(await kept(7)).toEqual([
      card,
      "To █████, INC-123456",
      "Bluebird flies",
      withheld,
      withheld,
      withheld,
      "Or █████",
    ]);
    // Nor does it reach the screen or the disk by another way.
    expect(JSON.stringify(desk.messages)).not.toContain("Mine is 4111");
    desk.network.emit({
      type: "subscription-request",
      address: "new@other.example",
      name: undefined,
      text: `Call me: ${card}`,
    });
    desk.network.receive({ peer: "stranger@other.example", body: card, id: "strange" });
    await vi.waitFor(async () => {
      const { requests } = (await desk.request("app.snapshot", {})).tables;
      expect(requests.map(({ text }) => text)).toEqual([withheld, withheld]);
    });

    await desk.policy(undefined);
    expect((await send(card)).body).toBe(card);
  });

  it("what waits when the rules come is not sent", async () => {
    await desk.request("presence.set", { presence: { availability: "offline" } });
    const { id } = await send(card);
    await desk.policy({ ContentRules: [{ name: "Cards", detector: "payment-card", action: "block" }] });
    await desk.request("presence.set", { presence: { availability: "available" } });
    const state = () =>
      vi.waitFor(async () => {
        const { messages } = await desk.request("conversations.open", { conversationId: desk.id(bob), limit: 50 });
        expect(messages).toMatchObject([
          { id, state: "failed", error: { code: "content-blocked", params: { rule: "Cards" } } },
        ]);
      });
    await state();
    await desk.request("messages.retry", { messageId: id });
    await state();
    expect(sent()).toEqual([]);
    await desk.policy(undefined);
    await desk.request("messages.retry", { messageId: id });
    await vi.waitFor(() => expect(sent()).toEqual([card]));
  });

  it("corrections are looked at like messages: typed here, on their way, live and out of the archive", async () => {
    const withheld = "(Message withheld by your organization: the text looks like a card number, rule “Cards”)";
    const correct = (messageId: string, body: string, confirm?: string) =>
      desk.request("messages.correct", {
        conversationId: desk.id(bob),
        messageId,
        correctionId: randomUUID(),
        body,
        ...(confirm === undefined ? {} : { confirm }),
      });
    const { id } = await send("Pay me");
    await desk.policy({
      ContentRules: [
        { name: "Cards", detector: "payment-card", action: "block" },
        { name: "Accounts", detector: "iban", action: "redact" },
        { name: "Names", keywords: ["Bluebird"], action: "warn", direction: "out" },
      ],
    });
    await expect(correct(id, `Pay with ${card}`)).rejects.toMatchObject({
      code: "content-blocked",
      params: { rule: "Cards" },
    });
    expect(await kept(1)).toEqual(["Pay me"]);
    expect(await correct(id, "To DE89 3704 0044 0532 0130 00")).toMatchObject({ id, body: "To █████" });
    const warning = await correct(id, "Bluebird flies").catch((error: unknown) => error);
    expect(warning).toMatchObject({ code: "content-warning", params: { rule: "Names" } });
    await correct(id, "Bluebird flies", (warning as { params: { token: string } }).params.token);
    await vi.waitFor(() =>
      expect(desk.network.corrections.map(({ body, targetId }) => [body, targetId])).toEqual([
        ["To █████", id],
        ["Bluebird flies", id],
      ]),
    );

    const common = { peer: bob, archiveId: undefined, at: undefined, delayed: false } as const;
    const theirs = { ...common, direction: "in", author: { address: bob, isSelf: false } } as const;
    const own = { ...common, direction: "out", author: { address: "me@x.example", isSelf: true } } as const;
    desk.network.receive({ peer: bob, body: "Mine is secret", id: "live" });
    desk.network.emit({
      type: "change",
      change: { ...theirs, kind: "correction", id: "c1", targetId: "live", body: `Mine is ${card}`, via: "live" },
    });
    desk.network.emit({
      type: "change",
      change: { ...theirs, kind: "correction", id: "c2", targetId: "unknown", body: card, via: "live" },
    });
    desk.network.emit({
      type: "change",
      change: { ...own, kind: "correction", id: "c3", targetId: id, body: card, via: "carbon" },
    });
    await vi.waitFor(async () => expect(await kept(3)).toEqual([withheld, withheld, withheld]));
    expect(JSON.stringify(desk.messages)).not.toContain("Mine is 4111");

    // What waits when the rules come is not sent, and the person is told.
    await desk.policy(undefined);
    const { id: next } = await send("hello");
    await vi.waitFor(() => expect(sent()).toContain("hello"));
    await desk.request("presence.set", { presence: { availability: "offline" } });
    await correct(next, card);
    await desk.policy({ ContentRules: [{ name: "Cards", detector: "payment-card", action: "block" }] });
    await desk.request("presence.set", { presence: { availability: "available" } });
    await vi.waitFor(async () => {
      const { messages } = await desk.request("conversations.open", { conversationId: desk.id(bob), limit: 50 });
      expect(messages.at(-1)?.change).toMatchObject({
        kind: "correction",
        state: "failed",
        error: { code: "content-blocked", params: { rule: "Cards" } },
      });
    });
    expect(desk.network.corrections).toHaveLength(2);
  });

  it("what rules cannot be applied to is blocked, or passes where policy says so", async () => {
    const broken = [{ name: "Broken", pattern: "(?<=a)b", action: "audit" }];
    await desk.policy({ ContentRules: broken });
    await expect(send("hello")).rejects.toMatchObject({
      code: "content-blocked",
      params: { rule: "Broken", finding: "unchecked" },
    });
    expect((await desk.appRecord()).notice).toEqual({
      code: "policy-invalid",
      params: { setting: "ContentRules", path: "ContentRules[0].pattern" },
    });
    desk.network.receive({ peer: bob, body: "hello", id: "one" });
    expect(await kept(1)).toEqual([
      "(Message withheld by your organization: the text could not be checked, rule “Broken”)",
    ]);
    await desk.policy({ ContentRules: broken, ContentFailureMode: "allow" });
    await send("hello");
    desk.network.receive({ peer: bob, body: "hello", id: "two" });
    expect((await kept(3)).slice(1)).toEqual(["hello", "hello"]);
    // A mode that is none is the safe one, and rules that are none let nothing through.
    await desk.policy({ ContentRules: broken, ContentFailureMode: "perhaps" });
    await expect(send("hello")).rejects.toMatchObject({ code: "content-blocked" });
    await desk.policy({ ContentRules: [{ name: "Half" }], ContentFailureMode: "allow" });
    await expect(send("hello")).rejects.toMatchObject({ code: "content-blocked", params: { finding: "everything" } });
    expect((await desk.appRecord()).notice).toBeUndefined();
  });

  it("links open, are asked about, cannot be opened, or are neither sent nor shown", async () => {
    const url = "https://example.com/";
    const open = (confirmed?: boolean) =>
      desk.request("app.openLink", { url, ...(confirmed === undefined ? {} : { confirmed }) });
    await open();
    await desk.policy({ LinkMode: "warn" });
    await expect(open()).rejects.toMatchObject({ code: "content-warning", params: { finding: "link" } });
    await open(true);
    await desk.policy({ LinkMode: "text" });
    await expect(open(true)).rejects.toMatchObject({ code: "blocked-by-policy", params: { setting: "LinkMode" } });
    await send(`see ${url}`);
    await desk.policy({ LinkMode: "block" });
    await expect(open(true)).rejects.toMatchObject({ code: "blocked-by-policy" });
    await expect(send(`see ${url}`)).rejects.toMatchObject({ code: "content-blocked", params: { finding: "link" } });
    desk.network.receive({ peer: bob, body: `look: ${url}`, id: "one" });
    expect(await kept(2)).toEqual([`see ${url}`, "(Message withheld by your organization: the text contains a link)"]);
    await desk.policy(undefined);
    await open();
  });
});
