import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type WakeSources, watchWake } from "./wake.ts";

let wall: number;
let steady: number;
let networks: string;
let wakes: number;
let stop: () => void;

const sources: WakeSources = { now: () => wall, monotonic: () => steady, networks: () => networks };

/** One look, after so much time on each clock. */
function look(wallGap: number, steadyGap: number): void {
  wall += wallGap;
  steady += steadyGap;
  vi.advanceTimersByTime(5_000);
}

beforeEach(() => {
  vi.useFakeTimers();
  [wall, steady, networks, wakes] = [1_000_000, 5_000, "eth0 192.0.2.1", 0];
  stop = watchWake(() => wakes++, sources);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe("waking", () => {
  it("is not seen while time passes as it should", () => {
    for (let i = 0; i < 20; i++) look(5_000 + i * 10, 5_000 + i * 10);
    expect(wakes).toBe(0);
  });

  it("is seen when the wall clock ran ahead (Linux stops the other one in sleep)", () => {
    look(60_000, 5_000);
    look(5_000, 5_000);
    expect(wakes).toBe(1);
  });

  it("is seen when the timer came far too late (elsewhere both clocks go on)", () => {
    look(60_000, 60_000);
    expect(wakes).toBe(1);
  });

  it("is seen when a clock is more than 10 seconds ahead, and not at 10", () => {
    look(15_000, 5_000);
    look(15_000, 15_000);
    expect(wakes).toBe(0);
    look(15_001, 5_000);
    expect(wakes).toBe(1);
    look(15_001, 15_001);
    expect(wakes).toBe(2);
  });

  it("is seen when the network changed, once", () => {
    networks = "wlan0 198.51.100.7";
    look(5_000, 5_000);
    look(5_000, 5_000);
    expect(wakes).toBe(1);
  });

  it("is not seen when the clock is set back, nor after the disposer", () => {
    look(-3_600_000, 5_000);
    stop();
    look(60_000, 60_000);
    expect(wakes).toBe(0);
  });
});
