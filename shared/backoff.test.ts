import { expect, it } from "vitest";
import { backoff } from "./backoff.ts";

it("doubles the wait with each try, up to five minutes, and draws it from the upper half", () => {
  expect([0, 1, 2, 8, 9, 10, 1_000].map((tries) => backoff(tries, () => 0))).toEqual([
    500, 1_000, 2_000, 128_000, 150_000, 150_000, 150_000,
  ]);
  expect([0, 1, 2, 8, 9, 10, 1_000].map((tries) => backoff(tries, () => 1))).toEqual([
    1_000, 2_000, 4_000, 256_000, 300_000, 300_000, 300_000,
  ]);
  expect(backoff(1, () => 0.5)).toBe(1_500);
});
