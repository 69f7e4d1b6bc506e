import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  account,
  bob,
  createRetentionHarness,
  day,
  eve,
  message,
  now,
  type RetentionHarness,
} from "./retention-harness.test-helper.ts";

let harness: RetentionHarness;
beforeEach(async () => {
  harness = await createRetentionHarness();
});
afterEach(() => harness.remove());

describe.each(["encrypted", "memory"] as const)("retention in mode %s", (mode) => {
  beforeEach(() => harness.open(mode));

  it("takes what is old with all that hangs on it, and tells how many went by which rule", async () => {
    await harness.history.append([
      message("old", 40),
      message("older", 50, { conversationId: eve }),
      message("new", 10),
      message("newer", 5, { conversationId: eve }),
    ]);
    await harness.applyPolicy({ retentionDays: 30 });
    expect([await harness.texts(bob), await harness.texts(eve)]).toEqual([["new"], ["newer"]]);
    expect(await harness.recorded()).toEqual(["new", "newer"]);
    expect((await harness.history.search({ text: "old", limit: 10 })).hits).toEqual([]);
    expect(harness.events).toEqual([
      {
        kind: "deletion",
        action: "retention",
        details: {
          rule: "HistoryRetentionDays",
          arrivedUntil: new Date(now - 30 * day).toISOString(),
          messages: 2,
          minimumDays: 0,
        },
      },
    ]);
    // Each run that finds nothing says nothing.
    await harness.applyPolicy({});
    expect(harness.events).toHaveLength(1);
  });

  it("keeps counts, first unread messages and last lines right, and says what is gone from where", async () => {
    const [old, young] = [message("old", 40), message("young", 10)];
    await harness.history.append([old, young, message("gone", 40, { conversationId: eve })]);
    await harness.applyPolicy({ retentionDays: 30 });
    const summaries = await harness.history.conversations();
    expect(summaries).toMatchObject([
      { conversationId: bob, unread: 1, firstUnread: young.id, last: { text: "young" } },
    ]);
    expect(harness.removed.flatMap((one) => [...one.ids])).toEqual(expect.arrayContaining([[bob, [old.id]]]));
    const told = new Map(
      harness.removed.flatMap((one) => one.summaries).map((summary) => [summary.conversationId, summary]),
    );
    expect(told.get(bob)).toMatchObject({ unread: 1, firstUnread: young.id });
    expect(told.get(eve)).toMatchObject({ unread: 0, last: undefined });
    // The same people may write again.
    await harness.history.append([message("back", 0, { conversationId: eve })]);
    expect(await harness.texts(eve)).toEqual(["back"]);
  });

  it("leaves what is still to be sent", async () => {
    await harness.history.append([message("waits", 40, { direction: "out", state: "waiting" })]);
    await harness.applyPolicy({ retentionDays: 30 });
    expect(await harness.texts()).toEqual(["waits"]);
  });

  it("hides what the person deletes and a rule keeps, and takes it when nothing keeps it any more", async () => {
    const [old, young] = [message("old", 40), message("young", 10)];
    await harness.history.append([old, young]);
    await harness.applyPolicy({ minimumDays: 30 });
    expect(await harness.retention.delete({ conversationId: bob })).toEqual({
      deleted: 1,
      kept: 1,
      held: false,
      until: now + 20 * day,
    });
    await harness.retention.idle();
    expect([await harness.texts(), await harness.history.conversations()]).toEqual([[], []]);
    expect(await harness.recorded()).toEqual(["young"]);
    // A copy, or news of it, brings it back to nobody's sight.
    const [copy] = await harness.history.append([{ ...young, id: "copy" }]);
    expect(copy?.isNew).toBe(false);
    expect(await harness.texts()).toEqual([]);
    harness.now = now + 20 * day;
    await harness.applyPolicy({});
    expect(await harness.recorded()).toEqual([]);
    expect(
      harness.events.map(({ action, details }) => [
        action,
        details["messages"] ?? details["deleted"] ?? details["what"],
        details["rule"] ?? details["kept"],
      ]),
    ).toEqual([
      ["person", "conversation", undefined],
      ["person", 1, 1],
      ["retention", 1, "deleted-by-person"],
      ["retention", 1, "deleted-by-person"],
    ]);
  });

  it("deletes some messages, and takes back one that waits", async () => {
    const own = message("mine", 0, { direction: "out", state: "waiting" });
    const theirs = message("theirs", 0);
    await harness.history.append([own, theirs, message("stays", 0)]);
    const many = Array.from({ length: 50 }, (_, n) => `unknown-${n}`);
    expect(await harness.retention.delete({ conversationId: bob, messageIds: [own.id, ...many, theirs.id] })).toEqual({
      deleted: 2,
      kept: 0,
      held: false,
    });
    expect(harness.withdrawn).toEqual([own.id]);
    expect(await harness.history.waiting(account)).toEqual([]);
    expect(await harness.texts()).toEqual(["stays"]);
    await harness.retention.idle();
    expect(await harness.recorded()).toEqual(["stays"]);
  });

  it("deletes all, and nothing that comes afterwards", async () => {
    await harness.history.append([
      ...Array.from({ length: 300 }, (_, n) => message(`line ${n}`, 1)),
      message("theirs", 1, { conversationId: eve }),
    ]);
    expect(await harness.retention.delete({ all: true })).toEqual({ deleted: 301, kept: 0, held: false });
    await harness.history.append([message("new", 0)]);
    await harness.retention.idle();
    expect(await harness.recorded()).toEqual(["new"]);
  });

  it("forgets an account and nothing else, and keeps its record where nobody may delete", async () => {
    const other = { accountId: "account-2", conversationId: "account-2|bob@example.com" };
    await harness.history.append([message("first", 1), message("second", 1, other)]);
    await harness.retention.forgetAccount("account-2");
    await harness.retention.idle();
    expect([
      await harness.recorded(),
      (await harness.history.conversations()).map((one) => one.conversationId),
    ]).toEqual([["first"], [bob]]);
    await harness.applyPolicy({ deleteEnabled: false });
    await harness.retention.forgetAccount(account);
    await harness.retention.idle();
    expect([await harness.recorded(), await harness.history.conversations()]).toEqual([["first"], []]);
    await harness.applyPolicy({ retentionDays: 1 });
    expect(await harness.recorded()).toEqual([]);
  });

  it("spares what a hold names, also from the moment at which it is set, until it is lifted", async () => {
    await harness.history.append([message("held", 40), message("free", 40, { conversationId: eve })]);
    const hold = { type: "address", address: "bob@example.com", matter: "Case 1" } as const;
    await harness.applyPolicy({ retentionDays: 30, holds: [hold] });
    expect(await harness.recorded()).toEqual(["held"]);
    expect(await harness.retention.delete({ conversationId: bob })).toEqual({ deleted: 0, kept: 1, held: true });
    await harness.open(mode === "memory" ? "memory" : "encrypted");
    if (mode === "encrypted") expect([await harness.recorded(), await harness.texts()]).toEqual([["held"], []]);
    await harness.applyPolicy({ holds: [] });
    expect(await harness.recorded()).toEqual([]);
    expect(harness.events.filter(({ kind }) => kind === "hold")).toEqual([
      {
        kind: "hold",
        action: "set",
        details: { type: "address", subject: "bob@example.com", matter: "Case 1", from: null, to: null },
      },
      {
        kind: "hold",
        action: "lifted",
        details: { type: "address", subject: "bob@example.com", matter: "Case 1", from: null, to: null },
      },
    ]);
  });
});

