import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { Host } from "../host/host.ts";
import { announced, watchIdle } from "./own-presence.ts";

const now = 10_000_000;

describe("automatic presence", () => {
  it("says nothing while the person is there", () => {
    expect(announced({ availability: "available" }, { idleSeconds: 10, locked: false }, now)).toEqual({
      availability: "available",
    });
    expect(announced({ availability: "available" }, { idleSeconds: undefined, locked: false }, now)).toEqual({
      availability: "available",
    });
  });
  it("tells idle time after five minutes and Away after ten", () => {
    expect(announced({ availability: "available" }, { idleSeconds: 300, locked: false }, now)).toEqual({
      availability: "available",
      idleSince: now - 300_000,
    });
    expect(
      announced({ availability: "available", status: "at my desk" }, { idleSeconds: 600, locked: false }, now),
    ).toEqual({
      availability: "away",
      status: "at my desk",
      idleSince: now - 600_000,
    });
  });
  it("is Away at once when the screen locks", () => {
    expect(announced({ availability: "available" }, { idleSeconds: 0, locked: true }, now).availability).toBe("away");
  });
  it("never overrides what the person set", () => {
    expect(announced({ availability: "busy" }, { idleSeconds: 4_000, locked: true }, now).availability).toBe("busy");
    expect(announced({ availability: "offline" }, { idleSeconds: 4_000, locked: true }, now)).toEqual({
      availability: "offline",
    });
  });
});

describe("the watch over the desktop", () => {
  beforeEach(() => void vi.useFakeTimers({ now }));
  afterEach(() => void vi.useRealTimers());

  function setUp() {
    let answer: () => Promise<number | undefined> = async () => 0;
    const screens = new Set<(locked: boolean) => void>();
    const host = {
      idleSeconds: () => answer(),
      onLockScreen(listener: (locked: boolean) => void) {
        screens.add(listener);
        return () => screens.delete(listener);
      },
    } as unknown as Host;
    const shown: OwnPresence[] = [];
    const stop = watchIdle(host, Date.now, (apply) => shown.push(apply({ availability: "available" })));
    return {
      shown,
      stop,
      lockScreen: (locked: boolean) => [...screens].forEach((tell) => void tell(locked)),
      idle: async (seconds: number | undefined) => {
        answer = async () => seconds;
        await vi.advanceTimersByTimeAsync(30_000);
      },
      fail: async () => {
        answer = () => Promise.reject(new Error("no desktop"));
        await vi.advanceTimersByTimeAsync(30_000);
      },
    };
  }

  it("says once when the person is idle, once when they are away, and once when they are back", async () => {
    const { shown, idle } = setUp();
    for (const seconds of [299, 300, 330, 599, 600, 630]) await idle(seconds);
    expect(shown).toEqual([
      { availability: "available", idleSince: now + 60_000 - 300_000 },
      { availability: "away", idleSince: now + 150_000 - 600_000 },
    ]);
    await idle(2);
    expect(shown.slice(2)).toEqual([{ availability: "available" }]);
    await idle(undefined);
    expect(shown).toHaveLength(3);
  });

  it("asks every half minute, and what the desktop does not say changes nothing", async () => {
    const { shown, idle, fail } = setUp();
    await vi.advanceTimersByTimeAsync(29_999);
    expect(shown).toEqual([]);
    await idle(700);
    expect(shown).toHaveLength(1);
    await fail();
    expect(shown).toHaveLength(1);
  });

  it("is away at once when the screen is locked, since when they touched it last, and back at once when it is unlocked", async () => {
    const { shown, idle, lockScreen } = setUp();
    await idle(10);
    lockScreen(true);
    expect(shown).toEqual([{ availability: "away", idleSince: now + 30_000 - 10_000 }]);
    lockScreen(true);
    expect(shown).toHaveLength(1);
    lockScreen(false);
    expect(shown.slice(1)).toEqual([{ availability: "available" }]);
  });

  it("ends", async () => {
    const { shown, stop, idle, lockScreen } = setUp();
    stop();
    await idle(10_000);
    lockScreen(true);
    expect(shown).toEqual([]);
  });
});
