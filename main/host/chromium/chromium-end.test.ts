import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Log } from "../../networks/log.ts";
import { browserPath, end, eventually, flags, html, root, secrets, start } from "./chromium.test-helper.ts";
import { createChromiumHost } from "./create.ts";
import { HostUnavailable } from "./unavailable.ts";

describe.skipIf(browserPath === undefined)("the Chromium host's end", () => {
  it("opens no port, tells that its window was closed, and leaves no process behind", async () => {
    const running = await start([]);
    const pids = await processesOf(running.folder);
    if (process.platform === "linux") {
      expect(pids.length).toBeGreaterThan(0);
      expect(await listeningSockets(pids)).toEqual([]);
    }
    // As if the person had closed it.
    process.kill(await browserOf(running.folder), "SIGTERM");
    await eventually(running.quits, (count) => count === 1);
    await end(running);
    expect(running.quits()).toBe(1);
    await nothingRuns(running.folder);
  });

  it.skipIf(process.platform !== "linux")(
    "comes back when the browser falls over, and gives up when it does so again",
    async () => {
      const running = await start([]);
      const hellos = (): number => running.calls.filter((call) => call.method === "hello").length;
      await eventually(hellos, (count) => count === 1);
      process.kill(await browserOf(running.folder), "SIGKILL");
      await eventually(hellos, (count) => count === 2);
      expect(running.quits()).toBe(0);
      await running.host.showWindow();
      process.kill(await browserOf(running.folder), "SIGKILL");
      await eventually(running.quits, (count) => count === 1);
      await end(running);
    },
  );

  it("quits without calling that a closed window, twice without harm", async () => {
    const running = await start([]);
    await running.host.quit();
    await end(running);
    expect(running.quits()).toBe(0);
    await nothingRuns(running.folder);
  });
});

describe.skipIf(browserPath === undefined)("the Chromium host, started again", () => {
  it("waits for a browser that still goes down with the same folder", async () => {
    const before = await start([]);
    const going = before.host.quit();
    const after = await start([], before.folder);
    await eventually(
      () => after.calls.length,
      (count) => count === 1,
    );
    await going;
    expect([before.quits(), after.quits()]).toEqual([0, 0]);
    await end(after);
  });
});

describe("the Chromium host where it cannot work", () => {
  it("says so in a sentence", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hallway-host-"));
    const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const options = { pages: folder, secrets, log };
    const browser = { profile: join(folder, "p"), browser: "/bin/true" };
    if (root)
      await expect(createChromiumHost({ ...options, browser })).rejects.toThrow(/does not open a window for root/u);
    await expect(createChromiumHost({ ...options, browser: { ...browser, extraArgs: flags } })).rejects.toThrow(
      /no index.html/u,
    );
    await writeFile(join(folder, "index.html"), html);
    const host = await createChromiumHost({ ...options, browser: { ...browser, extraArgs: flags } });
    await expect(host.showWindow()).rejects.toBeInstanceOf(HostUnavailable);
    await host.quit();
    await rm(folder, { recursive: true, force: true });
  });

  it("waits for no window any more once Hallway ends", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hallway-host-"));
    await writeFile(join(folder, "index.html"), html);
    // A browser that shows nothing, and goes when it is told to.
    const browser = join(folder, "browser");
    const source = `const { createReadStream, writeFileSync } = require("node:fs");
      createReadStream("", { fd: 3 }).on("data", (text) => String(text).includes("Browser.close") && process.exit());
      writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(process.pid));`;
    await writeFile(browser, `#!${process.execPath}\n${source}`, { mode: 0o755 });
    const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const host = await createChromiumHost({
      pages: folder,
      browser: { profile: join(folder, "p"), browser, extraArgs: flags },
      secrets,
      log,
    });
    const shown = host.showWindow();
    const pid = await vi.waitFor(async () => {
      const written = Number(await readFile(join(folder, "pid"), "utf8"));
      expect(written).toBeGreaterThan(0);
      return written;
    }, 20_000);
    await host.quit();
    await shown;
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
});

/**
 * Processes whose command line names the folder (Linux; elsewhere none is seen). `helpers`: those that the browser
 * started, too.
 */
async function processesOf(folder: string, helpers = true): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/u.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (line.includes(`--user-data-dir=${folder}`) && (helpers || !line.includes("--type="))) found.push(Number(name));
  }
  return found;
}

/**
 * The browser itself. Its number says nothing: numbers begin anew, and helpers of one that fell over outlive it for a
 * moment.
 */
async function browserOf(folder: string): Promise<number> {
  const [pid] = await eventually(
    () => processesOf(folder, false),
    (found) => found.length === 1,
  );
  if (pid === undefined) throw new Error("no browser");
  return pid;
}

const nothingRuns = (folder: string): Promise<number[]> =>
  eventually(
    () => processesOf(folder),
    (found) => found.length === 0,
  );

/** Listening TCP sockets among the descriptors of these processes. */
async function listeningSockets(pids: readonly number[]): Promise<string[]> {
  const inodes = new Map<string, string>();
  for (const table of ["tcp", "tcp6"]) {
    const lines = (await readFile(`/proc/net/${table}`, "utf8")).split("\n").slice(1);
    for (const line of lines) {
      const columns = line.trim().split(/\s+/u);
      // State 0A is LISTEN; column 9 is the inode.
      if (columns[3] === "0A" && columns[9] !== undefined) inodes.set(columns[9], `${table} ${columns[1]}`);
    }
  }
  const open: string[] = [];
  for (const pid of pids) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const inode = /^socket:\[(\d+)\]$/u.exec(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ""))?.[1];
      const socket = inode === undefined ? undefined : inodes.get(inode);
      if (socket !== undefined) open.push(socket);
    }
  }
  return open;
}
