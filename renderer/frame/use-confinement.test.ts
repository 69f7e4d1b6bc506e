import { expect, it } from "vitest";
import { keepsOutOfCaptures } from "./use-confinement.ts";

it.each([
  ["electron", "win32", true],
  ["electron", "darwin", false],
  ["electron", "linux", false],
  ["chromium", "win32", false],
] as const)("the window of %s on %s is kept out of captures: %s", (host, platform, kept) => {
  expect(keepsOutOfCaptures({ host, platform })).toBe(kept);
});
