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

/** A copy of the sources in which the compiler judges mutants: what it refuses, `npm run check` notices. */
export class TypesOfMutants {
  readonly #folder: string;
  #prepared = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether the compiler refuses a file (named from the root) with the mutant in it. */
  refuses(file: string, span: Span, replacement: string): boolean {
    if (!this.#prepared) this.#prepare();
    const text = readFileSync(join(root, file), "utf8");
    const copy = join(this.#folder, file);
    writeFileSync(copy, withMutant(text, span, replacement));
    const project = file.split("/")[0] ?? "";
    const { status } = this.#compile("-p", project, "--noEmit");
    writeFileSync(copy, text);
    return status !== 0;
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
