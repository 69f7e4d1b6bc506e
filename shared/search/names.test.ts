import { describe, expect, it } from "vitest";
import { fold, matches } from "./names.ts";

describe("names as they are searched", () => {
  it.each([
    ["emi", true],
    ["lef", true],
    ["lefevre emilie", true],
    ["corp.ex", true],
    ["milie", true],
    ["fevre", false],
    ["bob", false],
    ["", true],
  ])("%j finds Émilie Lefèvre: %s", (query, expected) => {
    expect(matches(fold(query), fold("Émilie Lefèvre"), "emilie@corp.example")).toBe(expected);
  });
});
