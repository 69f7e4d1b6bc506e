import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Every file that the vault's key opens: each database (`*.db`) that stands in the person's folder itself. What is
 * encrypted with the key and is no such database (the policy snapshot) is told of a new key by its owner. Paths,
 * largest first.
 */
export function encryptedFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".db"))
    .map(({ name }) => join(folder, name))
    .sort((a, b) => sizeOf(b) - sizeOf(a));
}

/** In bytes; 0: it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
