import { afterEach, describe, expect, it, vi } from "vitest";
import type { ContentRule } from "../../shared/settings/content.ts";
import { createAudience } from "./audience.ts";
import { findPaymentCards } from "./detectors/payment-card.ts";
import { isWord } from "./edges.ts";
import { inspected } from "./inspected-text.ts";
import { createKeywordFinders } from "./keywords.ts";
import { createLookAlikes } from "./look-alikes.ts";
import { compilePattern } from "./patterns.ts";
import { compileRules } from "./rules.ts";

afterEach(() => void vi.restoreAllMocks());

describe("what is remembered", () => {
  it("is the side of 2,000 pairs of domains", () => {
    let looked = 0;
    const allowed = Object.assign([] as string[], {
      [Symbol.iterator]() {
        looked += 1;
        return [].values();
      },
    });
    const isExternal = createAudience(allowed);
    const ask = (n: number): boolean | undefined => isExternal({ own: "me@bank.example", peer: `eve@d${n}.example` });
    for (let n = 0; n < 2_000; n++) ask(n);
    expect([ask(0), looked]).toEqual([true, 2_000]);
    ask(2_000);
    expect([ask(0), looked]).toEqual([true, 2_002]);
    expect(isExternal({ own: "me@bank.example", peer: "bob@bank.example" })).toBe(false);
  });

  it("is the shape of 50,000 names", () => {
    const looks = createLookAlikes({ enabled: () => true, familiar: () => ({ contacts: [], domains: [] }) });
    const normalized = vi.spyOn(String.prototype, "normalize");
    const work = (name: string): number => {
      normalized.mockClear();
      looks(name, undefined);
      return normalized.mock.calls.length;
    };
    const [first, again] = [work("first@x.example"), work("first@x.example")];
    expect(again).toBeLessThan(first);
    // The domain has a shape of its own, if it was looked at.
    const perName = new Set<string>();
    for (let n = 0; perName.size < 49_998; n++) {
      perName.add(`${n}`);
      looks(`${n}@x.example`, undefined);
    }
    expect(work("first@x.example")).toBe(again);
    looks("one-more@x.example", undefined);
    expect(work("first@x.example")).toBeGreaterThan(again);
  });
});

describe("a keyword", () => {
  const found = (body: string): number => createKeywordFinders([["bluebird"]])[0]?.(inspected(body)).length ?? 0;

  it("may have three underscores around it as its style; with more it is part of a longer word", () => {
    expect(isWord("a___b", 4, 5)).toBe(false);
    expect(isWord("a____b", 5, 6)).toBe(true);
    expect([found("x___bluebird"), found("x____bluebird"), found("bluebird___x"), found("bluebird____x")]).toEqual([
      0, 1, 0, 1,
    ]);
  });
});

describe("a payment card", () => {
  it("has nineteen digits at most", () => {
    const cards = (text: string): number => findPaymentCards(inspected(text)).length;
    expect(cards("4111 1111 1111 1111 110")).toBe(1);
    expect(cards("4111 1111 1111 1111 1100")).toBe(cards("4111 1111 1111 1111"));
  });
});

describe("an expression", () => {
  it("is told apart at 500 places; of more the whole text is one", () => {
    vi.spyOn(performance, "now").mockReturnValue(0);
    const places = (count: number) => compilePattern("a", false).find("a ".repeat(count));
    expect(places(499)).toHaveLength(499);
    expect(places(500)).toEqual([{ start: 0, end: 1_000 }]);
  });

  it("is looked for up to 50 ms after the first place; then the whole text is one", () => {
    const find = (each: number) => {
      let now = 0;
      vi.spyOn(performance, "now").mockImplementation(() => (now += each) - each);
      return compilePattern("a", false).find("a b a b");
    };
    expect(find(16)).toHaveLength(2);
    expect(find(17)).toEqual([{ start: 0, end: 7 }]);
  });

  it("has 2,000 instructions at most, and does ten million steps at most in one text", () => {
    const sized = (count: number) => compilePattern("a".repeat(count), false);
    let largest = 1_900;
    while (largest < 2_100) {
      try {
        sized(largest + 1);
        largest += 1;
      } catch {
        break;
      }
    }
    // One instruction for each letter, and what begins and ends it.
    expect(2_000 - largest).toBeLessThan(4);
    expect(() => sized(largest + 1)).toThrow(expect.objectContaining({ code: "policy-invalid" }));
    expect(sized(largest).test("a".repeat(5_000))).toBe(true);
    expect(() => sized(largest).test("a".repeat(5_001))).toThrow(expect.objectContaining({ code: "too-large" }));
    // Eleven instructions times 909,091 letters are one step more.
    const eleven = sized(largest - 1_989);
    expect(eleven.test("b".repeat(909_090))).toBe(false);
    expect(() => eleven.test("b".repeat(909_091))).toThrow(expect.objectContaining({ code: "too-large" }));
  });
});

describe("keywords", () => {
  it("have a million letters in all lists together; with one more no list can be applied", () => {
    const rule = (...keywords: readonly string[]): ContentRule => ({
      name: "words",
      action: "block",
      direction: "both",
      audience: "all",
      ignoreCase: true,
      keywords: [...keywords],
    });
    const most = Array.from({ length: 9_999 }, () => "k".repeat(100));
    const broken = (...more: readonly string[]) => compileRules([rule(...most), rule("m".repeat(99), ...more)]).broken;
    expect(broken("m")).toEqual([]);
    expect(broken("mm")).toMatchObject([
      { path: "ContentRules[0].keywords", error: { code: "too-large" } },
      { path: "ContentRules[1].keywords", error: { code: "too-large" } },
    ]);
  });
});
