import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AgedTestApp, createAgedTestApp } from "./aged-test-app.test-helper.ts";

let aged: AgedTestApp;
beforeEach(async () => {
  aged = await createAgedTestApp();
});
afterEach(() => aged.close());

it("nothing is deleted where policy forbids it, and the person is told so; where it allows it, it is gone", async () => {
  await aged.says("bob@x.example", "first line");
  await aged.says("bob@x.example", "second line");
  await aged.says("eve@out.example", "other line");
  const [first] = (await aged.testApp.request("conversations.open", { conversationId: aged.bob, limit: 10 })).messages;
  const messageIds = [first?.id ?? ""];

  await aged.testApp.policy({ HistoryDeleteEnabled: false });
  const forbidden = { code: "blocked-by-policy", params: { setting: "HistoryDeleteEnabled" } };
  await expect(aged.testApp.request("history.delete", { conversationId: aged.bob, messageIds })).rejects.toMatchObject(
    forbidden,
  );
  await expect(aged.testApp.request("history.delete", { conversationId: aged.bob })).rejects.toMatchObject(forbidden);
  await expect(aged.testApp.request("history.deleteAll", {})).rejects.toMatchObject(forbidden);
  expect(await aged.texts(aged.bob)).toEqual(["first line", "second line"]);

  await aged.testApp.policy(undefined);
  expect(await aged.testApp.request("history.delete", { conversationId: aged.bob, messageIds })).toEqual({
    deleted: 1,
    kept: 0,
    held: false,
  });
  expect(await aged.texts(aged.bob)).toEqual(["second line"]);
  expect(await aged.testApp.request("history.deleteAll", {})).toEqual({ deleted: 2, kept: 0, held: false });
  expect(await aged.texts(aged.bob)).toEqual([]);
  expect((await aged.testApp.request("history.search", { text: "line", limit: 10 })).hits).toEqual([]);
  // What is said next is there again.
  await aged.says("bob@x.example", "third line");
  expect(await aged.texts(aged.bob)).toEqual(["third line"]);
});

/** Updates to the window about lines: `-id` it is gone, `?id` let go of this conversation's. */
const told = (): string[] =>
  aged.testApp.messages.flatMap((message) =>
    message.kind !== "update"
      ? []
      : message.update.ops.flatMap((op) =>
          op.table === "messages" && op.op === "remove"
            ? [`-${op.id}`]
            : op.op === "forget" && op.id !== "all"
              ? [`?${op.id}`]
              : [],
        ),
  );
const page = (conversationId: string) => aged.testApp.request("conversations.page", { conversationId, limit: 50 });

describe.each([
  ["out of scope", { HistoryScope: "internal" }],
  ["in memory", { HistoryMode: "memory" }],
  ["not kept at all", { HistoryMode: "off" }],
  ["out of scope of what is in memory", { HistoryMode: "memory", HistoryScope: "internal" }],
])("what is only in memory (%s)", (_name, policy) => {
  beforeEach(async () => {
    await aged.testApp.policy(policy);
    for (const body of ["first line", "second line", "third line"]) await aged.says("eve@out.example", body);
  });

  it("the person deletes one message of it, the conversation, and all", async () => {
    const [first] = (await page(aged.eve)).messages;
    expect(
      await aged.testApp.request("history.delete", { conversationId: aged.eve, messageIds: [first?.id ?? ""] }),
    ).toEqual({
      deleted: 1,
      kept: 0,
      held: false,
    });
    await expect.poll(told).toContain(`-${first?.id}`);
    expect(await aged.texts(aged.eve)).toEqual(["second line", "third line"]);
    expect(await aged.testApp.request("history.delete", { conversationId: aged.eve })).toEqual({
      deleted: 2,
      kept: 0,
      held: false,
    });
    expect(await aged.texts(aged.eve)).toEqual([]);
    await aged.says("eve@out.example", "fourth line");
    expect(await aged.testApp.request("history.deleteAll", {})).toEqual({ deleted: 1, kept: 0, held: false });
    expect(await aged.texts(aged.eve)).toEqual([]);
    // Nothing of it is elsewhere, to come back with another policy.
    await aged.testApp.policy(undefined);
    expect(await aged.texts(aged.eve)).toEqual([]);
    expect((await aged.testApp.request("history.search", { text: "line", limit: 10 })).hits).toEqual([]);
  });

  it("is refused where policy forbids deleting", async () => {
    await aged.testApp.policy({ ...policy, HistoryDeleteEnabled: false });
    const forbidden = { code: "blocked-by-policy", params: { setting: "HistoryDeleteEnabled" } };
    await expect(aged.testApp.request("history.delete", { conversationId: aged.eve })).rejects.toMatchObject(forbidden);
    await expect(aged.testApp.request("history.deleteAll", {})).rejects.toMatchObject(forbidden);
    expect(await aged.texts(aged.eve)).toEqual(["first line", "second line", "third line"]);
  });

  it("retention takes what is too old of it, from the open window as well", async () => {
    const ids = (await page(aged.eve)).messages.map(({ id }) => `-${id}`);
    aged.pass(40);
    await aged.says("eve@out.example", "fresh line");
    await aged.testApp.policy({ ...policy, HistoryRetentionDays: 30 });
    await aged.untilTexts(aged.eve, ["fresh line"]);
    await expect.poll(told).toEqual(expect.arrayContaining(ids));
  });
});

