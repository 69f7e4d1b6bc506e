import { spawn } from "node:child_process";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Browser, chromium, type Page } from "playwright-core";
import { nodeFlags } from "../../build/node-flags.ts";
import { root } from "../../build/root.ts";
import { removeWithUs } from "../servers/run-folder.ts";
import { endingWithUs } from "../servers/server-process.ts";
import type { TestAppOptions } from "./options.ts";

/**
 * A folder that outlives one run of the app: start again with the same one to be the same person on the same machine.
 */
export interface TestHome {
  readonly folder: string;
  readonly policyFolder: string;
  readonly downloads: string;
  remove(): Promise<void>;
}

/** A running Hallway with its window attached to Playwright. */
export interface Hallway {
  readonly page: Page;
  readonly pid: number;
  /** Everything it wrote to its log so far. */
  log(): string;
  /** Quits as Ctrl+C does, and waits until it is gone. */
  stop(): Promise<void>;
  /** Power cut: no goodbye, nothing flushed. */
  kill(): Promise<void>;
}

export type LaunchOptions = Partial<Omit<TestAppOptions, "folder" | "policyFolder" | "downloads" | "debuggable">>;

/** Answers the address (ws://) through which Playwright reaches the browser that listens at the one given. */
type DebuggingWay = (address: string) => Promise<string>;

const patience = 60_000;

export async function createTestHome(): Promise<TestHome> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-test-"));
  const policyFolder = join(folder, "policies");
  for (const part of ["managed", "recommended"]) await mkdir(join(policyFolder, part), { recursive: true });
  const downloads = join(folder, "downloads");
  await mkdir(downloads);
  const removed = removeWithUs(folder);
  return {
    folder,
    policyFolder,
    downloads,
    async remove() {
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      removed();
    },
  };
}

/** A running Hallway that nobody looks into. */
export interface HallwayProcess {
  readonly pid: number;
  /** Everything it wrote to the terminal so far. */
  log(): string;
  /** Resolves when it has ended, by whatever cause. */
  readonly ended: Promise<void>;
  /** Ends it and resolves when its window is gone too. Idempotent. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the bundled test app at a test home. Bundles must be fresh (global-setup.ts). */
export async function startHallway(
  testHome: TestHome,
  options: LaunchOptions & { readonly debuggable: boolean },
): Promise<HallwayProcess> {
  const settings: TestAppOptions = {
    folder: join(testHome.folder, "profile"),
    policyFolder: testHome.policyFolder,
    downloads: testHome.downloads,
    policySettle: 100,
    secrets: "file",
    locale: "en",
    headless: true,
    accounts: [],
    ...options,
  };
  await rm(devToolsFile(testHome), { force: true });
  const file = join(testHome.folder, "options.json");
  await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
  const [command = process.execPath, ...args] = [
    ...endingWithUs(),
    process.execPath,
    ...nodeFlags,
    join(root, ".cache/e2e/main.mjs"),
    file,
  ];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], cwd: root, detached: true });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => void said.push(line));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stopWithUs = (): void => void child.kill("SIGKILL");
  process.prependOnceListener("exit", stopWithUs);
  void ended.then(() => process.off("exit", stopWithUs));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), patience / 2);
    await ended;
    clearTimeout(timer);
    await windowGone(join(testHome.folder, "profile", "window"));
  };
  let ending: Promise<void> | undefined;
  return {
    pid: child.pid ?? -1,
    log: () => said.join("\n"),
    ended,
    // asked again it says the same: by then the window may be that of a later run at the same test home
    end: (signal) => (ending ??= end(signal)),
  };
}

/**
 * Starts it, attaches Playwright to its window, and resolves when its page stands. `way`: given the address of the
 * browser's debugging port, answers the one to connect to instead.
 */
export async function launchHallway(
  testHome: TestHome,
  options: LaunchOptions = {},
  way: DebuggingWay = async (address) => address,
): Promise<Hallway> {
  const hallway = await startHallway(testHome, { ...options, debuggable: true });
  let browser: Browser | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await browser?.close().catch(() => undefined);
    await hallway.end(signal);
  };
  try {
    const address = await way(await debuggingAddress(hallway, devToolsFile(testHome)));
    browser = await chromium.connectOverCDP(address, { timeout: patience });
    const page = await pageOf(browser);
    return { page, pid: hallway.pid, log: hallway.log, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
  } catch (error) {
    await end("SIGKILL");
    throw error;
  }
}

function devToolsFile(testHome: TestHome): string {
  return join(testHome.folder, "profile", "window", "DevToolsActivePort");
}

/** The browser ends when its pipe breaks; its lock (a link to `host-pid`) tells whose turn it is. */
async function windowGone(folder: string): Promise<void> {
  const end = Date.now() + patience / 3;
  while (Date.now() < end) {
    try {
      const pid = readlinkSync(join(folder, "SingletonLock")).split("-").at(-1) ?? "";
      // a process that has ended but that nobody has asked after yet (state Z) is gone too
      if (/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) return;
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Chromium writes its port, and the path to connect to, into a file once it listens. */
async function debuggingAddress(hallway: HallwayProcess, file: string): Promise<string> {
  const end = Date.now() + patience;
  let over = false;
  void hallway.ended.then(() => {
    over = true;
  });
  for (;;) {
    if (over) throw new Error(`Hallway ended at once:\n${hallway.log()}`);
    if (existsSync(file)) {
      const [port, path] = readFileSync(file, "utf8").split("\n");
      if (port && path) return `ws://127.0.0.1:${port}${path}`;
    }
    if (Date.now() > end) throw new Error(`Hallway's window did not appear:\n${hallway.log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function pageOf(browser: Browser): Promise<Page> {
  const end = Date.now() + patience;
  for (;;) {
    const page = browser.contexts().flatMap((context) => context.pages())[0];
    if (page) {
      await page.waitForFunction(() => document.querySelector("#app")?.childElementCount, undefined, {
        timeout: patience,
      });
      return page;
    }
    if (Date.now() > end) throw new Error("Hallway's window has no page");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
