import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { collectGarbage } from "../diagnostics/collect-garbage.ts";
import { Rest } from "./window.ts";

const collect = vi.fn();
let rest: Rest;

beforeEach(() => {
  vi.useFakeTimers();
  collect.mockReset();
  rest = new Rest(collect);
});
afterEach(() => {
  rest.close();
  vi.useRealTimers();
});

it("collects once when it is quiet after a burst, and again after the next", () => {
  for (let n = 0; n < 20; n++) {
    rest.note(500);
    vi.advanceTimersByTime(1_000);
  }
  expect(collect).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(collect).toHaveBeenCalledOnce();
  rest.note(10_000);
  vi.advanceTimersByTime(60_000);
  expect(collect).toHaveBeenCalledTimes(2);
});

it("leaves alone what is no burst, and a program that ends", () => {
  for (let n = 0; n < 9; n++) rest.note(100);
  vi.advanceTimersByTime(60_000);
  rest.note(500);
  rest.close();
  vi.advanceTimersByTime(60_000);
  expect(collect).not.toHaveBeenCalled();
});

it("gives back what nobody holds, and leaves no way to do that behind", () => {
  const left = new WeakRef({ text: "x".repeat(1_000) });
  vi.useRealTimers();
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    collectGarbage();
    expect(left.deref()).toBeUndefined();
    expect("gc" in globalThis).toBe(false);
  });
});
