import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directAuthor } from "../../shared/model/author.ts";
import { changeableFor } from "../../shared/model/message-change.ts";
import type { MessageChange } from "../networks/facets/messages.ts";
import { account, friend, id, openReceiver, type Receiver, said } from "./receiving.test-helper.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.remove());

describe("corrections and retractions", () => {
  const juliet = id(friend.address);
  const corrected = (over: Partial<Extract<MessageChange, { kind: "correction" }>> = {}): MessageChange => ({
    kind: "correction",
    peer: friend.address,
    direction: "in",
    author: directAuthor(over.direction ?? "in", { own: "me@x.example", peer: over.peer ?? friend.address }),
    targetId: "wire-1",
    id: "change-1",
    archiveId: undefined,
    body: "hallo",
    at: undefined,
    delayed: false,
    via: "live",
    ...over,
  });
  const retracted = (over: Partial<Extract<MessageChange, { kind: "retraction" }>> = {}): MessageChange => {
    const {
      kind: _,
      body: __,
      ...about
    } = corrected({
      ...(over.peer === undefined ? {} : { peer: over.peer }),
      ...(over.direction === undefined ? {} : { direction: over.direction }),
    }) as Extract<MessageChange, { kind: "correction" }>;
    return { kind: "retraction", ...about, id: "change-2", ...over };
  };
  const change = async (one: MessageChange): Promise<void> => {
    receiver.ingest.event(account, "xmpp", { type: "change", change: one });
    await receiver.ingest.idle();
  };
  const page = async () => (await receiver.history.page({ conversationId: juliet, limit: 20 })).messages;

  beforeEach(async () => {
    receiver.ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    receiver.conversations.open(juliet);
    receiver.ingest.event(account, "xmpp", { type: "message", message: said() });
    await receiver.ingest.idle();
    receiver.ops.length = 0;
  });

  it("change the message everywhere: record, screen, preview, search", async () => {
    await change(corrected());
    expect(await page()).toMatchObject([{ body: "hallo", corrected: expect.any(Number) }]);
    expect(receiver.ops).toContainEqual(
      expect.objectContaining({ op: "put", table: "messages", record: expect.objectContaining({ body: "hallo" }) }),
    );
    expect(receiver.tables.get("conversations", juliet)).toMatchObject({ unread: 1, last: { text: "hallo" } });
    expect((await receiver.history.search({ text: "hallo", limit: 5 })).hits).toHaveLength(1);
    expect((await receiver.history.search({ text: "hello", limit: 5 })).hits).toEqual([]);
    await change(retracted());
    expect(await page()).toMatchObject([{ body: "", retracted: true }]);
    expect(receiver.tables.get("conversations", juliet)).toMatchObject({
      unread: 0,
      last: { text: "", retracted: true },
    });
    expect((await receiver.history.search({ text: "hallo", limit: 5 })).hits).toEqual([]);
    expect(receiver.rewritten).toEqual(["hallo", ""]);
    expect(receiver.arrivals).toEqual(["hello"]);
  });

  it("of what somebody else said are none", async () => {
    receiver.ingest.event(account, "xmpp", {
      type: "roster",
      items: [friend, { ...friend, address: "mallory@x.example" }],
    });
    await receiver.type("own-1", juliet, "mine");
    await change(retracted({ peer: "mallory@x.example" }));
    await change(retracted({ targetId: "own-1" }));
    await change(corrected({ targetId: "wire-1", direction: "out", id: "x" }));
    expect((await page()).map(({ body, retracted: gone }) => [body, gone])).toEqual([
      ["hello", undefined],
      ["mine", undefined],
      ["hallo", undefined],
    ]);
    await receiver.requests.block(account, friend.address);
    await change(retracted());
    expect((await page())[0]).toMatchObject({ body: "hello" });
  });

  it("of own messages come from other devices and the archive, and are known to be there", async () => {
    await receiver.type("own-1", juliet, "mine");
    await change(corrected({ targetId: "own-1", direction: "out", via: "carbon", body: "meine" }));
    expect((await page()).at(-1)).toMatchObject({ body: "meine" });
    await receiver.ingest.archive([], {
      changes: [retracted({ targetId: "own-1", direction: "out", via: "archive", at: receiver.clock.time + 5_000 })],
    });
    expect((await page()).at(-1)).toMatchObject({ retracted: true });
    expect(receiver.ownChangesSeen).toEqual(["change-1", "change-2"]);
    expect(receiver.settled.map(([wireId]) => wireId)).toEqual(["change-1", "change-2"]);
    expect(receiver.rewritten).toEqual([]);
  });

  it("that come before their message wait for it; nothing that was said is lost", async () => {
    await change(corrected({ targetId: "later", id: "c-1", body: "corrected" }));
    expect(receiver.arrivals).toEqual(["hello", "corrected"]);
    expect((await page()).map(({ body }) => body)).toEqual(["hello", "corrected"]);
    await receiver.ingest.archive([
      said({ id: "later", archiveId: "a", body: "original", at: receiver.clock.time, via: "archive" }),
    ]);
    expect((await page()).map(({ body }) => body)).toEqual(["hello", "corrected"]);
  });

  it("of long ago rewrite nothing: the new text is a message of its own, and what was said stays", async () => {
    receiver.clock.time += changeableFor + 4 * 3600 * 1000;
    await change(corrected());
    await change(retracted());
    // A stamp of the sender's own makes it no younger.
    await change(retracted({ at: 1_000_000, delayed: true }));
    expect((await page()).map(({ body }) => body)).toEqual(["hello", "hallo"]);
  });

  it("of a stranger change what waits in Requests", async () => {
    const spam = "spam@evil.example";
    receiver.ingest.event(account, "xmpp", { type: "message", message: said({ peer: spam, body: "buy" }) });
    await change(corrected({ peer: spam, body: "please buy" }));
    expect(receiver.tables.get("requests", id(spam))).toMatchObject({ text: "please buy" });
    await change(retracted({ peer: spam }));
    expect(receiver.tables.get("requests", id(spam))?.text).toBe("");
  });

  it("on their way get on without a message of the same id", async () => {
    await receiver.type("own-1", juliet, "mine");
    receiver.ingest.event(account, "xmpp", {
      type: "delivery",
      id: "change-9",
      peer: friend.address,
      state: "failed",
      error: { code: "recipient-unreachable" },
    });
    await receiver.ingest.idle();
    expect(receiver.ownChangesSeen).toEqual(["change-9"]);
    expect(receiver.unsent).toEqual([]);
  });
});
