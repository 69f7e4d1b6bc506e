import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AgedTestApp, createAgedTestApp } from "./aged-test-app.test-helper.ts";

const day = 24 * 3600 * 1000;
let aged: AgedTestApp;
beforeEach(async () => {
  aged = await createAgedTestApp();
});
afterEach(() => aged.close());

describe("retention", () => {
  it("what is older than the days of policy goes at once, from the disk and from the window, and nothing else", async () => {
    await aged.says("bob@x.example", "old news");
    aged.pass(40);
    await aged.says("bob@x.example", "fresh news");
    await aged.testApp.policy({ HistoryRetentionDays: 30 });
    await aged.untilTexts(aged.bob, ["fresh news"]);
    expect(await aged.texts(aged.bob)).toEqual(["fresh news"]);
    expect(
      (await aged.testApp.request("history.search", { text: "news", limit: 10 })).hits.map(
        ({ message }) => message.body,
      ),
    ).toEqual(["fresh news"]);
    const ops = () => aged.testApp.messages.flatMap((message) => (message.kind === "update" ? message.update.ops : []));
    await expect.poll(() => ops().filter((op) => op.op === "remove" && op.table === "messages")).toHaveLength(1);
    await expect(aged.testApp.request("settings.set", { key: "HistoryRetentionDays", value: 0 })).rejects.toMatchObject(
      {
        code: "locked-by-policy",
      },
    );
    // Over a restart too, without anybody changing anything.
    aged.pass(40);
    await aged.restart();
    await aged.untilTexts(aged.bob, []);
  });

  it("is the person's own choice where policy leaves it to them, and that deletes nothing where they may not delete", async () => {
    await aged.says("bob@x.example", "hello");
    aged.pass(40);
    await aged.testApp.policy({ HistoryDeleteEnabled: false });
    await aged.testApp.request("settings.set", { key: "HistoryRetentionDays", value: 30 });
    await aged.restart();
    expect(await aged.texts(aged.bob)).toEqual(["hello"]);
    await aged.testApp.policy(undefined);
    await aged.untilTexts(aged.bob, []);
  });

  it("conversations with people outside have days of their own, shorter or longer", async () => {
    await aged.says("bob@x.example", "inside");
    await aged.says("eve@out.example", "outside");
    aged.pass(40);
    await aged.testApp.policy({ HistoryRetentionDays: 365, HistoryRetentionExternalDays: 30 });
    await aged.untilTexts(aged.eve, []);
    expect(await aged.texts(aged.bob)).toEqual(["inside"]);
    await aged.says("eve@out.example", "outside again");
    aged.pass(40);
    // Who is named as a partner is inside, as everywhere.
    await aged.testApp.policy({
      HistoryRetentionDays: 365,
      HistoryRetentionExternalDays: 30,
      AllowedDomains: ["out.example"],
    });
    await aged.testApp.policy({ HistoryRetentionDays: 60, HistoryRetentionExternalDays: 365 });
    await aged.untilTexts(aged.bob, []);
    expect(await aged.texts(aged.eve)).toEqual(["outside again"]);
  });

  it("nothing younger than the minimum goes, by retention or by the person, and all goes when it is old enough", async () => {
    await aged.says("bob@x.example", "first");
    await aged.says("eve@out.example", "other");
    aged.pass(40);
    await aged.testApp.policy({ HistoryRetentionDays: 30, HistoryMinimumDays: 90 });
    const { until = 0, ...result } = await aged.testApp.request("history.delete", { conversationId: aged.eve });
    expect(result).toEqual({ deleted: 0, kept: 1, held: false });
    expect(Math.abs(until - (Date.now() + 90 * day))).toBeLessThan(day);
    // Out of their sight, and in the record.
    expect(await aged.texts(aged.eve)).toEqual([]);
    expect(await aged.texts(aged.bob)).toEqual(["first"]);
    expect(await aged.testApp.request("history.retention", { conversationId: aged.bob })).toEqual({
      minimumDays: 90,
      held: false,
    });
    aged.pass(60);
    await aged.restart();
    await aged.untilTexts(aged.bob, []);
  });

  it("days that cannot be read delete nothing, a minimum that cannot be read keeps all", async () => {
    await aged.says("bob@x.example", "first");
    await aged.says("eve@out.example", "other");
    aged.pass(400);
    for (const unreadable of [{ HistoryRetentionDays: "soon" }, { HistoryRetentionDays: 30, HistoryMinimumDays: -1 }]) {
      await aged.testApp.policy(unreadable);
      await aged.restart();
      expect([await aged.texts(aged.bob), await aged.texts(aged.eve)]).toEqual([["first"], ["other"]]);
    }
    await aged.testApp.policy({ HistoryRetentionDays: 30, HistoryRetentionExternalDays: "never" });
    await aged.untilTexts(aged.bob, []);
    expect(await aged.texts(aged.eve)).toEqual(["other"]);
  });
});
