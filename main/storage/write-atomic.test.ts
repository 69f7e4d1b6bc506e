import { type FileHandle, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { version } from "./bundled-files.ts";
import { isPrivate, makePrivate } from "./private-folder.ts";
import { writeAtomic } from "./write-atomic.ts";

let folder: string;
let path: string;
/** The prototype of every open file. */
let files: FileHandle;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-atomic-"));
  path = join(folder, "file");
  const any = await open(folder, "r");
  files = Object.getPrototypeOf(any);
  await any.close();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await rm(folder, { recursive: true });
});

/** Names in the folder whenever something is written to disk, and the files that were left open. */
function watched(fails: Partial<Record<"writeFile" | "sync", string>> = {}) {
  const synced: (readonly string[])[] = [];
  const handles = new Set<FileHandle>();
  const { sync, writeFile: write } = files;
  const refuse = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
  vi.spyOn(files, "sync").mockImplementation(async function (this: FileHandle) {
    handles.add(this);
    synced.push((await readdir(folder)).map((name) => name.replace(/[0-9a-f]{12}/, "*")));
    return fails.sync === undefined ? sync.call(this) : refuse(fails.sync);
  });
  vi.spyOn(files, "writeFile").mockImplementation(function (this: FileHandle, text) {
    handles.add(this);
    return fails.writeFile === undefined ? write.call(this, text) : refuse(fails.writeFile);
  });
  return { synced, open: () => [...handles].filter(({ fd }) => fd !== -1).length };
}

function onPlatform(platform: NodeJS.Platform): void {
  vi.stubGlobal("process", { ...process, platform, getuid: process.getuid });
}

it("a file is on disk before it takes the other's place, and its folder after", async () => {
  const { synced, open: left } = watched();
  await writeAtomic(path, "one");
  expect([synced, left()]).toEqual([[["file.*.tmp"], ["file"]], 0]);
  expect([await readFile(path, "utf8"), (await stat(path)).mode & 0o777]).toEqual(["one", 0o600]);
  await writeAtomic(path, "2");
  expect([await readFile(path, "utf8"), await readdir(folder)]).toEqual(["2", ["file"]]);
});

it("Windows is not asked to open a folder", async () => {
  const { synced, open: left } = watched();
  onPlatform("win32");
  await writeAtomic(path, "one");
  expect([synced, left()]).toEqual([[["file.*.tmp"]], 0]);
});

it("a file that cannot take the place leaves nothing behind, and the other as it was", async () => {
  await mkdir(path);
  await writeFile(join(path, "inside"), "kept");
  const { open: left } = watched();
  await expect(writeAtomic(path, "one")).rejects.toMatchObject({ syscall: "rename" });
  expect([await readdir(folder), await readFile(join(path, "inside"), "utf8"), left()]).toEqual([["file"], "kept", 0]);
});

it.each([{ writeFile: "ENOSPC" }, { sync: "EIO" }])(
  "a file that is not wholly on disk does not take the place: %j",
  async (fails) => {
    await writeFile(path, "before");
    const { open: left } = watched(fails);
    await expect(writeAtomic(path, "one")).rejects.toMatchObject({ code: Object.values(fails)[0] });
    expect([await readdir(folder), await readFile(path, "utf8"), left()]).toEqual([["file"], "before", 0]);
  },
);

it("a folder of another person is not private, whatever its mode; on Windows its access list says", async () => {
  expect(await isPrivate(folder)).toBe(true);
  const other = (await stat(folder)).uid + 1;
  vi.stubGlobal("process", { ...process, platform: "linux", getuid: () => other });
  expect([await isPrivate(folder), await makePrivate(folder)]).toEqual([false, false]);
  vi.stubGlobal("process", { ...process, platform: "win32", getuid: undefined });
  expect(await isPrivate(folder)).toBe(true);
});

it("the version is that of the package", async () => {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  expect(await version()).toBe(JSON.parse(text).version);
});
