import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { parseJson } from "../../../shared/parse-json.ts";
import { writeAtomic } from "../../storage/write-atomic.ts";

const NoteSchema = v.object({ folder: v.string(), process: v.number() });

/** Where an export is written until it is whole; beside the folder that it becomes. */
export interface PendingExport {
  readonly folder: string;
  /** Deletes what is there of it, and the note about it. After it was renamed there is nothing but the note. */
  remove(): Promise<void>;
}

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function partialName(id: string): string {
  return `.hallway-export-${id}.partial`;
}

/**
 * Chooses a folder to write to, beside `target`, and notes it in the person's folder, so that a later start can delete
 * what a crash has left of it. Errors: those of the file system.
 */
export async function beginPending(profileFolder: string, target: string): Promise<PendingExport> {
  const id = randomUUID();
  const folder = join(dirname(target), partialName(id));
  const note = join(notesFolder(profileFolder), `${id}.json`);
  await mkdir(dirname(note), { recursive: true, mode: 0o700 });
  await writeAtomic(note, JSON.stringify({ folder, process: process.pid }));
  return {
    folder,
    async remove() {
      await rm(folder, { recursive: true, force: true });
      await rm(note, { force: true });
    },
  };
}

/**
 * Deletes what exports have left that were cut short, other than those of programs that still run. Not while one is
 * begun. Answers how many there were.
 */
export async function removeLeftovers(profileFolder: string): Promise<number> {
  const notes = notesFolder(profileFolder);
  const names = await readdir(notes).catch(() => []);
  let removed = 0;
  for (const name of names) {
    // A note that was being written.
    if (name.endsWith(".tmp")) await rm(join(notes, name), { force: true });
    const id = name.replace(/\.json$/, "");
    if (!idPattern.test(id)) continue;
    const parsed = v.safeParse(NoteSchema, parseJson(await readFile(join(notes, name), "utf8").catch(() => "")));
    if (parsed.success && parsed.output.process !== process.pid && runs(parsed.output.process)) continue;
    // Only what has the very name that was made for it, and is a folder: nothing else is ever deleted.
    if (parsed.success && basename(parsed.output.folder) === partialName(id)) {
      const found = await lstat(parsed.output.folder).catch(() => undefined);
      if (found?.isDirectory()) {
        await rm(parsed.output.folder, { recursive: true, force: true });
        removed++;
      }
    }
    await rm(join(notes, name), { force: true });
  }
  return removed;
}

function notesFolder(profileFolder: string): string {
  return join(profileFolder, "exports");
}

function runs(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
