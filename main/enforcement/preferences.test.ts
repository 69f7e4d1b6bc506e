import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

let testApp: OpenTestApp;

beforeEach(async () => {
  testApp = await openTestApp();
});
afterEach(() => testApp.close());

describe("preferences", () => {
  it("no setting is changed while policy forbids it", async () => {
    await testApp.request("settings.set", { key: "Theme", value: "dark" });
    await testApp.policy({ PreferencesEnabled: false });
    const refused = { code: "blocked-by-policy", params: { setting: "PreferencesEnabled" } };
    await expect(testApp.request("settings.set", { key: "Theme", value: "light" })).rejects.toMatchObject(refused);
    await expect(testApp.request("settings.set", { key: "ReceiptsEnabled", value: null })).rejects.toMatchObject(
      refused,
    );
    // What was chosen before stays.
    expect(await testApp.setting("Theme")).toMatchObject({ value: "dark", origin: "user" });
    await testApp.policy(undefined);
    await testApp.request("settings.set", { key: "Theme", value: "light" });
    expect(await testApp.setting("Theme")).toMatchObject({ value: "light" });
  });

  it("a locked setting goes back to its standard value and cannot be chosen", async () => {
    await testApp.request("settings.set", { key: "HistoryMode", value: "memory" });
    await testApp.request("settings.set", { key: "Theme", value: "dark" });
    await testApp.policy({ LockedPreferences: ["HistoryMode"] });
    expect(await testApp.setting("HistoryMode")).toMatchObject({ value: "encrypted", locked: true });
    await expect(testApp.request("settings.set", { key: "HistoryMode", value: "off" })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    expect(await testApp.setting("Theme")).toMatchObject({ value: "dark", locked: false });
    // All of them; a list that cannot be read means all of them, too.
    for (const list of [["*"], "HistoryMode"]) {
      await testApp.policy({ LockedPreferences: list });
      expect(await testApp.setting("Theme")).toMatchObject({ value: "system", locked: true });
      await expect(testApp.request("settings.set", { key: "Theme", value: "light" })).rejects.toMatchObject({
        code: "locked-by-policy",
      });
    }
    await testApp.policy(undefined);
    expect(await testApp.setting("HistoryMode")).toMatchObject({ value: "memory", locked: false });
    expect(await testApp.setting("Theme")).toMatchObject({ value: "dark", origin: "user" });
  });
});
