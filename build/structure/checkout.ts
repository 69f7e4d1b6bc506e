import { access } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The first of these files that a checkout has: they were moved from time to time. Rejects when it has none. */
export async function fileOf(checkout: string, paths: readonly string[]): Promise<URL> {
  for (const path of paths) {
    const file = join(checkout, path);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return pathToFileURL(file);
  }
  throw new Error(`${checkout} has none of ${paths.join(", ")}`);
}

/** The module in the first of these files that a checkout has. */
export async function moduleOf<Module>(checkout: string, paths: readonly string[]): Promise<Module> {
  return (await import((await fileOf(checkout, paths)).href)) as Module;
}
