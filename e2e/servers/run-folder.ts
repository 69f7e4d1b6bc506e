import { readFileSync, rmSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The user that servers run as when we are root: servers refuse root, and should. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody`, when we are root; undefined when we are somebody already (servers then run as ourselves). */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

/**
 * A folder of its own for one server, under the system's temporary folder, owned by the user that the server runs as.
 */
export interface RunFolder {
  readonly path: string;
  /** Hands a file or folder made by us to the server's user. */
  give(path: string): Promise<void>;
  remove(): Promise<void>;
}

const ours = new Set<string>();

/** Has a folder removed when this process ends by itself before somebody removed it; answers what calls that off. */
export function removeWithUs(path: string): () => void {
  if (ours.size === 0) process.once("exit", removeAll);
  ours.add(path);
  return () => {
    ours.delete(path);
    if (ours.size === 0) process.off("exit", removeAll);
  };
}

function removeAll(): void {
  for (const path of ours) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    } catch {
      // whatever still writes there was not ours to stop; the others are to go all the same
    }
  }
}

/** Makes a run folder. `kind` becomes a part of its name. */
export async function createRunFolder(kind: string): Promise<RunFolder> {
  const user = serverUser();
  const path = await mkdtemp(join(tmpdir(), `hallway-${kind}-`));
  const give = async (what: string): Promise<void> => {
    if (user) await chown(what, user.uid, user.gid);
  };
  const removed = removeWithUs(path);
  await give(path);
  return {
    path,
    give,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      removed();
    },
  };
}
