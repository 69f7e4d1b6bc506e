import { describe, expect, it } from "vitest";
import { growth } from "../../shared/executions.test-helper.ts";
import { compilePattern } from "./patterns.ts";

const found = (pattern: string, body: string, ignoreCase = false): string[] =>
  compilePattern(pattern, ignoreCase)
    .find(body)
    .map(({ start, end }) => body.slice(start, end));

describe("patterns", () => {
  it("finds every place", () => {
    expect(found("\\bINC-[0-9]{6}\\b", "INC-123456 and inc-000001, INC-1234567")).toEqual(["INC-123456"]);
    expect(found("\\binc-[0-9]{6}\\b", "INC-123456 and inc-000001", true)).toEqual(["INC-123456", "inc-000001"]);
    expect(found("😀+", "a😀😀b")).toEqual(["😀😀"]);
    expect(found("a*", "bab")).toEqual(["a"]);
    expect(compilePattern("x", false).test("abc")).toBe(false);
  });

  it("takes no expression that is none, that needs more than linear time, or that is huge", () => {
    for (const pattern of [
      "(",
      "a**b(",
      "(?=a)b",
      "(?<!a)b",
      "(a)\\1",
      "(a{1000}){1000}",
      "\\pL{1000}\\pL{1000}\\pL{1000}",
    ])
      expect(() => compilePattern(pattern, false), pattern).toThrow(
        expect.objectContaining({ code: "policy-invalid" }),
      );
  });

  it.each(["(a+)+$", "(a|a)*b", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*x", "a.*b|a"])(
    "is about ten times the work in ten times the text, with what hangs other engines: %s",
    (pattern) => {
      const compiled = compilePattern(pattern, false);
      expect(growth((length) => compiled.test(`${"a".repeat(length)}!`), 200, 2_000)).toBeLessThan(12);
    },
  );

  it("says that a long text is too much for a large expression, instead of taking seconds", () => {
    const compiled = compilePattern("\\pL{0,900}\\pN", false);
    expect(compiled.test("a1")).toBe(true);
    expect(() => compiled.test("a".repeat(65_536))).toThrow(expect.objectContaining({ code: "too-large" }));
  });
});
