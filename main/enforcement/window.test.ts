import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WindowFreedoms } from "../host/host.ts";
import { createTestApps, type TestApps } from "./test-apps.test-helper.ts";

let testApps: TestApps;
let freedoms: WindowFreedoms[];
let starts: boolean[];

beforeEach(async () => {
  freedoms = [];
  starts = [];
  testApps = await createTestApps({
    host: { restrict: (allowed) => void freedoms.push(allowed), setStartAtLogin: async (on) => void starts.push(on) },
  });
});
afterEach(() => testApps.close());

describe("the window", () => {
  it("neither text nor picture gets out of the window while policy forbids it, from the start and live", async () => {
    const testApp = await testApps.open();
    expect(freedoms.at(-1)).toEqual({ clipboard: true, capture: true });
    await testApp.policy({ ClipboardEnabled: false });
    await expect.poll(() => freedoms.at(-1)).toEqual({ clipboard: false, capture: true });
    expect(await testApp.setting("ClipboardEnabled")).toMatchObject({ value: false, locked: true });
    await expect(testApp.request("settings.set", { key: "ClipboardEnabled", value: true })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    // What cannot be understood is the safe end.
    await testApp.policy({ ClipboardEnabled: true, ScreenCaptureEnabled: "perhaps" });
    await expect.poll(() => freedoms.at(-1)).toEqual({ clipboard: true, capture: false });
    await expect(testApp.request("settings.set", { key: "ScreenCaptureEnabled", value: true })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    await testApp.app.stop();
    freedoms = [];
    const second = await testApps.open();
    expect(freedoms[0]).toEqual({ clipboard: true, capture: false });
    await second.policy(undefined);
    await expect.poll(() => freedoms.at(-1)).toEqual({ clipboard: true, capture: true });
  });

  it("Hallway starts with the session as the person chooses, or as policy says", async () => {
    const testApp = await testApps.open();
    expect(starts).toEqual([false]);
    await testApp.request("settings.set", { key: "StartAtLogin", value: true });
    expect(starts.at(-1)).toBe(true);
    await testApp.policy({ StartAtLogin: false });
    await expect.poll(() => starts.at(-1)).toBe(false);
    await expect(testApp.request("settings.set", { key: "StartAtLogin", value: true })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    await testApp.policy(undefined);
    await expect.poll(() => starts.at(-1)).toBe(true);
    await testApp.app.stop();
    starts = [];
    await testApps.open();
    expect(starts.at(-1)).toBe(true);
  });
});
