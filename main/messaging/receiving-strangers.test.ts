import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, friend, id, openReceiver, type Receiver, said } from "./receiving.test-helper.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.remove());

describe("strangers", () => {
  it("arrive silently in Requests and have no conversation until accepted", async () => {
    receiver.ingest.event(account, "xmpp", {
      type: "message",
      message: said({ peer: "spam@evil.example", body: "buy" }),
    });
    await receiver.ingest.idle();
    expect(receiver.tables.get("requests", id("spam@evil.example"))).toMatchObject({ kind: "message", text: "buy" });
    expect(receiver.tables.get("conversations", id("spam@evil.example"))).toBeUndefined();
    expect(receiver.arrivals).toEqual([]);
  });

  const ask = (address: string, text?: string) =>
    receiver.ingest.event(account, "xmpp", { type: "subscription-request", address, name: undefined, text });

  it("are bounded: a flood makes room for whoever else asks, and is counted", () => {
    ask("early@example.test", "before the flood");
    for (let n = 0; n < 1_000; n += 1) ask(`s${n}@evil.example`, "x".repeat(10_000));
    ask("late@example.test", "after the flood");
    const [waiting, counted] = [
      [...receiver.tables.all("requests")].filter(({ kind }) => kind !== "burst"),
      receiver.tables.get("requests", id("*@*".slice(1))),
    ];
    expect(waiting).toHaveLength(200);
    expect(waiting.map(({ address }) => address)).toEqual([
      "early@example.test",
      ...Array.from({ length: 198 }, (_, n) => `s${n + 802}@evil.example`),
      "late@example.test",
    ]);
    expect(waiting.every((request) => (request.text?.length ?? 0) <= 500)).toBe(true);
    expect(counted).toMatchObject({ kind: "burst", count: 802 });
  });

  it("stay bounded, be each from a domain of his own, also after a restart", async () => {
    for (let n = 0; n < 300; n += 1) ask(`s@evil${n}.example`);
    receiver = await receiver.restart();
    await Promise.all([receiver.blocklist.restore(), receiver.requests.restore()]);
    for (let n = 300; n < 400; n += 1) ask(`s@evil${n}.example`);
    expect([...receiver.tables.all("requests")].filter(({ kind }) => kind !== "burst")).toHaveLength(200);
    expect(receiver.tables.get("requests", id("s@evil399.example"))).toBeDefined();
  });

  it("who are not answered do not fill the disk, and their request says that there was more", async () => {
    const spam = "spam@evil.example";
    const say = (n: number, body: string) =>
      receiver.ingest.event(account, "xmpp", { type: "message", message: said({ peer: spam, id: `m${n}`, body }) });
    for (let n = 0; n < 60; n += 1) say(n, `${n} ${"x".repeat(10_000)}`);
    await receiver.ingest.idle();
    const keptOf = async () => (await receiver.history.page({ conversationId: id(spam), limit: 100 })).messages.length;
    const first = await keptOf();
    expect(first).toBe(7);
    expect(receiver.tables.get("requests", id(spam))).toMatchObject({ kind: "message", more: true });
    // Neither by many short ones, nor after a restart, nor by the archive.
    receiver = await receiver.restart();
    await Promise.all([receiver.blocklist.restore(), receiver.requests.restore()]);
    for (let n = 100; n < 1_000; n += 1) say(n, "y");
    await receiver.ingest.archive([said({ peer: spam, id: "again", body: "z", via: "archive", archiveId: "a1" })]);
    await receiver.ingest.idle();
    expect(await keptOf()).toBe(first);
    // Whoever is answered is heard.
    receiver.contacts.ensure(account, "xmpp", spam);
    say(2_000, "welcome");
    await receiver.ingest.idle();
    expect(await keptOf()).toBe(first + 1);
  });

  it("are not said to have written more for what the archive brings once more", async () => {
    const page = Array.from({ length: 3 }, (_, n) =>
      said({ peer: "shy@evil.example", id: `s${n}`, body: "x".repeat(10_000), via: "archive", archiveId: `a${n}` }),
    );
    for (let round = 0; round < 10; round += 1) await receiver.ingest.archive(page);
    expect(receiver.tables.get("requests", id("shy@evil.example"))?.more).toBeUndefined();
  });

  it("learn nothing once blocked, also after a restart", async () => {
    await receiver.requests.block(account, "spam@evil.example");
    receiver = await receiver.restart();
    await Promise.all([receiver.blocklist.restore(), receiver.requests.restore()]);
    receiver.ingest.event(account, "xmpp", { type: "message", message: said({ peer: "spam@evil.example" }) });
    receiver.ingest.event(account, "xmpp", {
      type: "subscription-request",
      address: "spam@evil.example",
      name: undefined,
      text: undefined,
    });
    await receiver.ingest.idle();
    expect(receiver.tables.size("requests")).toBe(0);
  });

  it("are not heard through anybody else once blocked, nor change what was said", async () => {
    receiver.ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    await receiver.requests.block(account, "spam@evil.example");
    const through = "spam@evil.example";
    const about = {
      peer: friend.address,
      direction: "in",
      author: { address: friend.address, isSelf: false },
      archiveId: undefined,
      at: undefined,
      delayed: false,
      via: "live",
      targetId: "f1",
    } as const;
    receiver.ingest.event(account, "xmpp", {
      type: "message",
      message: said({ peer: friend.address, id: "f1", body: "mine" }),
    });
    receiver.ingest.event(account, "xmpp", {
      type: "message",
      message: said({ peer: friend.address, through, id: "f2", body: "spam" }),
    });
    receiver.ingest.event(account, "xmpp", {
      type: "message",
      message: said({ peer: friend.address, through, id: "f3", body: "spam", notice: { kind: "other" } }),
    });
    receiver.ingest.event(account, "xmpp", {
      type: "change",
      change: { ...about, kind: "correction", through, id: "f4", body: "spam" },
    });
    await receiver.ingest.idle();
    expect(receiver.tables.get("conversations", id(friend.address))).toMatchObject({
      unread: 1,
      last: { text: "mine" },
    });
    receiver.ingest.event(account, "xmpp", {
      type: "change",
      change: { ...about, kind: "correction", id: "f5", body: "changed" },
    });
    await receiver.ingest.idle();
    expect(receiver.tables.get("conversations", id(friend.address))?.last?.text).toBe("changed");
  });

  it("are filed under the name that they give, and under none where they give none", () => {
    receiver.ingest.event(account, "xmpp", {
      type: "subscription-request",
      address: "paris@x.example",
      name: "Paris",
      text: undefined,
    });
    receiver.ingest.event(account, "xmpp", {
      type: "subscription-request",
      address: "tybalt@x.example",
      name: undefined,
      text: undefined,
    });
    expect(receiver.requests.get(id("paris@x.example"))?.name).toBe("Paris");
    expect(receiver.requests.get(id("tybalt@x.example"))).not.toHaveProperty("name");
  });

  it("put no chat on the list by typing, as contacts do on their own account", () => {
    receiver.ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    for (const address of [friend.address, "paris@x.example"]) receiver.conversations.typing(id(address), true);
    expect(receiver.tables.get("conversations", id(friend.address))).toMatchObject({
      accountId: account,
      typing: true,
      unread: 0,
    });
    expect(receiver.tables.get("conversations", id("paris@x.example"))).toBeUndefined();
    receiver.conversations.typing(id(friend.address), false);
    expect(receiver.tables.get("conversations", id(friend.address))?.typing).toBe(false);
  });

  it("are welcome when the person asked them first", () => {
    receiver.ingest.event(account, "xmpp", {
      type: "roster",
      items: [{ ...friend, subscription: "none", asked: true }],
    });
    receiver.ingest.event(account, "xmpp", {
      type: "subscription-request",
      address: friend.address,
      name: undefined,
      text: undefined,
    });
    expect(receiver.accepted).toEqual([friend.address]);
    expect(receiver.tables.size("requests")).toBe(0);
  });
});
