import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OpenDesk, openDesk } from "./desks.test-helper.ts";

let desk: OpenDesk;

beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

describe("preferences", () => {
  it("no setting is changed while policy forbids it", async () => {
    await desk.request("settings.set", { key: "Theme", value: "dark" });
    await desk.policy({ PreferencesEnabled: false });
    const refused = { code: "blocked-by-policy", params: { setting: "PreferencesEnabled" } };
    await expect(desk.request("settings.set", { key: "Theme", value: "light" })).rejects.toMatchObject(refused);
    await expect(desk.request("settings.set", { key: "ReceiptsEnabled", value: null })).rejects.toMatchObject(refused);
    // What was chosen before stays.
    expect(await desk.setting("Theme")).toMatchObject({ value: "dark", origin: "user" });
    await desk.policy(undefined);
    await desk.request("settings.set", { key: "Theme", value: "light" });
    expect(await desk.setting("Theme")).toMatchObject({ value: "light" });
  });

  it("a locked setting goes back to its standard value and cannot be chosen", async () => {
    await desk.request("settings.set", { key: "HistoryMode", value: "memory" });
    await desk.request("settings.set", { key: "Theme", value: "dark" });
    await desk.policy({ LockedPreferences: ["HistoryMode"] });
    expect(await desk.setting("HistoryMode")).toMatchObject({ value: "encrypted", locked: true });
    await expect(desk.request("settings.set", { key: "HistoryMode", value: "off" })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    expect(await desk.setting("Theme")).toMatchObject({ value: "dark", locked: false });
    // All of them; a list that cannot be read means all of them, too.
    for (const list of [["*"], "HistoryMode"]) {
      await desk.policy({ LockedPreferences: list });
      expect(await desk.setting("Theme")).toMatchObject({ value: "system", locked: true });
      await expect(desk.request("settings.set", { key: "Theme", value: "light" })).rejects.toMatchObject({
        code: "locked-by-policy",
      });
    }
    await desk.policy(undefined);
    expect(await desk.setting("HistoryMode")).toMatchObject({ value: "memory", locked: false });
    expect(await desk.setting("Theme")).toMatchObject({ value: "dark", origin: "user" });
  });
});
