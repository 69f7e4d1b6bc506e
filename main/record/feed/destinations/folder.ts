import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Destination, Parcel } from "./destination.ts";
import { NotNow, notNow } from "./destination.ts";

/**
 * A folder: one file for each parcel, `<id>.<extension>`, so that a parcel that comes twice is one file. A file appears
 * whole or not at all: it is written under another name that begins with a dot, made durable, and renamed. The folder
 * is never made: where it is missing, its disk may not be there.
 */
export function createFolderDestination(path: string): Destination {
  async function check(): Promise<void> {
    const found = await lstat(path);
    if (!found.isDirectory()) throw new NotNow("not-a-folder");
  }

  async function write({ id, extension, text }: Parcel): Promise<void> {
    // Ids and extensions are ours; the check is for the day on which they are not.
    if (!/^[0-9a-f]{64}$/.test(id) || !/^[a-z]{2,5}$/.test(extension)) throw new NotNow("bad-name");
    const draft = join(path, `.${id}.${randomUUID()}.part`);
    try {
      // Exclusive and never through a link: nobody else decides where the text goes.
      const file = await open(
        draft,
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0),
        0o600,
      );
      try {
        await file.writeFile(text, "utf8");
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, join(path, `${id}.${extension}`));
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Flushes the folder itself, without which its files are not durable; Windows has no such thing. */
  async function settle(): Promise<void> {
    if (process.platform === "win32") return;
    let folder: FileHandle | undefined;
    try {
      folder = await open(path, constants.O_RDONLY);
      await folder.sync();
    } finally {
      await folder?.close();
    }
  }

  return {
    async deliver(parcels, signal) {
      try {
        await check();
        for (const parcel of parcels) {
          if (signal.aborted) throw new NotNow("cancelled");
          await write(parcel);
        }
        await settle();
      } catch (error) {
        throw notNow(error);
      }
    },
    async probe() {
      const draft = join(path, `.${randomUUID()}.part`);
      try {
        await check();
        await (await open(draft, "wx", 0o600)).close();
        await rm(draft);
      } catch (error) {
        throw notNow(error);
      }
    },
  };
}
