import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * One Hallway per folder: two would write the same databases and answer the same messages. Holds `hallway.lock` with
 * our process id; a lock whose process is gone (a crash, a power cut) is taken over. Answers the release, or undefined when
 * another Hallway has it.
 */
export async function lockInstance(folder: string, isAlive: (pid: number) => boolean = alive): Promise<(() => Promise<void>) | undefined> {
  const path = join(folder, "hallway.lock");
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = Number(await readFile(path, "utf8").catch(() => ""));
    if (Number.isInteger(holder) && holder > 0 && holder !== process.pid && isAlive(holder)) return undefined;
    await rm(path, { force: true });
  }
  return undefined;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
