import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const length = 32;

/**
 * Secret that only this person's programs know, in the profile's folder: with it a running Hallway proves to a second
 * start that it is one. Made where it is missing or is none. Nothing else depends on it.
 */
export async function instanceSecret(folder: string): Promise<Buffer> {
  const path = join(folder, "instance-secret");
  for (let tries = 0; ; tries += 1) {
    const known = await readFile(path).catch(() => undefined);
    if (known?.length === length) return known;
    const made = randomBytes(length);
    try {
      // Two starts at once: one of them makes it.
      await writeFile(path, made, { flag: "wx", mode: 0o600 });
      return made;
    } catch (error) {
      if (tries === 3) throw error;
      // One that is not whole is being written, or was left behind by a crash.
      if (tries > 0) await rm(path, { force: true });
      else await setTimeout(100);
    }
  }
}
