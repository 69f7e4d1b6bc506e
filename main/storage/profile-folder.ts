import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where this person's files are kept: `%APPDATA%\Hallway`, `~/Library/Application Support/Hallway`, or
 * `$XDG_DATA_HOME/hallway` (XDG Base Directory Specification; `~/.local/share` when unset or relative). Policy is never
 * read from here.
 */
export function profileFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  if (platform === "win32") return join(env["APPDATA"] || join(home, "AppData", "Roaming"), "Hallway");
  if (platform === "darwin") return join(home, "Library", "Application Support", "Hallway");
  const data = env["XDG_DATA_HOME"];
  return join(data?.startsWith("/") ? data : join(home, ".local", "share"), "hallway");
}

/** Makes the folder, for this person only. */
export async function makeProfileFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}
