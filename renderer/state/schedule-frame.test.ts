import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { scheduleFrame } from "./schedule-frame.ts";

/** Frames come when the window is drawn. */
let frames: Map<number, () => void>;
beforeEach(() => {
  vi.useFakeTimers();
  frames = new Map();
  let next = 1;
  vi.stubGlobal("requestAnimationFrame", (work: () => void) => {
    frames.set(next, work);
    return next++;
  });
  vi.stubGlobal("cancelAnimationFrame", (frame: number) => frames.delete(frame));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function draw(): void {
  const due = [...frames.values()];
  frames.clear();
  for (const work of due) work();
}

it("work is done once, with the next frame, and its timer ends", () => {
  const work = vi.fn();
  scheduleFrame(work);
  expect(work).not.toHaveBeenCalled();
  draw();
  expect([work.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
  vi.advanceTimersByTime(1_000);
  draw();
  expect(work).toHaveBeenCalledTimes(1);
});

it("in a hidden window, where no frame comes, work is done after a quarter of a second, and not again when it is drawn", () => {
  const work = vi.fn();
  scheduleFrame(work);
  vi.advanceTimersByTime(249);
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect([work.mock.calls.length, frames.size]).toEqual([1, 0]);
  draw();
  expect(work).toHaveBeenCalledTimes(1);
});

it("work that was taken back is not done, and that beside it is", () => {
  const [work, other] = [vi.fn(), vi.fn()];
  const cancel = scheduleFrame(work);
  scheduleFrame(other);
  cancel();
  vi.advanceTimersByTime(250);
  draw();
  expect([work.mock.calls.length, other.mock.calls.length]).toEqual([0, 1]);
});
