import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonError, parseJson, parseObject } from "./strict-json.ts";

function errorOf(text: string): JsonError {
  try {
    parseObject(text);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("strict JSON", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })),
        fc.constantFrom(undefined, 2, "\t"),
        (value, indent) => {
          const text = JSON.stringify(value, undefined, indent);
          expect(Object.fromEntries([...parseObject(text)].map(([name, member]) => [name, member.value]))).toEqual(
            JSON.parse(text),
          );
        },
      ),
    );
  });

  it("refuses what JSON.parse refuses, with an error of its own and nothing else", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string({ unit: fc.constantFrom(...'{}[]",:0123e.-truefalsn \n\\u') }),
        ),
        (text) => {
          let parsed: unknown;
          try {
            parsed = JSON.parse(text);
          } catch {
            expect(() => parseObject(text)).toThrow(JsonError);
            return;
          }
          if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed))
            expect(() => parseObject(text)).toThrow(JsonError);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{\n  "A": 1,\n  "A": 2\n}', 3, "appears twice here"],
    ['{\n"A": {"x": 1,\n\n"x": 2}}', 4, "appears twice here"],
    ['{\n  "A": 1\n  "B": 2\n}', 3, '"}" should be here'],
    ['{"A": tru', 1, "a value should be here"],
    ['{"A": ', 1, "the text ends"],
    ['{"A": 1', 1, "the text ends"],
    ["", 1, "empty"],
    ["[]", 1, "one object"],
    ["null", 1, "one object"],
    ["{}\n{}", 2, "nothing may follow"],
    ['{"A": 1,}', 1, "double quotes"],
    ["{'A': 1}", 1, "double quotes"],
    [`{"A":${"[".repeat(100)}`, 1, "too deeply"],
    [`{"A":${'{"a":'.repeat(100_000)}`, 1, "too deeply"],
  ])("names the line of %j", (text, line, words) => {
    const error = errorOf(text);
    expect(error.line).toBe(line);
    expect(error.message).toContain(words);
  });

  it("knows the line of every member, and reads other values as strictly", () => {
    expect([...parseObject('{\n"A": {"x": 1},\n\n"B": [\n2]}')].map(([name, { line }]) => [name, line])).toEqual([
      ["A", 2],
      ["B", 4],
    ]);
    expect(parseJson(' [1, {"a": "b"}]\n')).toEqual([1, { a: "b" }]);
    expect(parseJson('"text"')).toBe("text");
    for (const bad of ["", "[1] 2", '[{"a": 1, "a": 2}]', "[".repeat(100)])
      expect(() => parseJson(bad), bad).toThrow(JsonError);
  });

  it("skips a byte order mark and keeps odd names harmless", () => {
    expect([...parseObject('\ufeff{"A": 1}')]).toEqual([["A", { value: 1, line: 1 }]]);
    const value = parseObject('{"A": {"__proto__": {"x": 1}}}').get("A")?.value as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value["x"]).toBeUndefined();
  });
});
