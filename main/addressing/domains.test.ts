import { describe, expect, it } from "vitest";
import { executions } from "../../shared/executions.test-helper.ts";
import { namedByAny, namedExpressly } from "./domains.ts";

describe("patterns of domains", () => {
  it("name a domain, all below one, or every one, in whatever form either is written", () => {
    expect(namedByAny(["example.com"], "EXAMPLE.com.")).toBe(true);
    expect(namedByAny(["example.com"], "a.example.com")).toBe(false);
    expect(namedByAny(["*.example.com"], "a.b.example.com")).toBe(true);
    expect(namedByAny(["*.example.com"], "example.com")).toBe(false);
    expect(namedByAny(["*.example.com"], "notexample.com")).toBe(false);
    expect(namedByAny(["*.bücher.example"], "a.xn--bcher-kva.example")).toBe(true);
    expect(namedByAny(["*"], "anything")).toBe(true);
    expect(namedByAny(["::1"], "[::1]")).toBe(true);
    expect(namedByAny(["2001:db8::1"], "[2001:0DB8:0:0:0:0:0:1]")).toBe(true);
    expect(namedByAny(["[2001:db8:0::1]"], "2001:db8::1")).toBe(true);
    expect(namedByAny(["fe80::1"], "fe80::1%eth0")).toBe(true);
    expect(namedByAny(["2001:db8::1"], "2001:db8::2")).toBe(false);
    expect(namedByAny([], "example.com")).toBe(false);
    expect(namedByAny(["*.example.com"], ".example.com")).toBe(true);
    expect(namedByAny(["*.com"], "example.com")).toBe(true);
    expect(namedByAny(["*.192.0.2.1", "192.0.2.2"], "192.0.2.1")).toBe(false);
    expect(namedByAny(["a.example", "b.example"], "b.example")).toBe(true);
    expect(namedExpressly(["*"], "anything")).toBe(false);
  });

  it("are taken apart once, and cost no more to look through however many there are", () => {
    const work = (count: number): number => {
      const patterns = Array.from({ length: count }, (_, index) => `*.d${index}.example`);
      const ask = (): void => expect(namedByAny(patterns, `a.b.d${count - 1}.example`)).toBe(true);
      ask();
      return executions(ask);
    };
    work(1);
    expect(work(10_000)).toBe(work(10));
  });
});
