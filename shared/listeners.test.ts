import { expect, it, vi } from "vitest";
import { Listeners } from "./listeners.ts";

it("tells each as often as it was added, and not once it was taken away", () => {
  const listeners = new Listeners<string>();
  listeners.emit("nobody is there");
  const [one, other] = [vi.fn(), vi.fn()];
  const removals = [listeners.add(one), listeners.add(one), listeners.add(other)];
  listeners.emit("a");
  removals[0]?.();
  removals[0]?.();
  listeners.emit("b");
  removals[1]?.();
  listeners.emit("c");
  expect(one.mock.calls).toEqual([["a"], ["a"], ["b"]]);
  expect(other.mock.calls).toEqual([["a"], ["b"], ["c"]]);
});

it("tells one that takes the next away both of what is being told, one that comes meanwhile only of later", () => {
  const listeners = new Listeners<string>();
  const [next, late] = [vi.fn(), vi.fn()];
  let removeNext: () => void = () => undefined;
  listeners.add(() => {
    removeNext();
    listeners.add(late);
  });
  removeNext = listeners.add(next);
  listeners.emit("a");
  expect([next.mock.calls, late.mock.calls]).toEqual([[["a"]], []]);
});
