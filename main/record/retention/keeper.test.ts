import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, bob, createShelf, day, eve, message, now, type Shelf } from "./shelf.test-helper.ts";

let shelf: Shelf;
beforeEach(async () => {
  shelf = await createShelf();
});
afterEach(() => shelf.remove());

describe.each(["encrypted", "memory"] as const)("retention in mode %s", (mode) => {
  beforeEach(() => shelf.open(mode));

  it("takes what is old with all that hangs on it, and tells how many went by which rule", async () => {
    await shelf.history.append([
      message("old", 40),
      message("older", 50, { conversationId: eve }),
      message("new", 10),
      message("newer", 5, { conversationId: eve }),
    ]);
    await shelf.obey({ retentionDays: 30 });
    expect([await shelf.texts(bob), await shelf.texts(eve)]).toEqual([["new"], ["newer"]]);
    expect(await shelf.recorded()).toEqual(["new", "newer"]);
    expect((await shelf.history.search({ text: "old", limit: 10 })).hits).toEqual([]);
    expect(shelf.events).toEqual([
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
    await shelf.obey({});
    expect(shelf.events).toHaveLength(1);
  });

  it("keeps counts, first unread messages and last lines right, and says what is gone from where", async () => {
    const [old, young] = [message("old", 40), message("young", 10)];
    await shelf.history.append([old, young, message("gone", 40, { conversationId: eve })]);
    await shelf.obey({ retentionDays: 30 });
    const summaries = await shelf.history.conversations();
    expect(summaries).toMatchObject([
      { conversationId: bob, unread: 1, firstUnread: young.id, last: { text: "young" } },
    ]);
    expect(shelf.removed.flatMap((one) => [...one.ids])).toEqual(expect.arrayContaining([[bob, [old.id]]]));
    const told = new Map(
      shelf.removed.flatMap((one) => one.summaries).map((summary) => [summary.conversationId, summary]),
    );
    expect(told.get(bob)).toMatchObject({ unread: 1, firstUnread: young.id });
    expect(told.get(eve)).toMatchObject({ unread: 0, last: undefined });
    // The same people may write again.
    await shelf.history.append([message("back", 0, { conversationId: eve })]);
    expect(await shelf.texts(eve)).toEqual(["back"]);
  });

  it("leaves what is still to be sent", async () => {
    await shelf.history.append([message("waits", 40, { direction: "out", state: "waiting" })]);
    await shelf.obey({ retentionDays: 30 });
    expect(await shelf.texts()).toEqual(["waits"]);
  });

  it("hides what the person deletes and a rule keeps, and takes it when nothing keeps it any more", async () => {
    const [old, young] = [message("old", 40), message("young", 10)];
    await shelf.history.append([old, young]);
    await shelf.obey({ minimumDays: 30 });
    expect(await shelf.keeper.delete({ conversationId: bob })).toEqual({
      deleted: 1,
      kept: 1,
      held: false,
      until: now + 20 * day,
    });
    await shelf.keeper.idle();
    expect([await shelf.texts(), await shelf.history.conversations()]).toEqual([[], []]);
    expect(await shelf.recorded()).toEqual(["young"]);
    // A copy, or news of it, brings it back to nobody's sight.
    const [copy] = await shelf.history.append([{ ...young, id: "copy" }]);
    expect(copy?.isNew).toBe(false);
    expect(await shelf.texts()).toEqual([]);
    shelf.now = now + 20 * day;
    await shelf.obey({});
    expect(await shelf.recorded()).toEqual([]);
    expect(
      shelf.events.map(({ action, details }) => [
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
    await shelf.history.append([own, theirs, message("stays", 0)]);
    const many = Array.from({ length: 50 }, (_, n) => `unknown-${n}`);
    expect(await shelf.keeper.delete({ conversationId: bob, messageIds: [own.id, ...many, theirs.id] })).toEqual({
      deleted: 2,
      kept: 0,
      held: false,
    });
    expect(shelf.withdrawn).toEqual([own.id]);
    expect(await shelf.history.waiting(account)).toEqual([]);
    expect(await shelf.texts()).toEqual(["stays"]);
    await shelf.keeper.idle();
    expect(await shelf.recorded()).toEqual(["stays"]);
  });

  it("deletes all, and nothing that comes afterwards", async () => {
    await shelf.history.append([
      ...Array.from({ length: 300 }, (_, n) => message(`line ${n}`, 1)),
      message("theirs", 1, { conversationId: eve }),
    ]);
    expect(await shelf.keeper.delete({ all: true })).toEqual({ deleted: 301, kept: 0, held: false });
    await shelf.history.append([message("new", 0)]);
    await shelf.keeper.idle();
    expect(await shelf.recorded()).toEqual(["new"]);
  });

  it("forgets an account and nothing else, and keeps its record where nobody may delete", async () => {
    const other = { accountId: "account-2", conversationId: "account-2|bob@example.com" };
    await shelf.history.append([message("first", 1), message("second", 1, other)]);
    await shelf.keeper.forgetAccount("account-2");
    await shelf.keeper.idle();
    expect([await shelf.recorded(), (await shelf.history.conversations()).map((one) => one.conversationId)]).toEqual([
      ["first"],
      [bob],
    ]);
    await shelf.obey({ deleteEnabled: false });
    await shelf.keeper.forgetAccount(account);
    await shelf.keeper.idle();
    expect([await shelf.recorded(), await shelf.history.conversations()]).toEqual([["first"], []]);
    await shelf.obey({ retentionDays: 1 });
    expect(await shelf.recorded()).toEqual([]);
  });

  it("spares what a hold names, also from the moment at which it is set, until it is lifted", async () => {
    await shelf.history.append([message("held", 40), message("free", 40, { conversationId: eve })]);
    const hold = { type: "address", address: "bob@example.com", matter: "Case 1" } as const;
    await shelf.obey({ retentionDays: 30, holds: [hold] });
    expect(await shelf.recorded()).toEqual(["held"]);
    expect(await shelf.keeper.delete({ conversationId: bob })).toEqual({ deleted: 0, kept: 1, held: true });
    await shelf.open(mode === "memory" ? "memory" : "encrypted");
    if (mode === "encrypted") expect([await shelf.recorded(), await shelf.texts()]).toEqual([["held"], []]);
    await shelf.obey({ holds: [] });
    expect(await shelf.recorded()).toEqual([]);
    expect(shelf.events.filter(({ kind }) => kind === "hold")).toEqual([
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
    await shelf.history.append([message("old", 40), message("new", 1)]);
    await shelf.open("off");
    await shelf.history.append([message("shown", 0)]);
    await shelf.history.forgetOpen(bob);
    await shelf.obey({ retentionDays: 30 });
    await shelf.open();
    expect(await shelf.recorded()).toEqual(["new"]);
    await shelf.open("off");
    await shelf.keeper.forgetAccount(account);
    await shelf.keeper.idle();
    await shelf.open();
    expect(await shelf.recorded()).toEqual([]);
  });
});

describe("the audit log", () => {
  it("comes first: what it does not take does not happen", async () => {
    await shelf.history.append([message("text", 40)]);
    shelf.refusal = new Error("full");
    await expect(shelf.keeper.delete({ all: true })).rejects.toThrow("full");
    expect(await shelf.texts()).toEqual(["text"]);
  });

  it("hears later, once, of what went while it could not be told, and nothing more goes before", async () => {
    await shelf.history.append([message("first", 40)]);
    shelf.refusal = new Error("full");
    await shelf.obey({ retentionDays: 30 });
    expect([await shelf.recorded(), shelf.failures]).toEqual([[], [shelf.refusal]]);
    await shelf.history.append([message("second", 40)]);
    await shelf.obey({});
    expect(await shelf.recorded()).toEqual(["second"]);
    shelf.refusal = undefined;
    await shelf.open();
    expect(await shelf.recorded()).toEqual([]);
    expect(shelf.events.map(({ details }) => details["messages"])).toEqual([1, 1]);
  });

  it("hears of a hold once, over restarts, whatever the order of its fields", async () => {
    await shelf.obey({ holds: [{ type: "domain", domain: "supplier.example", matter: "Audit", from: "2026-01-01" }] });
    await shelf.open();
    await shelf.obey({ holds: [{ matter: "Audit", from: "2026-01-01", domain: "supplier.example", type: "domain" }] });
    expect(shelf.events.map(({ action }) => action)).toEqual(["set"]);
    await shelf.obey({ holds: [] });
    await shelf.open();
    expect(shelf.events.map(({ action }) => action)).toEqual(["set", "lifted"]);
  });
});

it("is under the same policy in the thread that takes the place of one that died", async () => {
  await shelf.remove();
  shelf = await createShelf(new URL("../../history/mortal-worker.test-helper.ts", import.meta.url));
  await shelf.history.append([message("held", 40), message("free", 40, { conversationId: eve })]);
  await shelf.obey({ holds: [{ type: "address", address: "bob@example.com", matter: "Case" }] });
  await shelf.worker.call("profile.get", "network-cache", join(shelf.folder, "died")).catch(() => undefined);
  expect(await shelf.keeper.delete({ all: true })).toEqual({ deleted: 1, kept: 1, held: true });
  await shelf.keeper.idle();
  expect(await shelf.recorded()).toEqual(["held"]);
});
