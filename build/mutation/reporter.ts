import { relative } from "node:path";
import type { MutantResult } from "@stryker-mutator/api/core";
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";
import type { Reporter } from "@stryker-mutator/api/report";

/** How Stryker knows the reporter. */
export const reporterName = "hallway-missed";

/** Line about a mutant that no test noticed; undefined for any other. Not yet judged by the compiler. */
export function missedLine({
  fileName,
  location,
  mutatorName,
  replacement,
  status,
}: Pick<MutantResult, "fileName" | "location" | "mutatorName" | "replacement" | "status">): string | undefined {
  if (status !== "Survived" && status !== "NoCoverage") return undefined;
  const { line, column } = location.start;
  const place = `${relative(process.cwd(), fileName)}:${line}:${column}`;
  return `${place}  ${status}  ${mutatorName} -> ${replacement.replace(/\s+/g, " ").slice(0, 200)}`;
}

/** Says of each mutant at once that no test noticed it: a run that is broken off has then not been for nothing. */
const reporter: Reporter = {
  onMutantTested(result) {
    const line = missedLine(result);
    if (line !== undefined) console.log(line);
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Reporter, reporterName, reporter)];
