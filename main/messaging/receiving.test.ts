import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { IncomingMessage } from "../networks/facets/messages.ts";
import { account, friend, id, openReceiver, poison, type Receiver, said } from "./receiving.test-helper.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.remove());

describe("messages", () => {
  beforeEach(() => receiver.ingest.event(account, "xmpp", { type: "roster", items: [friend] }));

  it("stores a burst in order, counts it unread and tells of it once", async () => {
    for (let n = 0; n < 20; n += 1)
      receiver.ingest.event(account, "xmpp", { type: "message", message: said({ id: `w${n}`, body: `m${n}` }) });
    receiver.ingest.event(account, "xmpp", { type: "message", message: said({ id: "w3", body: "m3" }) });
    await receiver.ingest.idle();
    const page = await receiver.history.page({ conversationId: id(friend.address), limit: 50 });
    expect(page.messages.map((message) => message.body)).toEqual(Array.from({ length: 20 }, (_, n) => `m${n}`));
    expect(receiver.tables.get("conversations", id(friend.address))).toMatchObject({
      unread: 20,
      last: { text: "m19", author: { isSelf: false } },
    });
    expect(receiver.arrivals).toHaveLength(20);
  });

  it("says of all of it when it is stored, and what the disk did not take", async () => {
    const event = (n: number) =>
      receiver.ingest.event(account, "xmpp", {
        type: "message",
        message: said({ id: `wire-${n}`, body: `line ${n}` }),
      });
    expect(await Promise.all([event(1), event(2)])).toEqual([true, true]);
    expect(
      (await receiver.history.page({ conversationId: id("juliet@x.example"), limit: 9 })).messages.map(
        ({ body }) => body,
      ),
    ).toEqual(["line 1", "line 2"]);
    receiver.disk.takes = false;
    expect(await Promise.all([event(3), event(4)])).toEqual([false, false]);
    await expect(receiver.ingest.archive([said({ id: "wire-5", via: "archive" })])).rejects.toMatchObject({
      code: "storage-failed",
    });
    expect(receiver.disk.refusals).toHaveLength(2);
    receiver.disk.takes = true;
    expect(await event(3)).toBe(true);
  });

  it("loses of what comes together only what cannot be inspected, live and out of the archive", async () => {
    const event = (wireId: string, body: string) =>
      receiver.ingest.event(account, "xmpp", { type: "message", message: said({ id: wireId, body }) });
    const edit = { ...said({ id: "edit", body: poison }), kind: "correction", targetId: "a" } as const;
    // What fails would fail again: it counts as taken.
    expect(
      await Promise.all([
        event("a", "one"),
        event("b", poison),
        event("c", "two"),
        receiver.ingest.event(account, "xmpp", { type: "change", change: edit }),
      ]),
    ).toEqual([true, true, true, true]);
    const archived = [
      said({ id: "d", body: "three" }),
      said({ id: "e", body: poison }),
      said({ id: "f", body: "four" }),
    ];
    await receiver.ingest.archive(
      archived.map((message) => ({ ...message, archiveId: `arc-${message.id}`, via: "archive" })),
    );
    await receiver.ingest.idle();
    const { messages } = await receiver.history.page({ conversationId: id(friend.address), limit: 9 });
    expect(messages.map(({ body }) => body)).toEqual(["one", "two", "three", "four"]);
    expect(receiver.arrivals).toEqual(["one", "two"]);
    expect(receiver.disk.refusals).toHaveLength(3);
  });

  it("shows what is in memory only, acknowledges none of it, and tells nobody that it was delivered", async () => {
    const messageEvent = (n: number) =>
      receiver.ingest.event(account, "xmpp", {
        type: "message",
        message: said({ id: `wire-${n}`, body: `line ${n}` }),
      });
    const state = () =>
      receiver.ingest.event(account, "xmpp", { type: "delivery", id: "nobody's", peer: friend.address, state: "read" });
    const typing = () => receiver.ingest.event(account, "xmpp", { type: "typing", peer: friend.address, active: true });
    const signal = vi.spyOn(receiver.messaging.sending, "signal").mockResolvedValue();
    receiver.disk.keeps = false;
    expect(await Promise.all([messageEvent(1), state(), typing()])).toEqual([false, false, true]);
    await receiver.ingest.idle();
    expect(receiver.arrivals).toEqual(["line 1"]);
    expect(signal).not.toHaveBeenCalled();
    receiver.disk.keeps = true;
    expect(await Promise.all([messageEvent(1), messageEvent(2), state()])).toEqual([true, true, true]);
    await receiver.ingest.idle();
    expect(receiver.arrivals).toEqual(["line 1", "line 2"]);
    expect(signal.mock.calls).toMatchObject([[{ kind: "receipt", messageId: "wire-2", state: "delivered" }]]);
  });

  it("shows all of a burst but what cannot be shown, acknowledges it, and confirms it", async () => {
    const { conversations, history } = receiver;
    conversations.open(id(friend.address));
    const changed = conversations.changed.bind(conversations);
    vi.spyOn(conversations, "changed").mockImplementation((record) => {
      if (record.body === "two") throw new TypeError("cannot be drawn");
      changed(record);
    });
    vi.spyOn(history, "markRead").mockRejectedValueOnce(new TypeError("cannot be marked"));
    const signal = vi.spyOn(receiver.messaging.sending, "signal").mockResolvedValue();
    const event = (body: string, over: Partial<IncomingMessage> = {}) =>
      receiver.ingest.event(account, "xmpp", { type: "message", message: said({ id: `wire-${body}`, body, ...over }) });
    const own = { direction: "out", peer: "nurse@x.example", via: "carbon" } as const;
    const burst = [event("one"), event("two"), event("mine", own), event("three")];
    expect(await Promise.all(burst)).toEqual([true, true, true, true]);
    await receiver.ingest.idle();
    const shown = receiver.ops.flatMap((op) => (op.op === "put" && op.table === "messages" ? [op.record.body] : []));
    expect(shown).toEqual(["one", "three"]);
    expect(receiver.tables.get("conversations", id(friend.address))).toMatchObject({
      unread: 2,
      last: { text: "three" },
    });
    expect(receiver.tables.get("conversations", id("nurse@x.example"))?.last?.text).toBe("mine");
    expect(signal).toHaveBeenCalledTimes(3);
    expect(receiver.disk.refusals).toHaveLength(2);
  });

  it("shows what it cannot notify of", async () => {
    vi.spyOn(receiver.arrivals, "push").mockImplementation(() => {
      throw new TypeError("no notifications");
    });
    expect(await receiver.ingest.event(account, "xmpp", { type: "message", message: said() })).toBe(true);
    await receiver.ingest.idle();
    expect(receiver.tables.get("conversations", id(friend.address))?.unread).toBe(1);
  });

  it("stores and shows all of a burst but what cannot be stored", async () => {
    const { append } = receiver.history;
    vi.spyOn(receiver.history, "append").mockImplementation(async (messages) => {
      if (messages.some(({ body }) => body === "two")) throw new TypeError("cannot be stored");
      return append(messages);
    });
    vi.spyOn(receiver.history, "correct").mockRejectedValueOnce(new TypeError("cannot be stored"));
    const edit = (targetId: string, body: string) =>
      ({ ...said({ id: `edit-${targetId}`, body }), via: "archive", kind: "correction", targetId }) as const;
    const page = ["one", "two", "three"].map((body) => said({ id: body, body, via: "archive" }));
    await receiver.ingest.archive(page, { changes: [edit("one", "lost"), edit("three", "3")] });
    expect(receiver.tables.get("conversations", id(friend.address))).toMatchObject({ unread: 2, last: { text: "3" } });
    const { messages } = await receiver.history.page({ conversationId: id(friend.address), limit: 9 });
    expect(messages.map(({ body }) => body)).toEqual(["one", "3"]);
  });

  it("acknowledges a burst that is stored one by one, and none that only memory has beside a bad one", async () => {
    const { append } = receiver.history;
    const burst = (...bodies: readonly string[]) =>
      Promise.all(
        bodies.map((body) =>
          receiver.ingest.event(account, "xmpp", { type: "message", message: said({ id: `wire-${body}`, body }) }),
        ),
      );
    const failing = vi.spyOn(receiver.history, "append").mockImplementation(async (messages) => {
      if (messages.length > 1 || messages[0]?.body === "bad") throw new TypeError("cannot be stored");
      return append(messages);
    });
    expect(await burst("one", "two")).toEqual([true, true]);
    expect(receiver.disk.refusals).toEqual([]);
    receiver.disk.keeps = false;
    expect(await burst("three", "bad", "four")).toEqual([false, false, false]);
    receiver.disk.keeps = true;
    expect(await burst("five", "bad")).toEqual([true, true]);
    expect(failing).toHaveBeenCalled();
  });

  it("shows what was written of a page before the disk was full, and takes the rest when it comes again", async () => {
    const edit = { ...said({ id: "edit", body: "uno" }), via: "archive", kind: "correction", targetId: "one" } as const;
    const page = ["one", "two"].map((body) => said({ id: body, body, via: "archive" }));
    vi.spyOn(receiver.history, "correct").mockImplementationOnce(() => {
      receiver.disk.takes = false;
      return Promise.reject(new HallwayError("storage-full"));
    });
    await expect(receiver.ingest.archive(page, { changes: [edit] })).rejects.toMatchObject({ code: "storage-failed" });
    expect(receiver.tables.get("conversations", id(friend.address))?.unread).toBe(2);
    receiver.disk.takes = true;
    await receiver.ingest.archive(page, { changes: [edit] });
    expect(receiver.tables.get("conversations", id(friend.address))).toMatchObject({
      unread: 2,
      last: { text: "two" },
    });
    const { messages } = await receiver.history.page({ conversationId: id(friend.address), limit: 9 });
    expect(messages.map(({ body }) => body)).toEqual(["uno", "two"]);
  });

  it("streams only to open conversations", async () => {
    receiver.ingest.event(account, "xmpp", { type: "message", message: said({ id: "a" }) });
    await receiver.ingest.idle();
    expect(receiver.ops.filter((op) => op.table === "messages")).toHaveLength(0);
    receiver.conversations.open(id(friend.address));
    receiver.ingest.event(account, "xmpp", { type: "message", message: said({ id: "b" }) });
    await receiver.ingest.idle();
    expect(receiver.ops.filter((op) => op.table === "messages")).toHaveLength(1);
  });

  it("moves a waiting message to sent when the archive shows it, and says so to the outbox", async () => {
    await receiver.type("own-1", id(friend.address), "typed offline");
    await receiver.ingest.archive([
      said({ direction: "out", id: "own-1", archiveId: "arc-1", body: "typed offline", via: "archive" }),
    ]);
    expect(await receiver.history.waiting(account)).toEqual([]);
    expect(receiver.settled).toEqual([["own-1", false]]);
    expect((await receiver.history.page({ conversationId: id(friend.address), limit: 10 })).messages).toHaveLength(1);
  });

  it("takes everything before an own message from another device as read", async () => {
    await receiver.ingest.archive([
      said({ id: "1", archiveId: "1", at: 1_000, via: "archive" }),
      said({ id: "2", archiveId: "2", at: 2_000, via: "archive", direction: "out" }),
      said({ id: "3", archiveId: "3", at: 3_000, via: "archive" }),
    ]);
    expect(receiver.tables.get("conversations", id(friend.address))).toMatchObject({ unread: 1 });
  });

  it("counts nothing as unread on the first look into an archive", async () => {
    await receiver.ingest.archive([said({ id: "1", archiveId: "1", at: 1_000, via: "archive" })], {
      isFirstSync: true,
    });
    expect(receiver.tables.get("conversations", id(friend.address))).toMatchObject({
      unread: 0,
      last: { text: "hello" },
    });
  });

  it("keeps the order of a conversation when the clock is set back, and when a sender stamps the future", async () => {
    const id1 = id(friend.address);
    await receiver.type("own-1", id1, "first");
    receiver.clock.time -= 500_000;
    receiver.ingest.event(account, "xmpp", { type: "message", message: said({ id: "w1", body: "second" }) });
    await receiver.ingest.idle();
    await receiver.type("own-2", id1, "third");
    receiver.ingest.event(account, "xmpp", {
      type: "message",
      message: said({ id: "w2", body: "from the future", at: 9e12, delayed: true }),
    });
    await receiver.ingest.idle();
    receiver.clock.time += 1_000_000;
    await receiver.type("own-3", id1, "last");
    const bodies = (await receiver.history.page({ conversationId: id1, limit: 10 })).messages.map(
      (message) => message.body,
    );
    expect(bodies.filter((body) => body !== "from the future")).toEqual(["first", "second", "third", "last"]);
    expect(bodies.at(-1)).toBe("last");
  });

  it("keeps the order of what a server stamps with whole seconds within one second", async () => {
    receiver.clock.time = 11_400;
    await receiver.type("own-1", id(friend.address), "Back tomorrow");
    receiver.clock.time = 20_000;
    const second = 13_000;
    await receiver.ingest.archive(
      ["a", "b"].map((body) => said({ id: body, archiveId: body, body, at: second, via: "archive", delayed: true })),
    );
    expect(
      (await receiver.history.page({ conversationId: id(friend.address), limit: 10 })).messages.map(
        (message) => message.body,
      ),
    ).toEqual(["Back tomorrow", "a", "b"]);
  });

  it("knows whom a message is for after a power cut", async () => {
    receiver.contacts.ensure(account, "xmpp", "new@x.example");
    await receiver.type("own-1", id("new@x.example"), "hi");
    expect(await receiver.profile.get("contact", account)).toContain("new@x.example");
  });

  it("keeps delivery states in order with the messages they follow", async () => {
    receiver.conversations.open(id(friend.address));
    await receiver.type("own-1", id(friend.address), "hi");
    for (const state of ["sent", "delivered", "read"] as const)
      receiver.ingest.event(account, "xmpp", { type: "delivery", id: "own-1", peer: friend.address, state });
    await receiver.ingest.idle();
    expect((await receiver.history.get("own-1"))?.state).toBe("read");
    expect(receiver.ops.flatMap((op) => (op.op === "put" && op.table === "messages" ? [op.record.state] : []))).toEqual(
      ["waiting", "sent", "delivered", "read"],
    );
    expect(receiver.unsent).toEqual([]);
  });

  it("tells of an own message that will not be sent", async () => {
    await receiver.type("own-1", id(friend.address), "hi");
    receiver.ingest.event(account, "xmpp", {
      type: "delivery",
      id: "own-1",
      peer: friend.address,
      state: "failed",
      error: { code: "recipient-unreachable" },
    });
    receiver.ingest.event(account, "xmpp", { type: "delivery", id: "nobody's", peer: friend.address, state: "failed" });
    await receiver.ingest.idle();
    expect(receiver.unsent).toEqual(["own-1"]);
  });
});
