import { expect, it } from "vitest";
import { visibleName } from "./visible-name.ts";

it.each([
  ["spaces", " \u00A0\u3000"],
  ["zero width", "\u200B\u2060\u202E\uFEFF"],
  ["Hangul fillers", "\u3164\u115F"],
  ["an empty Braille pattern", "\u2800"],
  ["an empty note and a next line", "\u{1D159}\u0085"],
  ["tags and variation selectors", "\u{E0041}\uFE0F"],
  ["soft hyphens and controls", "\u00AD\u0007"],
  ["nothing", ""],
])("takes a name of %s for none", (_, name) => {
  expect(visibleName(name, 100)).toBeUndefined();
});

it("keeps what shows, as it was written", () => {
  expect(visibleName("  Zoë\u200D👩‍🚀 ", 100)).toBe("Zoë\u200D👩‍🚀");
  expect(visibleName("می‌خواهم", 100)).toBe("می‌خواهم");
  expect(visibleName("ab👍🏽", 3)).toBe("ab");
  expect(visibleName(undefined, 3)).toBeUndefined();
});

it("does not show what is visible only beyond its length", () => {
  expect(visibleName(`${"\u200B".repeat(50)}x`, 50)).toBeUndefined();
});
