import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { lockInstance } from "./instance-lock.ts";
import { profileFolder } from "./profile-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("is held by one at a time; a second start knocks at the first", async () => {
  const knocked = vi.fn();
  const release = await lockInstance(folder, knocked);
  expect(release).toBeDefined();
  expect(await lockInstance(folder, () => undefined)).toBeUndefined();
  await vi.waitFor(() => expect(knocked).toHaveBeenCalledOnce());
  await release?.();
  const next = await lockInstance(folder, () => undefined);
  expect(next).toBeDefined();
  await next?.();
});

it.skipIf(process.platform === "win32")("is taken over from a process that was killed", async () => {
  const child = spawn(process.execPath, [
    "-e",
    `require("net").createServer().listen(${JSON.stringify(join(folder, "hallway.sock"))}, () => console.log("up"))`,
  ]);
  await once(child.stdout, "data");
  expect(await lockInstance(folder, () => undefined)).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  const release = await lockInstance(folder, () => undefined);
  expect(release).toBeDefined();
  await release?.();
});

it.skipIf(process.platform !== "linux")("works for a folder that can hold no socket", async () => {
  // procfs stands for a file system without sockets.
  const barren = "/proc/self";
  const release = await lockInstance(barren, () => undefined);
  expect(release).toBeDefined();
  expect(await lockInstance(barren, () => undefined)).toBeUndefined();
  await release?.();
});

it("keeps each system's convention for a person's files", () => {
  expect(profileFolder("linux", {}, "/home/a")).toBe("/home/a/.local/share/hallway");
  expect(profileFolder("linux", { XDG_DATA_HOME: "/data" }, "/home/a")).toBe("/data/hallway");
  expect(profileFolder("linux", { XDG_DATA_HOME: "data" }, "/home/a")).toBe("/home/a/.local/share/hallway");
  expect(profileFolder("darwin", {}, "/Users/a")).toBe("/Users/a/Library/Application Support/Hallway");
});
