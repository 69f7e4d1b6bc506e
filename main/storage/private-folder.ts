import { lstat, mkdir } from "node:fs/promises";

/**
 * A folder (no link to one) that belongs to this person, and that nobody else can write to. On Windows that is for its
 * access list to say.
 */
export async function isPrivate(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory()) return false;
  return process.platform === "win32" || (found.uid === process.getuid?.() && (found.mode & 0o022) === 0);
}

/** Makes a folder for this person alone where there is none. False: what is there is not. */
export async function makePrivate(folder: string): Promise<boolean> {
  await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
  return isPrivate(folder);
}
