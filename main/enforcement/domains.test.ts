import { describe, expect, it } from "vitest";
import { namedByAny, names } from "./domains.ts";

describe("patterns of domains", () => {
  it("name a domain, all below one, or every one, in whatever form either is written", () => {
    expect(names("example.com", "EXAMPLE.com.")).toBe(true);
    expect(names("example.com", "a.example.com")).toBe(false);
    expect(names("*.example.com", "a.b.example.com")).toBe(true);
    expect(names("*.example.com", "example.com")).toBe(false);
    expect(names("*.example.com", "notexample.com")).toBe(false);
    expect(names("bücher.example", "xn--bcher-kva.example")).toBe(true);
    expect(names("*", "anything")).toBe(true);
    expect(names("::1", "[::1]")).toBe(true);
    expect(namedByAny([], "example.com")).toBe(false);
    expect(namedByAny(["a.example", "b.example"], "b.example")).toBe(true);
  });
});
