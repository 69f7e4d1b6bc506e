import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { downloadFolder } from "./download-folder.ts";

let home = "";
let config = "";

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "hallway-home-"));
  config = join(home, ".config");
  await mkdir(config);
});

test("the folder that the desktop names for downloads", async () => {
  await mkdir(join(home, "Téléchargements"));
  await writeFile(
    join(config, "user-dirs.dirs"),
    '# written by xdg-user-dirs-update\nXDG_DESKTOP_DIR="$HOME/Bureau"\nXDG_DOWNLOAD_DIR="$HOME/Téléchargements"\n',
  );
  expect(await downloadFolder(home, config)).toBe(join(home, "Téléchargements"));
});

test("else Downloads, else the home", async () => {
  expect(await downloadFolder(home, config)).toBe(home);
  await mkdir(join(home, "Downloads"));
  await writeFile(join(config, "user-dirs.dirs"), 'XDG_DOWNLOAD_DIR="$HOME/not-there"\n');
  expect(await downloadFolder(home, config)).toBe(join(home, "Downloads"));
  await writeFile(join(config, "user-dirs.dirs"), 'XDG_DOWNLOAD_DIR="somewhere/relative"\n');
  expect(await downloadFolder(home, config)).toBe(join(home, "Downloads"));
});

test("a home that is not there is refused", async () => {
  await expect(downloadFolder(join(home, "nobody"), config)).rejects.toMatchObject({ code: "export-no-folder" });
});
