import { expect, it } from "vitest";
import { isolate } from "./isolate.ts";

it("keeps a name in one direction as it is", () => {
  expect(isolate("Zoë 3")).toBe("Zoë 3");
  expect(isolate("Мария 山田")).toBe("Мария 山田");
});

it.each([
  ["Hebrew", "דנה"],
  ["Arabic", "ليلى 3"],
  ["a mixed one", "Bob (דנה)"],
  ["an override", "Bob\u202E"],
  ["Arabic digits", "٤٢"],
  ["Syriac", "ܡܪܝ"],
  ["N'Ko", "ߒߞߏ"],
  ["Adlam", "𞤀𞤣𞤤𞤢𞤥"],
  ["Rohingya", "𐴀𐴞𐴕"],
  ["a presentation form", "ﻼ"],
])("isolates %s", (_, name) => {
  expect(isolate(name)).toBe(`\u2068${name}\u2069`);
});

it("lets no name end its isolation, or reach beyond it", () => {
  expect(isolate("Bob\u2069 (99) \u202E")).toBe("\u2068Bob (99) \u202E\u2069");
  expect(isolate("a\u2067b\u2066c")).toBe("\u2068a\u2067b\u2066c\u2069\u2069\u2069");
});

it("lets no line end in a name carry its direction on", () => {
  expect(isolate("a\n\u202Eb")).toBe("\u2068a \u202Eb\u2069");
  expect(isolate("דנה\u2029\u2067b")).toBe("\u2068דנה \u2067b\u2069\u2069");
});

it("leaves what is isolated already well-formed", () => {
  expect(isolate(`${isolate("דנה")} 3`)).toBe("\u2068\u2068דנה\u2069 3\u2069");
});
