import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { HallwayError } from "../../shared/errors.ts";

/**
 * The person's folder for downloads: as their desktop says (XDG user directories, `XDG_DOWNLOAD_DIR` in
 * user-dirs.dirs), else Downloads in their home, else their home itself. Error: `export-no-folder` when not even that
 * is there.
 */
export async function downloadFolder(
  home = homedir(),
  config = process.env["XDG_CONFIG_HOME"] ?? join(home, ".config"),
): Promise<string> {
  const text = await readFile(join(config, "user-dirs.dirs"), "utf8").catch(() => "");
  const named = /^XDG_DOWNLOAD_DIR="((?:\\.|[^"\\\n])*)"/m
    .exec(text)?.[1]
    ?.replace(/\\(.)/g, "$1")
    .replace(/^\$HOME(?=\/|$)/, home);
  for (const folder of [named, join(home, "Downloads"), home]) {
    if (folder === undefined || !isAbsolute(folder)) continue;
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return folder;
  }
  throw new HallwayError("export-no-folder", { reason: "ENOENT" });
}
