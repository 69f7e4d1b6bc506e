import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isPrivate, makePrivate } from "./private-folder.ts";
import { makeProfileFolder, profileFolder } from "./profile-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-private-"));
});
afterEach(() => rm(folder, { recursive: true }));

it.skipIf(process.platform === "win32")(
  "a folder is private where nobody else can write to it, whoever may read",
  async () => {
    for (const [mode, expected] of [
      [0o700, true],
      [0o755, true],
      [0o720, false],
      [0o702, false],
      [0o777, false],
    ] as const) {
      await chmod(folder, mode);
      expect(await isPrivate(folder), mode.toString(8)).toBe(expected);
    }
    await chmod(folder, 0o700);
  },
);

it("a link to a private folder, a file and nothing at all are none", async () => {
  await symlink(folder, join(folder, "link"));
  await writeFile(join(folder, "file"), "");
  for (const name of ["link", "file", "missing"]) expect(await isPrivate(join(folder, name)), name).toBe(false);
  expect(await makePrivate(join(folder, "file"))).toBe(false);
});

it.skipIf(process.platform === "win32")(
  "one that is made is for this person alone, and one that others can write to stays refused",
  async () => {
    const made = join(folder, "made");
    expect([await makePrivate(made), (await stat(made)).mode & 0o777]).toEqual([true, 0o700]);
    expect(await makePrivate(made)).toBe(true);
    const open = join(folder, "open");
    await mkdir(open);
    await chmod(open, 0o777);
    expect([await makePrivate(open), (await stat(open)).mode & 0o777]).toEqual([false, 0o777]);
    const deep = join(folder, "a", "b");
    await makeProfileFolder(deep);
    expect((await stat(deep)).mode & 0o777).toBe(0o700);
  },
);

it("a person's files are where their system keeps such", () => {
  expect(profileFolder("win32", { APPDATA: "R" }, "H")).toBe(join("R", "Hallway"));
  expect(profileFolder("win32", { APPDATA: "" }, "H")).toBe(join("H", "AppData", "Roaming", "Hallway"));
  expect(profileFolder("darwin", { XDG_DATA_HOME: "/x" }, "/h")).toBe("/h/Library/Application Support/Hallway");
  expect(profileFolder("linux", { XDG_DATA_HOME: "/x" }, "/h")).toBe("/x/hallway");
  for (const value of ["", "relative", undefined])
    expect(profileFolder("linux", { XDG_DATA_HOME: value }, "/h")).toBe("/h/.local/share/hallway");
});
