import { expect, it, vi } from "vitest";
import { Memo } from "./memo.ts";

it("works an answer out once, also one that is undefined, and each question for itself", () => {
  const memo = new Memo<string, string | undefined>(10);
  const make = vi.fn((key: string) => (key === "none" ? undefined : `of ${key}`));
  expect(["a", "none", "b"].map((key) => memo.get(key, make))).toEqual(["of a", undefined, "of b"]);
  expect(["a", "none", "b"].map((key) => memo.get(key, make))).toEqual(["of a", undefined, "of b"]);
  expect(make.mock.calls).toEqual([["a"], ["none"], ["b"]]);
});

it("forgets all when one more comes than it holds", () => {
  const memo = new Memo<number, number>(3);
  const make = vi.fn((key: number) => key);
  for (const key of [1, 2, 3, 1, 2, 3]) memo.get(key, make);
  expect(make).toHaveBeenCalledTimes(3);
  for (const key of [4, 4, 1]) expect(memo.get(key, make)).toBe(key);
  expect(make).toHaveBeenCalledTimes(5);
});

it("keeps nothing of what could not be worked out", () => {
  const memo = new Memo<string, string>(3);
  const failing = (): string => {
    throw new Error("not now");
  };
  expect(() => memo.get("a", failing)).toThrow("not now");
  expect(memo.get("a", () => "later")).toBe("later");
});
