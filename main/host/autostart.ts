import { mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { writeAtomic } from "../storage/write-atomic.ts";

/** Tells our file from one that somebody made by hand. */
const mark = "X-Hallway-Autostart=true";

/**
 * Whether the desktop starts Hallway with the person's session: a desktop entry in `$XDG_CONFIG_HOME/autostart`
 * (Desktop Application Autostart Specification). A file of that name which is not ours is left alone.
 */
export async function setAutostart(
  on: boolean,
  command: readonly string[],
  folder: string = configFolder(),
): Promise<void> {
  const path = join(folder, "autostart", "hallway.desktop");
  const there = await readFile(path, "utf8").catch(() => undefined);
  if (there !== undefined && !there.includes(mark)) return;
  if (!on) {
    if (there !== undefined) await rm(path, { force: true });
    return;
  }
  const entry = autostartEntry(command);
  if (there === entry) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeAtomic(path, entry);
}

function autostartEntry(command: readonly string[]): string {
  return `[Desktop Entry]\nType=Application\nName=Hallway\nExec=${command.map(quoted).join(" ")}\nTerminal=false\n${mark}\n`;
}

/**
 * One argument of Exec (Desktop Entry Specification, "The Exec key"): quoted, escaped, then escaped once more as a
 * string value.
 */
function quoted(argument: string): string {
  if (/[\n\r\0]/.test(argument)) throw new Error("no desktop entry can hold this path");
  const inner = argument.replace(/["`$\\]/g, (sign) => `\\${sign}`).replaceAll("%", "%%");
  return `"${inner.replaceAll("\\", "\\\\")}"`;
}

function configFolder(): string {
  const set = process.env["XDG_CONFIG_HOME"];
  return set?.startsWith("/") ? set : join(homedir(), ".config");
}
