import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** A source file of a checkout. */
export interface Source {
  /** Path below the checkout, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Code that only tests run. */
  readonly isTest: boolean;
}

const topFolders = ["shared", "main", "renderer", "build", "e2e", "bench"];
const tests =
  /\.(test|spec|conf)\.tsx?$|\.test-helper\.tsx?$|\/testing\/|^renderer\/dev\/|^main\/networks\/conformance/;

/** The TypeScript files of a checkout, in order of their paths. */
export async function readSources(checkout: string): Promise<readonly Source[]> {
  const found: Source[] = [];
  for (const folder of topFolders) {
    const entries = await readdir(join(checkout, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
      const file = join(entry.parentPath, entry.name);
      const path = relative(checkout, file).split(sep).join("/");
      found.push({ path, text: await readFile(file, "utf8"), isTest: tests.test(path) });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
