import { describe, expect, it } from "vitest";
import { addCounts, closingLine, judge, noTests, playwrightCounts, vitestCounts } from "./test-counts.ts";

describe("the closing line", () => {
  it("sums up every runner", () => {
    const vitest = vitestCounts({ numPassedTests: 10, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 });
    const playwright = playwrightCounts({ stats: { expected: 5, unexpected: 0, flaky: 1, skipped: 1 } });
    expect(closingLine([vitest ?? noTests, playwright ?? noTests].reduce(addCounts, noTests))).toBe(
      "15 passed, 2 failed, 4 skipped",
    );
  });

  it.each([
    undefined,
    null,
    5,
    "text",
    {},
    { stats: {} },
    { numPassedTests: "10", numFailedTests: 0, numPendingTests: 0 },
    { stats: { expected: 1 } },
  ])("takes %o for no report", (report) => {
    expect(vitestCounts(report)).toBeUndefined();
    expect(playwrightCounts(report)).toBeUndefined();
  });
});

describe("a runner", () => {
  const good = { passed: 3, failed: 0, skipped: 1 };

  it("has passed when it says so and ends well", () => {
    expect(judge(0, good)).toEqual(good);
  });

  it("has failed when it ended badly, left no report, or executed nothing", () => {
    expect(judge(1, good).failed).toBe(1);
    expect(judge(0, undefined).failed).toBe(1);
    expect(judge(0, { passed: 0, failed: 0, skipped: 7 }).failed).toBe(1);
    expect(judge(0, noTests).failed).toBe(1);
  });

  it("keeps its own count of failures", () => {
    expect(judge(1, { passed: 3, failed: 2, skipped: 0 })).toEqual({ passed: 3, failed: 2, skipped: 0 });
    expect(judge(0, { passed: 3, failed: 2, skipped: 0 }).failed).toBe(2);
  });
});
