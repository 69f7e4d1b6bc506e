import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.ts";

/** Where in a text a mutant begins and ends; lines and columns count from 0. */
export interface Span {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** The text with the mutant in place. */
export function withMutant(text: string, { start, end }: Span, replacement: string): string {
  const lines = text.split("\n");
  const offset = ({ line, column }: Span["start"]): number =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, column);
  return text.slice(0, offset(start)) + replacement + text.slice(offset(end));
}

/** A mutant as the compiler is asked about it; its file as the checkout names it. */
export interface TypedMutant {
  readonly file: string;
  readonly span: Span;
  readonly replacement: string;
}

/**
 * The mutants that the compiler refuses. Many are in place at a time, one in each file, since most compile and each
 * time costs seconds; those in whose files errors show are asked about alone. `erroneous`: files with errors while
 * these mutants are in place.
 */
export function refusedOf<T extends Pick<TypedMutant, "file">>(
  mutants: readonly T[],
  erroneous: (together: readonly T[]) => ReadonlySet<string>,
): ReadonlySet<T> {
  const refused = new Set<T>();
  const left = [...mutants];
  while (left.length > 0) {
    const round = left.filter(({ file }, index) => left.findIndex((other) => other.file === file) === index);
    for (const mutant of round) left.splice(left.indexOf(mutant), 1);
    const files = erroneous(round);
    const named = round.filter(({ file }) => files.has(file));
    // An error elsewhere may be of any of them.
    const suspects = named.length === files.size ? named : round;
    for (const mutant of suspects) if (round.length === 1 || erroneous([mutant]).size > 0) refused.add(mutant);
  }
  return refused;
}

/** A copy of the sources in which the compiler judges mutants: what it refuses, `npm run check` notices. */
export class TypesOfMutants {
  readonly #folder: string;
  #prepared = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Those of the mutants that the compiler refuses. */
  refused<T extends TypedMutant>(mutants: readonly T[]): ReadonlySet<T> {
    const projects = Map.groupBy(mutants, ({ file }) => file.split("/")[0] ?? "");
    const all = [...projects].map(([project, own]) => refusedOf(own, (together) => this.#erroneous(project, together)));
    return new Set(all.flatMap((some) => [...some]));
  }

  /** Files with errors while the mutants, each of another file, are in place. */
  #erroneous(project: string, together: readonly TypedMutant[]): ReadonlySet<string> {
    if (!this.#prepared) this.#prepare();
    for (const { file, span, replacement } of together)
      writeFileSync(join(this.#folder, file), withMutant(readFileSync(join(root, file), "utf8"), span, replacement));
    const { status, stdout } = this.#compile("-p", project, "--noEmit", "--pretty", "false");
    for (const { file } of together) cpSync(join(root, file), join(this.#folder, file));
    const files = [...stdout.matchAll(/^(\S+)\(\d+,\d+\): error /gm)].map(([, file = ""]) => file);
    return new Set(status === 0 ? [] : files.length > 0 ? files : [""]);
  }

  #prepare(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(join(this.#folder, "build"), { recursive: true });
    // What `npm run check` has compiled already is not compiled again.
    for (const path of [".cache/types", "main", "shared", "renderer", "build/tsconfig.base.json"])
      if (existsSync(join(root, path))) cpSync(join(root, path), join(this.#folder, path), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.#folder, "node_modules"), "dir");
    const { status, stdout } = this.#compile("-b", "shared", "main", "renderer");
    if (status !== 0) throw new Error(`The sources as they are do not compile:\n${stdout}`);
    this.#prepared = true;
  }

  #compile(...args: readonly string[]): { readonly status: number | null; readonly stdout: string } {
    return spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...args], {
      cwd: this.#folder,
      encoding: "utf8",
    });
  }
}
