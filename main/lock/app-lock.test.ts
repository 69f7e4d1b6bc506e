import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { Profile } from "../profile/profile.ts";
import { createAppLock, isLocked } from "./app-lock.ts";

async function setUp() {
  const kept = new Map<string, string>();
  let now = 1_000_000;
  const check = vi.fn(async (secret: string) => secret === "right");
  const profile = {
    get: async (_namespace: string, key: string) => kept.get(key),
    put: async (entries: readonly { readonly key: string; readonly value: string }[]) =>
      void entries.map(({ key, value }) => kept.set(key, value)),
  } as unknown as Profile;
  const open = async () => {
    const lock = createAppLock({
      proof: { by: async () => "password", check },
      now: () => now,
    });
    await lock.restore(profile, false);
    return lock;
  };
  const lock = await open();
  await lock.lock();
  return {
    lock,
    open,
    check,
    profile,
    kept,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    wrong: () => expect(lock.unlock("wrong", undefined)).rejects.toMatchObject({ code: "unlock-refused" }),
    /** Seconds that a try has to wait. */
    refused: (count: number, one = lock) =>
      expect(one.unlock("right", undefined)).rejects.toMatchObject({ code: "unlock-later", params: { count } }),
  };
}

describe("wrong tries", () => {
  it("are three; then each waits twice as long, and a quarter of an hour at most", async () => {
    const { lock, check, pass, wrong, refused } = await setUp();
    for (let n = 0; n < 3; n++) await wrong();
    for (const seconds of [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]) {
      await refused(seconds);
      pass(seconds * 1_000 - 1);
      await refused(1);
      pass(1);
      await wrong();
    }
    // What came too early was not even looked at.
    expect(check).toHaveBeenCalledTimes(13);
    pass(900_000);
    await lock.unlock("right", undefined);
    expect(lock.lockedBy).toBeUndefined();
  });

  it("are counted over a restart, and no clock that is set back makes the wait longer", async () => {
    const { open, pass, wrong, refused } = await setUp();
    for (let n = 0; n < 3; n++) await wrong();
    const again = await open();
    expect(again.lockedBy).toBe("password");
    await refused(5, again);
    pass(-500_000);
    await refused(5, again);
  });

  it("that nobody could judge are none, and a right one begins anew", async () => {
    const { lock, check, wrong } = await setUp();
    for (let n = 0; n < 2; n++) await wrong();
    check.mockRejectedValueOnce(new Error("offline"));
    await expect(lock.unlock("right", undefined)).rejects.toThrow("offline");
    await lock.unlock("right", undefined);
    await expect(lock.unlock("right", undefined)).rejects.toMatchObject({ code: "not-allowed" });
    await lock.lock();
    for (let n = 0; n < 3; n++) await wrong();
  });
});

it("tries that a server answers by refusing the account are counted, since it may mean the password", async () => {
  const { lock, check, refused } = await setUp();
  check.mockRejectedValue(new HallwayError("account-refused"));
  for (let n = 0; n < 3; n++)
    await expect(lock.unlock("guess", undefined)).rejects.toMatchObject({ code: "account-refused" });
  await refused(5);
});

it("whoever opens the profile without a window is told whether it is locked", async () => {
  const { lock, profile, kept, wrong } = await setUp();
  expect(await isLocked(profile)).toBe(true);
  await wrong();
  expect(await isLocked(profile)).toBe(true);
  await lock.unlock("right", undefined);
  expect(await isLocked(profile)).toBe(false);
  for (const key of kept.keys()) kept.set(key, "{");
  expect(await isLocked(profile)).toBe(false);
});
