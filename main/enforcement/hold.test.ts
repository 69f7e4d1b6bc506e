import { afterEach, beforeEach, expect, it } from "vitest";
import { type AgedTestApp, createAgedTestApp } from "./aged-test-app.test-helper.ts";

let aged: AgedTestApp;
beforeEach(async () => {
  aged = await createAgedTestApp();
});
afterEach(() => aged.close());

it("what a hold names outlives retention, the person and a restart, and goes when the hold is lifted", async () => {
  await aged.says("bob@x.example", "held");
  await aged.says("eve@out.example", "free");
  aged.pass(40);
  const hold = { type: "address", address: "bob@x.example", matter: "Case 7" };
  await aged.testApp.policy({ HistoryRetentionDays: 1, LegalHoldSubjects: [hold] });
  await aged.untilTexts(aged.eve, []);
  expect(await aged.texts(aged.bob)).toEqual(["held"]);
  expect(await aged.testApp.request("history.retention", { conversationId: aged.bob })).toEqual({
    minimumDays: 0,
    held: true,
  });
  expect(await aged.testApp.request("history.retention", { conversationId: aged.eve })).toEqual({
    minimumDays: 0,
    held: false,
  });
  await aged.says("bob@x.example", "said later");
  const [first] = (await aged.testApp.request("conversations.open", { conversationId: aged.bob, limit: 10 })).messages;
  expect(
    await aged.testApp.request("history.delete", { conversationId: aged.bob, messageIds: [first?.id ?? ""] }),
  ).toEqual({ deleted: 0, kept: 1, held: true });

  await aged.restart();
  aged.pass(400);
  await aged.testApp.policy({ HistoryRetentionDays: 2, LegalHoldSubjects: [{ ...hold, to: "2999-01-01" }] });
  await aged.restart();
  expect(await aged.texts(aged.bob)).toEqual(["said later"]);

  await aged.testApp.policy({ HistoryRetentionDays: 2 });
  await aged.untilTexts(aged.bob, []);
});

it("a list of holds that cannot be read holds everything", async () => {
  await aged.says("bob@x.example", "held");
  aged.pass(40);
  await aged.testApp.policy({
    HistoryRetentionDays: 1,
    LegalHoldSubjects: [{ type: "address", address: "no address", matter: "Case 7" }],
  });
  expect(await aged.testApp.request("history.deleteAll", {})).toEqual({ deleted: 0, kept: 1, held: true });
  await aged.restart();
  expect((await aged.testApp.setting("LegalHoldSubjects"))?.error).toBeDefined();
});
