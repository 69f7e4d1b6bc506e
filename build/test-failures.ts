import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import * as v from "valibot";

/** A test that failed, as it is told again at the end, where a long log still shows it. */
export interface Failure {
  readonly title: string;
  /** Reason that the runner gave. */
  readonly why: string;
  /** A folder in which more is said of it. */
  readonly folder?: string;
}

/** So many lines of each. */
const mostLines = 30;

const VitestReport = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      message: v.optional(v.string(), ""),
      assertionResults: v.array(
        v.object({
          fullName: v.string(),
          status: v.string(),
          failureMessages: v.optional(v.nullable(v.array(v.string())), []),
        }),
      ),
    }),
  ),
});

/**
 * Reads Vitest's JSON report; none where it is no such report. A file that failed without a test that did counts, too.
 */
export function vitestFailures(report: unknown): readonly Failure[] {
  if (!v.is(VitestReport, report)) return [];
  return v.parse(VitestReport, report).testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => failure(`${name} › ${test.fullName}`, (test.failureMessages ?? []).join("\n")));
    return status === "failed" && failed.length === 0
      ? [failure(name, message || "The file as a whole failed: see above.")]
      : failed;
  });
}

const PlaywrightResult = v.object({
  errors: v.optional(v.array(v.object({ message: v.optional(v.string(), "") })), []),
  attachments: v.optional(v.array(v.object({ path: v.optional(v.string()) })), []),
});

const PlaywrightSpec = v.object({
  title: v.string(),
  ok: v.boolean(),
  file: v.string(),
  line: v.number(),
  tests: v.array(v.object({ results: v.array(PlaywrightResult) })),
});

interface PlaywrightSuite {
  readonly specs?: readonly v.InferOutput<typeof PlaywrightSpec>[];
  readonly suites?: readonly PlaywrightSuite[];
}

const PlaywrightSuite: v.GenericSchema<unknown, PlaywrightSuite> = v.object({
  specs: v.optional(v.array(PlaywrightSpec), []),
  suites: v.optional(v.array(v.lazy(() => PlaywrightSuite)), []),
});

const PlaywrightReport = v.object({
  suites: v.array(PlaywrightSuite),
  errors: v.optional(v.array(v.object({ message: v.optional(v.string(), "") })), []),
});

/** Reads Playwright's JSON report; none where it is no such report. */
export function playwrightFailures(report: unknown): readonly Failure[] {
  const read = v.safeParse(PlaywrightReport, report);
  if (!read.success) return [];
  return [
    ...read.output.suites.flatMap(ofSuite),
    ...read.output.errors.map(({ message }) => failure("outside of a test", message)),
  ];
}

function ofSuite({ specs = [], suites = [] }: PlaywrightSuite): Failure[] {
  const failed = specs.filter(({ ok }) => !ok);
  return [
    ...failed.map(({ file, line, title, tests }) => {
      const results = tests.flatMap((test) => test.results);
      const why = results.flatMap(({ errors }) => errors.map(({ message }) => message)).join("\n");
      const path = results.flatMap(({ attachments }) => attachments.flatMap((attachment) => attachment.path ?? []))[0];
      return {
        ...failure(`${file}:${line} › ${title}`, why),
        ...(path === undefined ? {} : { folder: dirname(path) }),
      };
    }),
    ...suites.flatMap(ofSuite),
  ];
}

/** Errors that a runner printed and that belong to no test, and those of a process that ended by itself. */
export function strayErrors(output: readonly string[]): readonly Failure[] {
  const lines = output.map((line) => stripVTControlCharacters(line));
  const starts = lines.flatMap((line, at) =>
    /Unhandled (Errors?|Rejection)\b|^# Fatal error in\b/.test(line) ? [at] : [],
  );
  return starts.slice(0, 5).map((at) => failure("outside of a test", lines.slice(at, at + mostLines).join("\n")));
}

function failure(title: string, why: string): Failure {
  return { title, why: stripVTControlCharacters(why).split("\n").slice(0, mostLines).join("\n") };
}
