import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readPages } from "../pages.ts";
import { findBrowser } from "./browser.ts";
import { Launcher } from "./launch.ts";
import { openWindow } from "./start.ts";

const browser = findBrowser();
const nothing = (): void => undefined;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-port-"));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

it.skipIf(browser === undefined || process.platform === "win32")(
  "no window opens over a browser whose own start file opens a debugging port",
  async () => {
    const wrapper = join(folder, "browser");
    await writeFile(wrapper, `#!/bin/sh\nexec ${browser} --remote-debugging-port=0 "$@"\n`);
    await chmod(wrapper, 0o755);
    await writeFile(join(folder, "index.html"), "<!doctype html><title>Hallway</title>");
    const opening = openWindow({
      signal: new AbortController().signal,
      launcher: new Launcher({
        browser: wrapper,
        profile: join(folder, "profile"),
        locale: "en",
        extraArgs: ["--headless=new", "--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
      }),
      pages: await readPages(folder),
      log: { debug: nothing, info: nothing, warn: nothing },
      onCall: nothing,
      onReport: nothing,
      onWindow: nothing,
      onGone: nothing,
    });
    await expect(opening).rejects.toThrow("opens a debugging port");
  },
);
