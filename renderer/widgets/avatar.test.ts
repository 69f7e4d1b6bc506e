import { expect, it } from "vitest";
import { initialsOf } from "./avatar.tsx";

it.each([
  ["Anna Maria Meier", "AM"],
  ["anna.meier@example.test", "AT"],
  ["e\u0301milie", "E\u0301"],
  ["क्षितिज शर्मा", "क्षिश"],
  ["👩🏽‍💻Anna 🎉", "A"],
  ["\u200Fשרה כהן", "שכ"],
  ["𠮷野 家", "𠮷家"],
  ["🎉", "?"],
])("the initials of %j are %j, whole characters", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
