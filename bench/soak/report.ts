import type { Colleague } from "./colleague.ts";
import type { Finding } from "./ledger.ts";
import type { Growth } from "./memory-watch.ts";
import type { MeasuredTask } from "./page-tasks.ts";

/** All that a soak has found out. */
export interface Results {
  readonly minutes: number;
  readonly seed: number;
  readonly done: Readonly<Record<string, number>>;
  readonly incidents: Readonly<Record<string, number>>;
  readonly colleagues: readonly Pick<Colleague, "ledger">[];
  readonly findings: readonly Finding[];
  /** Messages that a server stored (202) and handed over after what it passed on later (200): no findings. */
  readonly overtaken: readonly string[];
  /** Faults of the run itself, such as a state that never came. */
  readonly faults: readonly string[];
  readonly growth: { readonly judged: boolean; readonly minutes: number; readonly kinds: readonly Growth[] };
  readonly tasks: readonly MeasuredTask[];
}

/** Longest task of the page that nobody notices, in milliseconds: without its waits for a busy machine. */
const longestTask = 100;
/** Largest part of one kind of thing done in vain; a lock or a kill lets a few fail. Judged from so many of them on. */
const mostInVain = 0.15;
const fewestJudged = 20;
const shownFindings = 40;

/** The report in plain lines, and whether every check holds. */
export function describeResults(results: Results): { readonly lines: readonly string[]; readonly passed: boolean } {
  const { minutes, seed, done, incidents, colleagues, findings, overtaken, faults, growth, tasks } = results;
  const long = tasks.filter(({ worked }) => worked > longestTask);
  const slow = tasks.filter(({ milliseconds }) => milliseconds > longestTask).length;
  const vain = kindsInVain(done);
  const grown = growth.judged ? growth.kinds.filter(({ late, most }) => most !== undefined && late > most) : [];
  const lines = colleagues.flatMap(({ ledger }) => [...ledger.lines("in"), ...ledger.lines("out")]);
  const fates = Object.entries(Object.groupBy(lines, ({ fate }) => fate)).map(
    ([fate, some]) => `${some?.length ?? 0} ${fate}`,
  );
  const stored = lines.filter((line) => line.stored).length;
  const doubtful = lines.filter(({ fate }) => fate === "doubtful").length;
  // Where it is not known what must be there, a check that finds nothing says nothing.
  const blind = doubtful > lines.length / 10;
  return {
    passed: [findings, faults, grown, long, vain].every(({ length }) => length === 0) && !blind,
    lines: [
      `Soak of ${minutes} minutes, seed ${seed}`,
      `Done: ${listOf(done)}`,
      ...vain.map((kind) => `  TOO OFTEN IN VAIN: ${kind}`),
      `Incidents: ${listOf(incidents)}`,
      `Messages: ${lines.length} (${fates.join(", ")})${blind ? " - TOO MANY DOUBTFUL ONES to tell anything" : ""}`,
      `Losses, doubles, order, deletions, changes: ${findings.length === 0 ? "all as they must be" : `${findings.length} FINDINGS`}`,
      ...findings.slice(0, shownFindings).map(({ kind, what }) => `  ${kind}: ${what}`),
      `Order is judged among the ${lines.length - stored} messages that a server passed on at once (SIMPLE: 200)`,
      `  ${stored} that it stored first (SIMPLE: 202) are judged for all else; ${overtaken.length} stand behind later ones`,
      ...overtaken.slice(0, shownFindings).map((what) => `  stored: ${what}`),
      ...faults.map((fault) => `  FAULT: ${fault}`),
      `Memory over the longest life of ${growth.minutes.toFixed(0)} minutes${growth.judged ? "" : ", too short to judge growth by"} (MB):`,
      ...growth.kinds.map(
        ({ name, last, early, late, most }) =>
          `  ${name.padEnd(14)} ${last.toFixed(1).padStart(7)} at the end; ${signed(early)} an hour in the first half, ${signed(late)} in the second${most === undefined ? "" : ` (limit ${most.toFixed(1)})`}`,
      ),
      ...grown.map(({ name }) => `  GREW: ${name}`),
      `Tasks of the page over ${longestTask} ms: ${long.length === 0 ? "none" : `${long.length}, the longest ${Math.max(...long.map(({ worked }) => worked)).toFixed(0)} ms`}; with waits for a processor ${slow}`,
      ...long
        .slice(0, shownFindings)
        .map(
          ({ at, milliseconds, worked }) =>
            `  ${new Date(at).toISOString()} ${worked.toFixed(0)} ms, with waits ${milliseconds.toFixed(0)} ms`,
        ),
    ],
  };
}

/** Kinds of things that the person or a colleague did and of which too many failed: nobody uses a window that way. */
function kindsInVain(done: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(done).filter((kind) => {
    const [count = 0, failed = 0] = [done[kind], done[`${kind}, in vain`]];
    return count >= fewestJudged && failed > count * mostInVain;
  });
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
