import { describe, expect, it } from "vitest";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import type { NewMessage } from "../../history/history.ts";
import type { FeedItem } from "./compliance-feed.ts";
import { historyFeed, ownItem } from "./recorded.ts";

const account = { network: "xmpp", own: "me@x.example" } as const;
const conversationId = "account-1|bob@x.example";
const place = placeOf(conversationId);
const items: FeedItem[] = [];
const unarchived = "account-1|friend@home.example";
const feed = historyFeed(
  { add: async (added) => void items.push(...added), covers: ({ address }) => address !== "friend@home.example" },
  () => account,
);
const last = (): FeedItem => {
  const item = items.at(-1);
  if (!item) throw new Error("nothing was fed");
  return item;
};

function appended(changes: Partial<NewMessage> = {}): FeedItem {
  feed.appending([
    {
      id: "local",
      conversationId,
      place: placeOf(changes.conversationId ?? conversationId),
      ...account,
      direction: "in",
      author: { isSelf: changes.direction === "out" },
      wireId: "w1",
      archiveId: undefined,
      body: "hello",
      at: 5,
      receivedAt: 6,
      state: "received",
      delayed: false,
      otherDevice: false,
      unread: true,
      wantsRead: true,
      ...changes,
    },
  ]);
  return last();
}

describe("what is fed", () => {
  it("is what policy has archived, and nothing is made of the rest", () => {
    const made = { author: { isSelf: false }, direction: "in", wireId: "w1", at: 5 } as const;
    const first = appended();
    feed.correcting({ ...made, conversationId: unarchived, place: placeOf(unarchived), body: "new" });
    feed.retracting({ ...made, conversationId: unarchived, place: placeOf(unarchived) });
    expect(appended({ conversationId: unarchived })).toBe(first);
    feed.retracting({ ...made, conversationId, place });
    expect(last()).toMatchObject({ what: "retraction", message: { conversationId } });
  });

  it("has one id whichever way it comes, and another when it is another message", () => {
    const live = appended();
    expect(live).toMatchObject({
      what: "message",
      message: { peer: "bob@x.example", own: "me@x.example", body: "hello", wireId: "w1", sentAt: 5 },
    });
    expect(live.id).toMatch(/^[0-9a-f]{64}$/);
    expect(appended({ id: "other", archiveId: "a1", at: 4, receivedAt: 9, delayed: true, unread: false }).id).toBe(
      live.id,
    );
    expect(appended({ id: "third", conversationId: "account-2|bob@x.example" }).id).toBe(live.id);
    for (const other of [
      { wireId: "w2" },
      { body: "hello!" },
      { direction: "out" as const },
      { conversationId: "account-1|eve@x.example" },
      { own: "you@x.example" },
    ])
      expect(appended(other).id).not.toBe(live.id);
  });

  it("an own message that waits is the item that was fed when it was typed, also as the carbon copy of another device", () => {
    const typed = appended({ id: "own", wireId: "own", direction: "out", state: "waiting" });
    expect(ownItem({ id: "own", conversationId, place, body: "hello", at: 5 }, account).id).toBe(typed.id);
    expect(appended({ id: "x", wireId: "own", direction: "out", state: "sent", otherDevice: true }).id).toBe(typed.id);
  });

  it("the same id and text by two occupants of a room are two items", () => {
    const of = (occupant: string) => appended({ author: { name: "Anna", occupant, isSelf: false } }).id;
    expect(of("occupant-a")).not.toBe(of("occupant-b"));
    expect(of("occupant-a")).toBe(of("occupant-a"));
  });

  it("corrections and retractions are items of their own", () => {
    const message = appended();
    feed.correcting({
      conversationId,
      place,
      direction: "in",
      author: { isSelf: false },
      wireId: "w1",
      at: 7,
      body: "hullo",
      newWireId: "c1",
    });
    const correction = last();
    expect(correction).toMatchObject({ what: "correction", message: { wireId: "w1", body: "hullo", correctedAt: 7 } });
    // One whose message is not here is stored as a message: still the same correction.
    expect(appended({ wireId: "c1", body: "hullo", replaces: "w1" })).toMatchObject({
      id: correction.id,
      what: "correction",
    });
    // The same words said again later are another correction.
    feed.correcting({
      conversationId,
      place,
      direction: "in",
      author: { isSelf: false },
      wireId: "w1",
      at: 9,
      body: "hullo",
      newWireId: "c2",
    });
    expect(last().id).not.toBe(correction.id);
    feed.retracting({ conversationId, place, direction: "in", author: { isSelf: false }, wireId: "w1", at: 8 });
    expect(last()).toMatchObject({ what: "retraction", message: { wireId: "w1", body: "", retractedAt: 8 } });
    expect(new Set([message.id, correction.id, last().id]).size).toBe(3);
    feed.retracting({ conversationId, place, direction: "out", author: { isSelf: true }, wireId: "own", at: 8 });
    expect(
      ownItem({ id: "r1", conversationId, place, body: "", at: 9, kind: "retraction", targetId: "own" }, account).id,
    ).toBe(last().id);
    feed.correcting({
      conversationId,
      place,
      direction: "out",
      author: { isSelf: true },
      wireId: "own",
      at: 8,
      body: "new",
      newWireId: "c3",
    });
    expect(
      ownItem({ id: "c3", conversationId, place, body: "new", at: 8, kind: "correction", targetId: "own" }, account).id,
    ).toBe(last().id);
  });
});