describe("the closed file", () => {
  it("is obeyed in, too, in the other modes, and its lines are not forgotten with what is closed there", async () => {
    await harness.history.append([message("old", 40), message("new", 1)]);
    await harness.open("off");
    await harness.history.append([message("shown", 0)]);
    await harness.history.forgetOpen(bob);
    await harness.applyPolicy({ retentionDays: 30 });
    await harness.open();
    expect(await harness.recorded()).toEqual(["new"]);
    await harness.open("off");
    await harness.retention.forgetAccount(account);
    await harness.retention.idle();
    await harness.open();
    expect(await harness.recorded()).toEqual([]);
  });
});

describe("the audit log", () => {
  it("comes first: what it does not take does not happen", async () => {
    await harness.history.append([message("text", 40)]);
    harness.refusal = new Error("full");
    await expect(harness.retention.delete({ all: true })).rejects.toThrow("full");
    expect(await harness.texts()).toEqual(["text"]);
  });

  it("hears later, once, of what went while it could not be told, and nothing more goes before", async () => {
    await harness.history.append([message("first", 40)]);
    harness.refusal = new Error("full");
    await harness.applyPolicy({ retentionDays: 30 });
    expect([await harness.recorded(), harness.failures]).toEqual([[], [harness.refusal]]);
    await harness.history.append([message("second", 40)]);
    await harness.applyPolicy({});
    expect(await harness.recorded()).toEqual(["second"]);
    harness.refusal = undefined;
    await harness.open();
    expect(await harness.recorded()).toEqual([]);
    expect(harness.events.map(({ details }) => details["messages"])).toEqual([1, 1]);
  });

  it("hears of a hold once, over restarts, whatever the order of its fields", async () => {
    await harness.applyPolicy({
      holds: [{ type: "domain", domain: "supplier.example", matter: "Audit", from: "2026-01-01" }],
    });
    await harness.open();
    await harness.applyPolicy({
      holds: [{ matter: "Audit", from: "2026-01-01", domain: "supplier.example", type: "domain" }],
    });
    expect(harness.events.map(({ action }) => action)).toEqual(["set"]);
    await harness.applyPolicy({ holds: [] });
    await harness.open();
    expect(harness.events.map(({ action }) => action)).toEqual(["set", "lifted"]);
  });
});

it("is under the same policy in the thread that takes the place of one that died", async () => {
  await harness.remove();
  harness = await createRetentionHarness(new URL("../../history/crashable-worker.test-helper.ts", import.meta.url));
  await harness.history.append([message("held", 40), message("free", 40, { conversationId: eve })]);
  await harness.applyPolicy({ holds: [{ type: "address", address: "bob@example.com", matter: "Case" }] });
  await harness.worker.call("profile.get", "network-cache", join(harness.folder, "died")).catch(() => undefined);
  expect(await harness.retention.delete({ all: true })).toEqual({ deleted: 1, kept: 1, held: true });
  await harness.retention.idle();
  expect(await harness.recorded()).toEqual(["held"]);
});
