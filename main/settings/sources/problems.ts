import type { PolicyLevel } from "./merge.ts";
import { PlistError } from "./plist/plist-error.ts";
import type { PolicyProblem, PolicyReading, PolicyValue } from "./source.ts";
import { JsonError } from "./strict-json.ts";
import { FileRefused } from "./trusted-file.ts";

/** Values found at one level, and the problems with them. */
interface LevelReading {
  readonly values: ReadonlyMap<string, PolicyValue>;
  readonly problems: readonly PolicyProblem[];
}

/** Both levels together. It is complete where all could be read and trusted; the other problems are warnings. */
export function readingOf({ mandatory, recommended }: Readonly<Record<PolicyLevel, LevelReading>>): PolicyReading {
  const problems = [...mandatory.problems, ...recommended.problems];
  const unread = mandatory.problems.find(hides)?.source;
  return {
    snapshot: { mandatory: mandatory.values, recommended: recommended.values },
    complete: !problems.some(hides),
    problems,
    ...(unread === undefined ? {} : { unread }),
  };
}

/** True for a problem that leaves unknown what the place says. */
function hides({ kind }: PolicyProblem): boolean {
  return kind === "unreadable" || kind === "untrusted" || kind === "malformed";
}

/** There is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** Whatever went wrong with a file, for IT. */
export function toProblem(source: string, error: unknown): PolicyProblem {
  if (error instanceof FileRefused) return { kind: error.kind, source, detail: `It has no effect: ${error.message}.` };
  if (error instanceof JsonError)
    return { kind: "malformed", source, line: error.line, detail: `Line ${error.line}: ${error.message}.` };
  if (error instanceof PlistError) {
    if (error.line === undefined)
      return { kind: "malformed", source, detail: `The property list cannot be read: ${error.message}.` };
    return { kind: "malformed", source, line: error.line, detail: `Line ${error.line}: ${error.message}.` };
  }
  return { kind: "unreadable", source, detail: "It cannot be read." };
}
