import { createHash } from "node:crypto";
import { dirname } from "node:path/posix";

/** Key that tells one mutant from another in the same sources. */
export interface MutantKey {
  readonly file: string;
  readonly mutator: string;
  readonly line: number;
  readonly column: number;
  readonly replacement: string;
}

/** Whether two keys tell of the same mutant. */
export function isSame(one: MutantKey, other: MutantKey): boolean {
  return (["file", "mutator", "line", "column", "replacement"] as const).every((part) => one[part] === other[part]);
}

/** The folder under which a mutant is counted. */
export function folderOf({ file }: Pick<MutantKey, "file">): string {
  return dirname(file);
}

/**
 * A random sample: `size` mutants of each folder, or all of them where there are fewer. The order is that of a hash
 * over seed and mutant, so the same seed takes the same mutants from the same sources, and a change in one file leaves
 * the choice in the others nearly as it was.
 */
export function sample<T extends MutantKey>(mutants: readonly T[], size: number, seed: string): readonly T[] {
  const taken = new Map<string, number>();
  const drawn = mutants.map((mutant) => ({ mutant, lot: lot(seed, mutant) })).sort((a, b) => (a.lot < b.lot ? -1 : 1));
  return drawn.flatMap(({ mutant }) => {
    const count = taken.get(folderOf(mutant)) ?? 0;
    taken.set(folderOf(mutant), count + 1);
    return count < size ? [mutant] : [];
  });
}

function lot(seed: string, { file, mutator, line, column, replacement }: MutantKey): string {
  return createHash("sha256")
    .update(JSON.stringify([seed, file, mutator, line, column, replacement]))
    .digest("hex");
}
