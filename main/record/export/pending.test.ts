import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { beginPending, removeLeftovers } from "./pending.ts";

let profile = "";
let out = "";

beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), "hallway-pending-"));
  out = await mkdtemp(join(tmpdir(), "hallway-out-"));
});

/** A note as a process would have left it that is gone. */
async function note(folder: string, id = "0d0cd8a6-93f5-4a3e-9a5c-0123456789ab", process = 2 ** 22 + 1): Promise<void> {
  await mkdir(join(profile, "exports"), { recursive: true });
  await writeFile(join(profile, "exports", `${id}.json`), JSON.stringify({ folder, process }));
}

test("what a crash has left is deleted, and the note of it", async () => {
  const folder = join(out, ".hallway-export-0d0cd8a6-93f5-4a3e-9a5c-0123456789ab.partial");
  await mkdir(join(folder, "conversations"), { recursive: true });
  await note(folder);
  expect(await removeLeftovers(profile)).toBe(1);
  expect(await readdir(out)).toEqual([]);
  expect(await readdir(join(profile, "exports"))).toEqual([]);
});

test("an export of a program that runs is left alone", async () => {
  const folder = join(out, ".hallway-export-0d0cd8a6-93f5-4a3e-9a5c-0123456789ab.partial");
  await mkdir(folder);
  await note(folder, undefined, process.ppid);
  expect(await removeLeftovers(profile)).toBe(0);
  expect(existsSync(folder)).toBe(true);
});

test("a note cannot have anything else deleted", async () => {
  const mine = join(out, "mine");
  await mkdir(mine);
  for (const folder of [mine, `${out}/.hallway-export-ffffffff-93f5-4a3e-9a5c-0123456789ab.partial/../mine`, "/"])
    await note(folder);
  const link = join(out, ".hallway-export-0d0cd8a6-93f5-4a3e-9a5c-0123456789ab.partial");
  await symlink(mine, link);
  await note(link);
  await writeFile(join(profile, "exports", "broken.json"), "{");
  expect(await removeLeftovers(profile)).toBe(0);
  expect(existsSync(mine)).toBe(true);
});

test("the folder is beside the target, and gone when it is given up", async () => {
  const pending = await beginPending(profile, join(out, "export"));
  expect(pending.folder.startsWith(join(out, ".hallway-export-"))).toBe(true);
  await mkdir(pending.folder);
  await pending.remove();
  expect(await readdir(out)).toEqual([]);
  expect(await readdir(join(profile, "exports"))).toEqual([]);
});
