import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findElectron } from "./launch.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-runtime-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it("takes Electron's runtime where it is, and finds none in an empty folder", async () => {
  const environment = { ELECTRON_OVERRIDE_DIST_PATH: folder };
  expect(findElectron(environment)).toBeUndefined();
  const names = { darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" } as const;
  const path = join(
    folder,
    process.platform === "darwin" || process.platform === "win32" ? names[process.platform] : "electron",
  );
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
  expect(findElectron(environment)).toBe(path);
});
