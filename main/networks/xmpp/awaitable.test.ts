import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { after as follow, inSequence, within } from "./awaitable.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("work that may take time", () => {
  it("goes on at once where the value is there", () => {
    expect(follow(1, (n) => n + 1)).toBe(2);
    const seen: number[] = [];
    expect(inSequence([1, 2], (n) => void seen.push(n))).toBeUndefined();
    expect(seen).toEqual([1, 2]);
    expect(within(5, 3)).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("goes on when the value comes, one after another, and stops where one fails", async () => {
    expect(await follow(Promise.resolve(1), (n) => n + 1)).toBe(2);
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = inSequence(["a", "b", "c", "d"], (one) => {
      seen.push(one);
      if (one === "b") return promise;
      if (one === "c") return Promise.reject(new Error("no"));
      return undefined;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual(["a", "b"]);
    resolve();
    await expect(done).rejects.toThrow("no");
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("is given up when its time is over, and no clock runs on behind it", async () => {
    const late = Promise.resolve(within(10, new Promise<void>(() => undefined)));
    const failed = expect(late).rejects.toMatchObject({ code: "timed-out" });
    await vi.advanceTimersByTimeAsync(9);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await failed;
    expect(await within(10, Promise.resolve(4))).toBe(4);
    await expect(within(10, Promise.reject(new Error("no")))).rejects.toThrow("no");
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
