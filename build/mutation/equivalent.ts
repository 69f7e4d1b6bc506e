import { readFileSync } from "node:fs";
import type { MutantKey } from "./sample.ts";

/**
 * A mutant that no test can notice, because the program does the same with it. Named by the text of its line, which
 * survives changes elsewhere in the file.
 */
export interface EquivalentMutant {
  readonly file: string;
  /** The line where the mutant begins, without the spaces around it. */
  readonly line: string;
  readonly mutator: string;
  readonly replacement: string;
  readonly reason: string;
}

/** The list in `equivalent.json`; throws where an entry lacks its reason. */
export function readEquivalents(): readonly EquivalentMutant[] {
  const list: readonly EquivalentMutant[] = JSON.parse(
    readFileSync(new URL("./equivalent.json", import.meta.url), "utf8"),
  );
  for (const { file, line, reason } of list)
    if (!reason?.trim()) throw new Error(`build/mutation/equivalent.json gives no reason for ${file}: ${line}`);
  return list;
}

/** The entry that a mutant is listed under. `text`: the text of its file. */
export function findEquivalent(
  list: readonly EquivalentMutant[],
  mutant: MutantKey,
  text: string,
): EquivalentMutant | undefined {
  const line = text.split("\n")[mutant.line]?.trim();
  return list.find(
    (entry) =>
      entry.file === mutant.file &&
      entry.mutator === mutant.mutator &&
      entry.replacement === mutant.replacement &&
      entry.line === line,
  );
}
