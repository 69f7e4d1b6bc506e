import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settingKeys } from "../../shared/settings/declaration.ts";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

let testApp: OpenTestApp;

beforeEach(async () => {
  testApp = await openTestApp({ networks: () => [] });
});
afterEach(() => testApp.close());

describe("the policy page's request", () => {
  it("says what is in force, where it stands and what it overrules, with secrets masked", async () => {
    await testApp.request("settings.set", { key: "HistoryMode", value: "memory" });
    await testApp.policy({ HistoryMode: "off", SupportContact: "https://it:hidden@help.example/" });
    const page = await testApp.request("policy.page", {});
    expect(page.entries.map(({ key }) => key)).toEqual(settingKeys);
    expect(page.entries.find(({ key }) => key === "HistoryMode")).toEqual({
      key: "HistoryMode",
      value: "off",
      origin: "policy",
      locked: true,
      source: join(testApp.folder, "policies", "managed", "policy.json"),
      line: 1,
      overruled: [{ origin: "user", value: "memory" }],
    });
    expect([page.problems, page.connectionsAllowed]).toEqual([[], true]);
    expect(JSON.stringify([page, testApp.messages])).not.toContain("hidden");
  });

  it("says what is wrong with the policy, and the app's record tells that it is worth asking again", async () => {
    await testApp.policy({ ReceiptsEnabled: false });
    const before = (await testApp.appRecord()).policy ?? 0;
    const broken = join(testApp.folder, "policies", "managed", "z.json");
    await writeFile(broken, '{\n"HistoryMode": \n}', { mode: 0o644 });
    await vi.waitFor(async () => expect((await testApp.appRecord()).policy).toBeGreaterThan(before));
    const page = await testApp.request("policy.page", {});
    expect(page.problems).toMatchObject([{ kind: "malformed", source: broken, line: 3 }]);
    // The last good one stays.
    expect(page.entries.find(({ key }) => key === "ReceiptsEnabled")).toMatchObject({ value: false, origin: "policy" });
  });
});