it("a line that waits out of scope is deleted once, with its copy, and is not sent", async () => {
  aged.network.refused.add("p");
  aged.network.emit({ type: "connection-lost", error: { code: "timed-out" } });
  await aged.testApp.untilAccount({ state: "failed" });
  await aged.testApp.request("messages.send", {
    conversationId: aged.eve,
    messageId: "9b2f7f0e-0000-4000-8000-000000000001",
    body: "Not yet sent",
  });
  await aged.testApp.policy({ HistoryScope: "internal" });
  await aged.untilTexts(aged.eve, ["Not yet sent"]);
  expect(await aged.testApp.request("history.delete", { conversationId: aged.eve })).toEqual({
    deleted: 1,
    kept: 0,
    held: false,
  });
  await aged.testApp.policy(undefined);
  expect(await aged.texts(aged.eve)).toEqual([]);
  await aged.testApp.request("accounts.setPassword", {
    accountId: aged.eve.slice(0, aged.eve.indexOf("|")),
    password: "q",
  });
  await aged.testApp.untilAccount({ state: "online" });
  await aged.testApp.request("messages.send", {
    conversationId: aged.bob,
    messageId: "9b2f7f0e-0000-4000-8000-000000000002",
    body: "Sent after",
  });
  await vi.waitFor(() => expect(aged.network.messages.map(({ body }) => body)).toEqual(["Sent after"]));
});

it("what is not kept is not said to stay in the record: a minimum and a hold keep what is recorded, and no more", async () => {
  await aged.says("eve@out.example", "recorded line");
  await aged.testApp.policy({
    HistoryScope: "internal",
    HistoryMinimumDays: 90,
    LegalHoldSubjects: [{ type: "domain", domain: "out.example", matter: "Case 7" }],
  });
  await aged.untilTexts(aged.eve, []);
  await aged.says("eve@out.example", "passing line");
  const [passing] = (await page(aged.eve)).messages;
  expect(
    await aged.testApp.request("history.delete", { conversationId: aged.eve, messageIds: [passing?.id ?? ""] }),
  ).toEqual({
    deleted: 1,
    kept: 0,
    held: false,
  });
  expect(await aged.texts(aged.eve)).toEqual([]);
  // The rest of the conversation is in the record, and stays.
  expect(await aged.testApp.request("history.delete", { conversationId: aged.eve })).toMatchObject({
    deleted: 0,
    kept: 1,
    held: true,
  });
});

it("a chat that was open lets go of what is deleted from it", async () => {
  await aged.says("bob@x.example", "first line");
  await aged.testApp.request("conversations.close", { conversationId: aged.bob });
  await aged.testApp.request("history.delete", { conversationId: aged.bob });
  await expect.poll(told).toContain(`?${aged.bob}`);
});
