import { folderOf } from "./sample.ts";

/**
 * Fate of a mutant. `noticed`: a test failed, or the run broke; `time-out`: the tests did not end; `types`: no test
 * noticed it, but the compiler refuses it, so it cannot be; `survived`: every test that runs it passed; `no coverage`:
 * no test runs it.
 */
export type Fate = "noticed" | "time-out" | "types" | "survived" | "no coverage";

export interface JudgedMutant {
  readonly file: string;
  readonly fate: Fate;
}

/** The share that has to be noticed in every folder. */
export const floor = 0.85;

export interface FolderFigures {
  readonly folder: string;
  readonly fates: Readonly<Record<Fate, number>>;
  readonly equivalent: number;
  /** Of the mutants that are possible and not equivalent; 1 where there are none. */
  readonly share: number;
}

/** The figures of each folder, by name. */
export function figures(
  mutants: readonly JudgedMutant[],
  equivalents: readonly { readonly file: string }[],
): readonly FolderFigures[] {
  const folders = [...new Set([...mutants, ...equivalents].map(folderOf))].sort();
  return folders.map((folder) => {
    const own = mutants.filter((mutant) => folderOf(mutant) === folder);
    const count = (fate: Fate): number => own.filter((mutant) => mutant.fate === fate).length;
    const fates = {
      noticed: count("noticed"),
      "time-out": count("time-out"),
      types: count("types"),
      survived: count("survived"),
      "no coverage": count("no coverage"),
    };
    const seen = fates.noticed + fates["time-out"];
    const counted = seen + fates.survived + fates["no coverage"];
    return {
      folder,
      fates,
      equivalent: equivalents.filter((mutant) => folderOf(mutant) === folder).length,
      share: counted === 0 ? 1 : seen / counted,
    };
  });
}

/** The table that is printed. */
export function table(rows: readonly FolderFigures[]): string {
  const head = ["folder", "mutants", "noticed", "time-out", "types", "survived", "no coverage", "equivalent", "share"];
  const cells = rows.map(({ folder, fates, equivalent, share }) => {
    const mutants = Object.values(fates).reduce((sum, count) => sum + count, 0);
    const numbers = [
      mutants,
      fates.noticed,
      fates["time-out"],
      fates.types,
      fates.survived,
      fates["no coverage"],
      equivalent,
    ];
    return [folder, ...numbers.map(String), `${Math.floor(share * 100)} %${share < floor ? " (too few)" : ""}`];
  });
  const lines = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}
