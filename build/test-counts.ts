/** Counts that a test runner reports. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const noTests: Counts = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** Reads Vitest's JSON report; undefined: it is none. */
export function vitestCounts(report: unknown): Counts | undefined {
  const passed = field(report, "numPassedTests");
  const failed = field(report, "numFailedTests");
  const pending = field(report, "numPendingTests");
  const todo = field(report, "numTodoTests") ?? 0;
  if (passed === undefined || failed === undefined || pending === undefined) return undefined;
  return { passed, failed, skipped: pending + todo };
}

/** Reads Playwright's JSON report; undefined: it is none. A test that passed only when repeated has failed. */
export function playwrightCounts(report: unknown): Counts | undefined {
  const stats =
    typeof report === "object" && report !== null ? (report as Readonly<Record<string, unknown>>)["stats"] : undefined;
  const expected = field(stats, "expected");
  const unexpected = field(stats, "unexpected");
  const flaky = field(stats, "flaky");
  const skipped = field(stats, "skipped");
  if (expected === undefined || unexpected === undefined || flaky === undefined || skipped === undefined)
    return undefined;
  return { passed: expected, failed: unexpected + flaky, skipped };
}

/**
 * Counts that a runner's end stands for. It fails as a whole - at least one failed - when it ended badly without naming
 * the test, when it left no report, and when it executed no test.
 */
export function judge(code: number, counts: Counts | undefined): Counts {
  if (counts === undefined) return { ...noTests, failed: 1 };
  const executed = counts.passed + counts.failed;
  if (counts.failed === 0 && (code !== 0 || executed === 0)) return { ...counts, failed: 1 };
  return counts;
}

/** The closing line that CI reads. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function field(value: unknown, name: string): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = (value as Readonly<Record<string, unknown>>)[name];
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}
