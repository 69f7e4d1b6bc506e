import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockInstance } from "./instance-lock.ts";
import { profileFolder } from "./profile-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("is held by one process at a time", async () => {
  await writeFile(join(folder, "hallway.lock"), "1");
  expect(await lockInstance(folder, () => true)).toBeUndefined();
});

it("is taken over from a process that is gone, or that wrote nothing sensible", async () => {
  await writeFile(join(folder, "hallway.lock"), "999999");
  const release = await lockInstance(folder, () => false);
  expect(release).toBeDefined();
  await release?.();
  await writeFile(join(folder, "hallway.lock"), "\0garbage");
  expect(await lockInstance(folder, () => true)).toBeDefined();
});

it("keeps each system's convention for a person's files", () => {
  expect(profileFolder("linux", {}, "/home/a")).toBe("/home/a/.local/share/hallway");
  expect(profileFolder("linux", { XDG_DATA_HOME: "/data" }, "/home/a")).toBe("/data/hallway");
  expect(profileFolder("linux", { XDG_DATA_HOME: "data" }, "/home/a")).toBe("/home/a/.local/share/hallway");
  expect(profileFolder("darwin", {}, "/Users/a")).toBe("/Users/a/Library/Application Support/Hallway");
});
