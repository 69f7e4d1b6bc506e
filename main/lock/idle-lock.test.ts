import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IdleLock } from "./idle-lock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(options: { readonly minutes?: number; readonly idle?: () => Promise<number | undefined> } = {}) {
  const lock = vi.fn();
  const screens = new Set<(locked: boolean) => void>();
  const idle = vi.fn(options.idle ?? (async () => undefined));
  const minutes = { now: options.minutes ?? 1 };
  const watch = new IdleLock({
    host: {
      idleSeconds: idle,
      onLockScreen(listener) {
        screens.add(listener);
        return () => screens.delete(listener);
      },
    },
    minutes: () => minutes.now,
    now: Date.now,
    lock,
  });
  return { lock, idle, minutes, watch, lockScreen: (locked: boolean) => screens.forEach((tell) => void tell(locked)) };
}
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe("the watch over an empty chair", () => {
  it("looks every five seconds, and locks when the desktop says that nobody was there for long enough", async () => {
    let seconds = 59;
    const { lock, idle } = setUp({ idle: async () => seconds });
    await pass(4_999);
    expect(idle).not.toHaveBeenCalled();
    await pass(1);
    expect([idle.mock.calls.length, lock.mock.calls.length]).toEqual([1, 0]);
    seconds = 60;
    await pass(5_000);
    expect(lock).toHaveBeenCalledTimes(1);
  });

  it("counts the use of its own window where the desktop cannot say, or fails to", async () => {
    for (const idle of [async () => undefined, () => Promise.reject(new Error("no desktop"))]) {
      const { lock, watch } = setUp({ idle });
      await pass(55_000);
      watch.input();
      await pass(59_000);
      expect(lock).not.toHaveBeenCalled();
      await pass(5_000);
      expect(lock).toHaveBeenCalled();
      watch.dispose();
    }
  });

  it("neither looks nor locks where it is not to, and goes by the minutes of now", async () => {
    const { lock, idle, minutes, lockScreen } = setUp({ minutes: 0, idle: async () => 100_000 });
    await pass(60_000);
    lockScreen(true);
    expect([idle.mock.calls.length, lock.mock.calls.length]).toEqual([0, 0]);
    minutes.now = 5;
    lockScreen(false);
    expect(lock).not.toHaveBeenCalled();
    lockScreen(true);
    expect(lock).toHaveBeenCalledTimes(1);
  });

  it("ends", async () => {
    const { lock, watch, lockScreen } = setUp({ idle: async () => 100_000 });
    watch.dispose();
    await pass(60_000);
    lockScreen(true);
    expect(lock).not.toHaveBeenCalled();
  });
});
