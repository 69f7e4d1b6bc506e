import { PlistError } from "./plist/plist-error.ts";
import type { PolicyProblem } from "./source.ts";
import { JsonError } from "./strict-json.ts";
import { FileRefused } from "./trusted-file.ts";

/** Whether some of a policy could not be read or may not be trusted; the other problems are warnings. */
export function isComplete(problems: readonly PolicyProblem[]): boolean {
  return !problems.some(({ kind }) => kind === "unreadable" || kind === "untrusted" || kind === "malformed");
}

/** There is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** Whatever went wrong with a file, for IT. */
export function toProblem(source: string, error: unknown): PolicyProblem {
  if (error instanceof FileRefused) return { kind: error.kind, source, detail: `It does not count: ${error.message}.` };
  if (error instanceof JsonError) return { kind: "malformed", source, line: error.line, detail: `Line ${error.line}: ${error.message}.` };
  if (error instanceof PlistError) {
    if (error.line === undefined) return { kind: "malformed", source, detail: `It is not a property list that can be read: ${error.message}.` };
    return { kind: "malformed", source, line: error.line, detail: `Line ${error.line}: ${error.message}.` };
  }
  return { kind: "unreadable", source, detail: "It cannot be read." };
}
