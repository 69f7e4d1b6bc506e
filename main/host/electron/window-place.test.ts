import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { boundsWithin, WindowPlaceFile } from "./window-place.ts";

const left = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: 0, width: 1280, height: 1000 };
const place = { x: 2000, y: 100, width: 900, height: 700, maximized: false };

it("opens on the display where it was, and only as large as that", () => {
  expect(boundsWithin(place, [left, right])).toEqual({ x: 2000, y: 100, width: 900, height: 700 });
  expect(boundsWithin({ ...place, width: 3000, height: 3000 }, [left, right])).toEqual({
    x: 2000,
    y: 100,
    width: 1280,
    height: 1000,
  });
});

it("lets the desktop choose the place where its title bar could not be reached", () => {
  // The display is gone.
  expect(boundsWithin(place, [left])).toEqual({ width: 900, height: 700 });
  // Above the screen; a corner of it; no display at all.
  for (const [x, y] of [
    [100, -200],
    [1900, 100],
    [-880, 100],
  ] as const)
    expect(boundsWithin({ ...place, x, y }, [left])).toEqual({ width: 900, height: 700 });
  expect(boundsWithin(place, [])).toEqual({ width: 900, height: 700 });
  expect(boundsWithin({ ...place, width: 10, height: 10 }, [left])).toEqual({ width: 360, height: 420 });
  expect(boundsWithin(undefined, [left])).toEqual({ width: 1180, height: 760 });
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-place-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("is kept in a file; what cannot be read there is as if there were none", async () => {
  const warnings: string[] = [];
  const log = { debug: () => undefined, info: () => undefined, warn: (text: string) => void warnings.push(text) };
  const path = join(folder, "window.json");
  const file = new WindowPlaceFile(path, log);
  expect(await file.read()).toBeUndefined();
  file.keep({ ...place, x: 1 });
  file.keep({ ...place, maximized: true });
  await file.flush();
  expect(await file.read()).toEqual({ ...place, maximized: true });
  for (const bad of [
    "",
    "{",
    "null",
    "[]",
    JSON.stringify({ ...place, x: "1" }),
    JSON.stringify({ ...place, width: 1e9 }),
    JSON.stringify({ ...place, y: 0.5 }),
  ]) {
    await writeFile(path, bad);
    expect(await file.read(), bad).toBeUndefined();
  }
  const nowhere = new WindowPlaceFile(join(folder, "none", "window.json"), log);
  nowhere.keep(place);
  await nowhere.flush();
  expect(warnings).toEqual(["the place of the window could not be kept"]);
  expect(await readFile(path, "utf8")).toBe(JSON.stringify({ ...place, y: 0.5 }));
});
