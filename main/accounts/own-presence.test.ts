import { describe, expect, it } from "vitest";
import { announced } from "./own-presence.ts";

const now = 10_000_000;

describe("automatic presence", () => {
  it("says nothing while the person is there", () => {
    expect(announced({ availability: "available" }, 10, false, now)).toEqual({ availability: "available" });
    expect(announced({ availability: "available" }, undefined, false, now)).toEqual({ availability: "available" });
  });
  it("tells idle time after five minutes and Away after ten", () => {
    expect(announced({ availability: "available" }, 300, false, now)).toEqual({ availability: "available", idleSince: now - 300_000 });
    expect(announced({ availability: "available", status: "at my desk" }, 600, false, now)).toEqual({
      availability: "away",
      status: "at my desk",
      idleSince: now - 600_000,
    });
  });
  it("is Away at once when the screen locks", () => {
    expect(announced({ availability: "available" }, 0, true, now).availability).toBe("away");
  });
  it("never overrides what the person set", () => {
    expect(announced({ availability: "busy" }, 4_000, true, now).availability).toBe("busy");
    expect(announced({ availability: "offline" }, 4_000, true, now)).toEqual({ availability: "offline" });
  });
});
