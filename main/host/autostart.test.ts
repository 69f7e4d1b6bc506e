import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { setAutostart } from "./autostart.ts";

let folder: string;
const file = (): string => join(folder, "autostart", "hallway.desktop");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-autostart-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("writes an entry that starts this very program, and takes it away again", async () => {
  await setAutostart(true, ["/opt/my apps/node", '/home/a"$b%c\\d/main.mjs'], folder);
  const entry = await readFile(file(), "utf8");
  expect(entry).toMatch(/^\[Desktop Entry\]\nType=Application\nName=Hallway\n/);
  expect(entry).toContain('Exec="/opt/my apps/node" "/home/a\\\\"\\\\$b%%c\\\\\\\\d/main.mjs"\n');
  await setAutostart(false, [], folder);
  await expect(readFile(file())).rejects.toThrow("ENOENT");
  await setAutostart(false, [], folder);
});

it("writes another entry once the program stands elsewhere, and none where it says the same", async () => {
  await setAutostart(true, ["/opt/hallway"], folder);
  const { ino } = await stat(file());
  await setAutostart(true, ["/opt/hallway"], folder);
  expect((await stat(file())).ino).toBe(ino);
  await setAutostart(true, ["/opt/new hallway", "--hidden"], folder);
  expect(await readFile(file(), "utf8")).toBe(
    '[Desktop Entry]\nType=Application\nName=Hallway\nExec="/opt/new hallway" "--hidden"\nTerminal=false\nX-Hallway-Autostart=true\n',
  );
});

it("leaves a file that is not ours alone", async () => {
  await mkdir(join(folder, "autostart"));
  await writeFile(file(), "[Desktop Entry]\nExec=mine\n");
  await setAutostart(true, ["/opt/hallway"], folder);
  await setAutostart(false, ["/opt/hallway"], folder);
  expect(await readFile(file(), "utf8")).toContain("Exec=mine");
});

it("writes nothing that would be another line", async () => {
  for (const path of ["/opt/a\nExec=evil", "/opt/a\rExec=evil", "/opt/a\0"]) {
    await expect(setAutostart(true, ["/opt/hallway", path], folder)).rejects.toThrow("no desktop entry");
  }
  await expect(readFile(file())).rejects.toThrow("ENOENT");
});
