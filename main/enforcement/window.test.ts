import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WindowFreedoms } from "../host/host.ts";
import { createDesks, type Desks } from "./desks.test-helper.ts";

let desks: Desks;
let freedoms: WindowFreedoms[];
let starts: boolean[];

beforeEach(async () => {
  freedoms = [];
  starts = [];
  desks = await createDesks({
    host: { restrict: (allowed) => void freedoms.push(allowed), setStartAtLogin: async (on) => void starts.push(on) },
  });
});
afterEach(() => desks.close());

describe("the window", () => {
  it("neither text nor picture gets out of the window while policy forbids it, from the start and live", async () => {
    const desk = await desks.open();
    expect(freedoms.at(-1)).toEqual({ clipboard: true, capture: true });
    await desk.policy({ ClipboardEnabled: false });
    await expect.poll(() => freedoms.at(-1)).toEqual({ clipboard: false, capture: true });
    expect(await desk.setting("ClipboardEnabled")).toMatchObject({ value: false, locked: true });
    await expect(desk.request("settings.set", { key: "ClipboardEnabled", value: true })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    // What cannot be understood is the safe end.
    await desk.policy({ ClipboardEnabled: true, ScreenCaptureEnabled: "perhaps" });
    await expect.poll(() => freedoms.at(-1)).toEqual({ clipboard: true, capture: false });
    await expect(desk.request("settings.set", { key: "ScreenCaptureEnabled", value: true })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    await desk.app.stop();
    freedoms = [];
    const second = await desks.open();
    expect(freedoms[0]).toEqual({ clipboard: true, capture: false });
    await second.policy(undefined);
    await expect.poll(() => freedoms.at(-1)).toEqual({ clipboard: true, capture: true });
  });

  it("Hallway starts with the session as the person chooses, or as policy says", async () => {
    const desk = await desks.open();
    expect(starts).toEqual([false]);
    await desk.request("settings.set", { key: "StartAtLogin", value: true });
    expect(starts.at(-1)).toBe(true);
    await desk.policy({ StartAtLogin: false });
    await expect.poll(() => starts.at(-1)).toBe(false);
    await expect(desk.request("settings.set", { key: "StartAtLogin", value: true })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    await desk.policy(undefined);
    await expect.poll(() => starts.at(-1)).toBe(true);
    await desk.app.stop();
    starts = [];
    await desks.open();
    expect(starts.at(-1)).toBe(true);
  });
});
