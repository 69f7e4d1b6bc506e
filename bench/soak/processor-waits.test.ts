import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ProcessorWaits } from "./processor-waits.ts";

let waited: number | undefined;
let waits: ProcessorWaits;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
  waited = 500;
  waits = new ProcessorWaits(() => waited);
  waits.follow(1);
});

afterEach(() => {
  waits.stop();
  vi.useRealTimers();
});

it("takes the waits within a task, and those alone", () => {
  vi.advanceTimersByTime(100);
  waited = 520;
  vi.advanceTimersByTime(100);
  expect(waits.between(1_000, 1_100)).toBe(0);
  expect(waits.between(1_100, 1_125)).toBe(20);
  expect(waits.between(1_100, 1_112.5)).toBe(10);
  expect(waits.between(1_000, 1_200)).toBe(20);
  expect(waits.between(1_125, 1_200)).toBe(0);
});

it("knows of no waits outside of what it saw, nor of those of the process before", () => {
  waited = 900;
  vi.advanceTimersByTime(100);
  expect(waits.between(5_000, 6_000)).toBe(0);
  expect(waits.between(0, 900)).toBe(0);
  waits.follow(2);
  expect(waits.between(1_000, 1_100)).toBe(0);
});

it("ends with the process", () => {
  waited = undefined;
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
});
