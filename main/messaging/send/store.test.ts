import { beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { OutgoingSaying } from "../outgoing.ts";
import {
  accountId,
  bob,
  conversationId,
  correction,
  now,
  own,
  retraction,
  tablesWithBob,
  text,
  typing,
} from "./items.test-helper.ts";
import { type StoreParts, store } from "./store.ts";

describe("storing", () => {
  const waiting = { ...own, id: "m1", body: "hello", state: "waiting", at: now + 7 } as MessageRecord;
  let parts: {
    readonly history: Record<"append" | "correct" | "retract", ReturnType<typeof vi.fn>>;
    readonly contacts: { readonly save: ReturnType<typeof vi.fn> };
    readonly requests: { readonly written: ReturnType<typeof vi.fn> };
    readonly conversations: Record<"count" | "changed" | "summary", ReturnType<typeof vi.fn>>;
    readonly ownChanges: Record<"waiting" | "add" | "drop" | "marked", ReturnType<typeof vi.fn>>;
    readonly queue: { readonly withdraw: ReturnType<typeof vi.fn> };
  };
  let order: string[];
  let saidAt: number | undefined;
  const step = <T>(name: string, answer: T) =>
    vi.fn(async () => {
      await Promise.resolve();
      order.push(name);
      return answer;
    });

  beforeEach(() => {
    order = [];
    saidAt = undefined;
    const changed = { outcome: "changed", record: own, summary: { id: conversationId } };
    parts = {
      history: {
        append: step("append", [{ record: waiting, isNew: true, changed: false }]),
        correct: step("correct", changed),
        retract: step("retract", changed),
      },
      contacts: { save: step("save", undefined) },
      requests: { written: vi.fn(() => order.push("written")) },
      conversations: { count: vi.fn(), changed: vi.fn(() => order.push("shown")), summary: vi.fn() },
      ownChanges: {
        waiting: vi.fn(() => []),
        add: step("add", undefined),
        drop: vi.fn(),
        marked: vi.fn((record: MessageRecord) => ({ ...record, marked: true })),
      },
      queue: { withdraw: vi.fn(() => false) },
    };
  });
  const run = (item: OutgoingSaying, next = vi.fn(async () => undefined)) => {
    const stage = store({
      ...parts,
      tables: tablesWithBob(),
      times: { own: () => ({ at: now, saidAt }) },
      now: () => now,
    } as unknown as StoreParts);
    return stage(item, async (changed) => {
      await Promise.resolve();
      order.push("next");
      return next(...([changed] as unknown as []));
    });
  };

  it("has a text on disk before it is shown and goes on, with the time that the history gave it", async () => {
    const next = vi.fn(async () => undefined);
    expect(await run(text, next)).toBe(waiting);
    expect(order).toEqual(["save", "append", "shown", "next", "written"]);
    expect(next).toHaveBeenCalledWith({ ...text, at: now + 7 });
    expect(parts.history.append).toHaveBeenCalledWith([
      expect.objectContaining({
        ...{ id: "m1", wireId: "m1", body: "hello", at: now, receivedAt: now, state: "waiting", network: "xmpp" },
        ...{ own: "me@x.example", author: { address: "me@x.example", isSelf: true }, direction: "out" },
        ...{ delayed: false, otherDevice: false, unread: false, wantsRead: false },
      }),
    ]);
    expect(parts.conversations.count).toHaveBeenCalledWith(conversationId, [
      { record: waiting, place: text.place, isUnread: false },
    ]);
    expect(parts.requests.written).toHaveBeenCalledWith(accountId, bob);
  });

  it("says beside its place when it was said, where that is another time", async () => {
    await run(text);
    expect(parts.history.append.mock.calls[0]?.[0]?.[0]).not.toHaveProperty("saidAt");
    saidAt = 7;
    await run(text);
    expect(parts.history.append).toHaveBeenLastCalledWith([expect.objectContaining({ at: now, saidAt: 7 })]);
  });

  it("goes on where the contact list cannot be saved, and not where the history fails", async () => {
    parts.contacts.save.mockRejectedValue(new HallwayError("storage-full"));
    expect(await run(text)).toBe(waiting);
    parts.history.append.mockRejectedValue(new HallwayError("storage-full"));
    order = [];
    await expect(run(text)).rejects.toMatchObject({ code: "storage-full" });
    parts.history.append.mockResolvedValue([]);
    await expect(run(text)).rejects.toThrow();
    expect(order).toEqual([]);
  });

  it("shows a text that is known already no second time, and does not send one that was sent", async () => {
    parts.history.append.mockResolvedValue([{ record: waiting, isNew: false, changed: false }]);
    await run(text);
    expect([parts.conversations.changed.mock.calls, parts.conversations.count.mock.calls]).toEqual([[], []]);
    expect(order).toContain("next");
    order = [];
    parts.history.append.mockResolvedValue([{ record: own, isNew: false, changed: false }]);
    expect(await run(text)).toBe(own);
    expect(order).toEqual(["save", "written"]);
  });

  it.each([correction, retraction])("has a change on disk before it is shown and goes on ($kind)", async (change) => {
    const next = vi.fn(async () => undefined);
    expect(await run({ ...change, target: own }, next)).toEqual({ ...own, marked: true });
    expect(order).toEqual(["add", change.kind === "correction" ? "correct" : "retract", "shown", "next"]);
    expect(next).toHaveBeenCalledWith(change);
    const { place, targetId, body, at, kind, id } = change;
    expect(parts.ownChanges.add).toHaveBeenCalledWith({ kind, id, conversationId, place, targetId, body, at });
    const about = { conversationId, place, direction: "out", author: { isSelf: true }, wireId: targetId, at };
    if (kind === "correction") expect(parts.history.correct).toHaveBeenCalledWith({ ...about, body, newWireId: id });
    else expect(parts.history.retract).toHaveBeenCalledWith(about);
    expect(parts.conversations.summary).toHaveBeenCalledWith({ id: conversationId });
    expect(parts.ownChanges.drop).not.toHaveBeenCalled();
  });

  it("does nothing for a correction to the text that stands there", async () => {
    expect(await run({ ...correction, body: "old", target: own })).toEqual({ ...own, marked: true });
    expect(order).toEqual([]);
  });

  it("drops a change of what is not there, and says so", async () => {
    parts.history.correct.mockResolvedValue({ outcome: "unknown", record: undefined, summary: undefined });
    await expect(run({ ...correction, target: own })).rejects.toMatchObject({ code: "not-found" });
    expect(parts.ownChanges.drop.mock.calls).toEqual([["c1"]]);
    expect(order).toEqual(["add"]);
    await expect(run(correction)).rejects.toMatchObject({ code: "not-found" });
  });

  it("takes back in silence what never went out, with those corrections of it that wait", async () => {
    parts.ownChanges.waiting.mockReturnValue([
      { id: "c0", targetId: "m0" },
      { id: "d0", targetId: "other" },
    ]);
    parts.queue.withdraw.mockImplementation((_: string, id: string) => id === "m0");
    await run({ ...retraction, target: own });
    expect(parts.queue.withdraw.mock.calls).toEqual([
      [accountId, "c0"],
      [accountId, "m0"],
    ]);
    expect(parts.ownChanges.drop.mock.calls).toEqual([["c1"]]);
    expect(order).toEqual(["add", "retract", "shown"]);
    parts.queue.withdraw.mockClear();
    await run({ ...correction, target: own });
    expect(parts.queue.withdraw).not.toHaveBeenCalled();
  });

  it("lets a signal pass", async () => {
    const next = vi.fn(async () => undefined);
    await run(typing as never, next);
    expect(next).toHaveBeenCalledWith(typing);
  });
});
