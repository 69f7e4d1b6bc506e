import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const bob = "bob@x.example";
const eve = "eve@other.example";
const card = "4111 1111 1111 1111";

let testApp: SignedInTestApp;

beforeEach(async () => {
  testApp = await openSignedInTestApp([bob, eve]);
});
afterEach(() => testApp.close());

const send = (body: string, to = bob, confirm?: string) =>
  testApp.request("messages.send", {
    conversationId: testApp.id(to),
    messageId: randomUUID(),
    body,
    ...(confirm === undefined ? {} : { confirm }),
  });
const sent = (): string[] => testApp.network.messages.map(({ body }) => body);

/** Stored texts of a conversation, oldest first; waits until there are so many. */
const kept = (count: number, peer = bob): Promise<string[]> =>
  vi.waitFor(async () => {
    const { messages } = await testApp.request("conversations.open", { conversationId: testApp.id(peer), limit: 50 });
    expect(messages).toHaveLength(count);
    return messages.map(({ body }) => body);
  });

describe("content", () => {
  it("rules block, ask, take out and write down, in both directions, from every source of messages", async () => {
    const withheld = "(Message withheld by your organization: the text looks like a card number, rule “Cards”)";
    await send(card);
    await testApp.policy({
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

    testApp.network.receive({ peer: bob, body: `Mine is ${card}`, id: "live" });
    testApp.network.receive({ peer: bob, body: card, id: "own", direction: "out", via: "carbon" });
    testApp.network.receive({ peer: bob, body: `INC-123456 ${card}`, id: "archived", via: "archive", archiveId: "1" });
    testApp.network.receive({ peer: bob, body: "Or DE89370400440532013000", id: "redacted" });
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
    expect(JSON.stringify(testApp.messages)).not.toContain("Mine is 4111");
    testApp.network.emit({
      type: "subscription-request",
      address: "new@other.example",
      name: undefined,
      text: `Call me: ${card}`,
    });
    testApp.network.receive({ peer: "stranger@other.example", body: card, id: "strange" });
    await vi.waitFor(async () => {
      const { requests } = (await testApp.request("app.snapshot", {})).tables;
      expect(requests.map(({ text }) => text)).toEqual([withheld, withheld]);
    });

    await testApp.policy(undefined);
    expect((await send(card)).body).toBe(card);
  });

  it("what waits when the rules come is not sent", async () => {
    await testApp.request("presence.set", { presence: { availability: "offline" } });
    const { id } = await send(card);
    await testApp.policy({ ContentRules: [{ name: "Cards", detector: "payment-card", action: "block" }] });
    await testApp.request("presence.set", { presence: { availability: "available" } });
    const state = () =>
      vi.waitFor(async () => {
        const { messages } = await testApp.request("conversations.open", {
          conversationId: testApp.id(bob),
          limit: 50,
        });
        expect(messages).toMatchObject([
          { id, state: "failed", error: { code: "content-blocked", params: { rule: "Cards" } } },
        ]);
      });
    await state();
    await testApp.request("messages.retry", { messageId: id });
    await state();
    expect(sent()).toEqual([]);
    await testApp.policy(undefined);
    await testApp.request("messages.retry", { messageId: id });
    await vi.waitFor(() => expect(sent()).toEqual([card]));
  });

  it("corrections are looked at like messages: typed here, on their way, live and out of the archive", async () => {
    const withheld = "(Message withheld by your organization: the text looks like a card number, rule “Cards”)";
    const correct = (messageId: string, body: string, confirm?: string) =>
      testApp.request("messages.correct", {
        conversationId: testApp.id(bob),
        messageId,
        correctionId: randomUUID(),
        body,
        ...(confirm === undefined ? {} : { confirm }),
      });
    const { id } = await send("Pay me");
    await testApp.policy({
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
      expect(testApp.network.corrections.map(({ body, targetId }) => [body, targetId])).toEqual([
        ["To █████", id],
        ["Bluebird flies", id],
      ]),
    );

    const common = { peer: bob, archiveId: undefined, at: undefined, delayed: false } as const;
    const theirs = { ...common, direction: "in", author: { address: bob, isSelf: false } } as const;
    const own = { ...common, direction: "out", author: { address: "me@x.example", isSelf: true } } as const;
    testApp.network.receive({ peer: bob, body: "Mine is secret", id: "live" });
    testApp.network.emit({
      type: "change",
      change: { ...theirs, kind: "correction", id: "c1", targetId: "live", body: `Mine is ${card}`, via: "live" },
    });
    testApp.network.emit({
      type: "change",
      change: { ...theirs, kind: "correction", id: "c2", targetId: "unknown", body: card, via: "live" },
    });
    testApp.network.emit({
      type: "change",
      change: { ...own, kind: "correction", id: "c3", targetId: id, body: card, via: "carbon" },
    });
    await vi.waitFor(async () => expect(await kept(3)).toEqual([withheld, withheld, withheld]));
    expect(JSON.stringify(testApp.messages)).not.toContain("Mine is 4111");

    // What waits when the rules come is not sent, and the person is told.
    await testApp.policy(undefined);
    const { id: next } = await send("hello");
    await vi.waitFor(() => expect(sent()).toContain("hello"));
    await testApp.request("presence.set", { presence: { availability: "offline" } });
    await correct(next, card);
    await testApp.policy({ ContentRules: [{ name: "Cards", detector: "payment-card", action: "block" }] });
    await testApp.request("presence.set", { presence: { availability: "available" } });
    await vi.waitFor(async () => {
      const { messages } = await testApp.request("conversations.open", { conversationId: testApp.id(bob), limit: 50 });
      expect(messages.at(-1)?.change).toMatchObject({
        kind: "correction",
        state: "failed",
        error: { code: "content-blocked", params: { rule: "Cards" } },
      });
    });
    expect(testApp.network.corrections).toHaveLength(2);
  });

  it("what rules cannot be applied to is blocked, or passes where policy says so", async () => {
    const broken = [{ name: "Broken", pattern: "(?<=a)b", action: "audit" }];
    await testApp.policy({ ContentRules: broken });
    await expect(send("hello")).rejects.toMatchObject({
      code: "content-blocked",
      params: { rule: "Broken", finding: "unchecked" },
    });
    expect((await testApp.appRecord()).notice).toEqual({
      code: "policy-invalid",
      params: { setting: "ContentRules", path: "ContentRules[0].pattern" },
    });
    testApp.network.receive({ peer: bob, body: "hello", id: "one" });
    expect(await kept(1)).toEqual([
      "(Message withheld by your organization: the text could not be checked, rule “Broken”)",
    ]);
    await testApp.policy({ ContentRules: broken, ContentFailureMode: "allow" });
    await send("hello");
    testApp.network.receive({ peer: bob, body: "hello", id: "two" });
    expect((await kept(3)).slice(1)).toEqual(["hello", "hello"]);
    // A mode that is none is the safe one, and rules that are none let nothing through.
    await testApp.policy({ ContentRules: broken, ContentFailureMode: "perhaps" });
    await expect(send("hello")).rejects.toMatchObject({ code: "content-blocked" });
    await testApp.policy({ ContentRules: [{ name: "Half" }], ContentFailureMode: "allow" });
    await expect(send("hello")).rejects.toMatchObject({ code: "content-blocked", params: { finding: "everything" } });
    expect((await testApp.appRecord()).notice).toBeUndefined();
  });

  it("links open, are asked about, cannot be opened, or are neither sent nor shown", async () => {
    const url = "https://example.com/";
    const open = (confirmed?: boolean) =>
      testApp.request("app.openLink", { url, ...(confirmed === undefined ? {} : { confirmed }) });
    await open();
    await testApp.policy({ LinkMode: "warn" });
    await expect(open()).rejects.toMatchObject({ code: "content-warning", params: { finding: "link" } });
    await open(true);
    await testApp.policy({ LinkMode: "text" });
    await expect(open(true)).rejects.toMatchObject({ code: "blocked-by-policy", params: { setting: "LinkMode" } });
    await send(`see ${url}`);
    await testApp.policy({ LinkMode: "block" });
    await expect(open(true)).rejects.toMatchObject({ code: "blocked-by-policy" });
    await expect(send(`see ${url}`)).rejects.toMatchObject({ code: "content-blocked", params: { finding: "link" } });
    testApp.network.receive({ peer: bob, body: `look: ${url}`, id: "one" });
    expect(await kept(2)).toEqual([`see ${url}`, "(Message withheld by your organization: the text contains a link)"]);
    await testApp.policy(undefined);
    await open();
  });
});
