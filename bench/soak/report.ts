import type { Colleague } from "./colleague.ts";
import type { Finding } from "./ledger.ts";
import type { Growth } from "./memory-watch.ts";
import type { PageTask } from "./page-tasks.ts";

/** All that a soak has found out. */
export interface Results {
  readonly minutes: number;
  readonly seed: number;
  readonly done: Readonly<Record<string, number>>;
  readonly incidents: Readonly<Record<string, number>>;
  readonly colleagues: readonly Colleague[];
  readonly findings: readonly Finding[];
  /** Faults of the run itself, such as a state that never came. */
  readonly faults: readonly string[];
  readonly growth: { readonly judged: boolean; readonly minutes: number; readonly kinds: readonly Growth[] };
  readonly tasks: readonly PageTask[];
}

/** Longest task of the page that nobody notices, in milliseconds. */
const longestTask = 100;
const shownFindings = 40;

/** The report in plain lines, and whether every check holds. */
export function describeResults(results: Results): { readonly lines: readonly string[]; readonly passed: boolean } {
  const { minutes, seed, done, incidents, colleagues, findings, faults, growth, tasks } = results;
  const long = tasks.filter(({ milliseconds }) => milliseconds > longestTask);
  const grown = growth.judged ? growth.kinds.filter(({ late, most }) => most !== undefined && late > most) : [];
  const lines = colleagues.flatMap(({ ledger }) => [...ledger.lines("in"), ...ledger.lines("out")]);
  const fates = Object.entries(Object.groupBy(lines, ({ fate }) => fate)).map(
    ([fate, some]) => `${some?.length ?? 0} ${fate}`,
  );
  const doubtful = lines.filter(({ fate }) => fate === "doubtful").length;
  // Where it is not known what must be there, a check that finds nothing says nothing.
  const blind = doubtful > lines.length / 10;
  return {
    passed: findings.length === 0 && faults.length === 0 && grown.length === 0 && long.length === 0 && !blind,
    lines: [
      `Soak of ${minutes} minutes, seed ${seed}`,
      `Done: ${listOf(done)}`,
      `Incidents: ${listOf(incidents)}`,
      `Messages: ${lines.length} (${fates.join(", ")})${blind ? " - TOO MANY DOUBTFUL ONES to tell anything" : ""}`,
      `Losses, doubles, order, deletions, changes: ${findings.length === 0 ? "all as they must be" : `${findings.length} FINDINGS`}`,
      ...findings.slice(0, shownFindings).map(({ kind, what }) => `  ${kind}: ${what}`),
      ...faults.map((fault) => `  FAULT: ${fault}`),
      `Memory over the longest life of ${growth.minutes.toFixed(0)} minutes${growth.judged ? "" : ", too short to judge growth by"} (MB):`,
      ...growth.kinds.map(
        ({ name, last, early, late, most }) =>
          `  ${name.padEnd(14)} ${last.toFixed(1).padStart(7)} at the end; ${signed(early)} an hour in the first half, ${signed(late)} in the second${most === undefined ? "" : ` (limit ${most})`}`,
      ),
      ...grown.map(({ name }) => `  GREW: ${name}`),
      `Tasks of the page over ${longestTask} ms: ${long.length === 0 ? "none" : `${long.length}, the longest ${Math.max(...long.map((task) => task.milliseconds)).toFixed(0)} ms`}`,
      ...long
        .slice(0, shownFindings)
        .map(({ at, milliseconds }) => `  ${new Date(at).toISOString()} ${milliseconds.toFixed(0)} ms`),
    ],
  };
}

function listOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort()
    .map(([what, count]) => `${what} ${count}`)
    .join("; ");
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(1)}`;
}
