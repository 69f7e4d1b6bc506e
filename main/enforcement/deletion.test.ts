import { afterEach, beforeEach, expect, it } from "vitest";
import { type AgedDesk, createAgedDesk } from "./aged-desk.test-helper.ts";

let aged: AgedDesk;
beforeEach(async () => {
  aged = await createAgedDesk();
});
afterEach(() => aged.close());

it("nothing is deleted where policy forbids it, and the person is told so; where it allows it, it is gone", async () => {
  await aged.says("bob@x.example", "first line");
  await aged.says("bob@x.example", "second line");
  await aged.says("eve@out.example", "other line");
  const [first] = (await aged.desk.request("conversations.open", { conversationId: aged.bob, limit: 10 })).messages;
  const messageIds = [first?.id ?? ""];

  await aged.desk.policy({ HistoryDeleteEnabled: false });
  const forbidden = { code: "blocked-by-policy", params: { setting: "HistoryDeleteEnabled" } };
  await expect(aged.desk.request("history.delete", { conversationId: aged.bob, messageIds })).rejects.toMatchObject(forbidden);
  await expect(aged.desk.request("history.delete", { conversationId: aged.bob })).rejects.toMatchObject(forbidden);
  await expect(aged.desk.request("history.deleteAll", {})).rejects.toMatchObject(forbidden);
  expect(await aged.texts(aged.bob)).toEqual(["first line", "second line"]);

  await aged.desk.policy(undefined);
  expect(await aged.desk.request("history.delete", { conversationId: aged.bob, messageIds })).toEqual({ deleted: 1, kept: 0, held: false });
  expect(await aged.texts(aged.bob)).toEqual(["second line"]);
  expect(await aged.desk.request("history.deleteAll", {})).toEqual({ deleted: 2, kept: 0, held: false });
  expect(await aged.texts(aged.bob)).toEqual([]);
  expect((await aged.desk.request("history.search", { text: "line", limit: 10 })).hits).toEqual([]);
  // What is said next is there again.
  await aged.says("bob@x.example", "third line");
  expect(await aged.texts(aged.bob)).toEqual(["third line"]);
});
