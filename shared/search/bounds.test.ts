import { describe, expect, it } from "vitest";
import { parseQuery } from "./query.ts";
import { words } from "./words.ts";

describe("words", () => {
  it("are told apart by their first 40 characters", () => {
    expect([...words("a".repeat(40))]).toEqual(["a".repeat(40)]);
    expect([...words(`${"a".repeat(41)} next`)]).toEqual(["a".repeat(40), "next"]);
    expect([...words(`${"é".repeat(40)}x`)]).toEqual(["e".repeat(40)]);
  });

  it("are looked for 16 at a time, the last of which may be a beginning", () => {
    const text = Array.from({ length: 17 }, (_, n) => `word${n}`);
    expect(parseQuery(text.slice(0, 16).join(" "))).toMatchObject({ whole: text.slice(0, 15), prefixes: ["word15"] });
    expect(parseQuery(text.join(" "))).toMatchObject({ whole: text.slice(0, 15), prefixes: ["word15"] });
  });

  it("are looked for in the first 2,000 characters of what was typed", () => {
    expect(parseQuery(`${" ".repeat(1_996)}word`)).toMatchObject({ prefixes: ["word"] });
    expect(parseQuery(`${" ".repeat(1_997)}word`)).toMatchObject({ prefixes: ["wor"] });
    expect(parseQuery(`${" ".repeat(2_000)}word`)).toBeUndefined();
  });
});
