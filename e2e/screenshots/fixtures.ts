import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, test as base, chromium, type Page } from "@playwright/test";
import { build } from "esbuild";
import { root } from "../../build/root.ts";
import { findBrowser } from "../../main/host/chromium/browser.ts";
import { pageHeaders } from "../../main/host/pages.ts";
import type { Screenshot } from "./screenshots.ts";

/** The window over a stand-in for main, and what it has complained of. */
interface OpenWindow {
  readonly page: Page;
  readonly errors: readonly string[];
}

type WindowState = Omit<Screenshot, "name" | "act">;

/** Playwright's test with the window as it ships, which needs no server and no main. */
export const test = base.extend<
  { readonly open: (state: WindowState) => Promise<OpenWindow> },
  { readonly windows: Windows }
>({
  windows: [
    async ({}, use) => {
      const executablePath = findBrowser();
      if (executablePath === undefined) throw new Error("No Chromium, Chrome or Edge was found");
      const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
      await use(new Windows(browser, await bundleWindow()));
      await browser.close();
    },
    { scope: "worker" },
  ],
  open: async ({ windows }, use, info) => {
    const opened: Page[] = [];
    await use(async (state) => {
      const window = await windows.open(state);
      opened.push(window.page);
      return window;
    });
    for (const page of opened) await (info.status === "passed" ? windows.leave(page) : page.context().close());
  },
});

export { expect } from "@playwright/test";

/**
 * The windows of one worker. A page that a test has left is loaded anew for the next one: nothing of a window outlives
 * that, and to make another page takes longer than most tests.
 */
class Windows {
  readonly #browser: Browser;
  readonly #files: ReadonlyMap<string, Buffer>;
  readonly #left: Page[] = [];

  constructor(browser: Browser, files: ReadonlyMap<string, Buffer>) {
    this.#browser = browser;
    this.#files = files;
  }

  async open({
    scenario,
    locale = "en-GB",
    width = 1280,
    height = 760,
    dark = false,
    forced = false,
  }: WindowState): Promise<OpenWindow> {
    const page = this.#left.pop() ?? (await this.#newPage());
    await page.setViewportSize({ width, height });
    await page.emulateMedia({
      colorScheme: dark ? "dark" : "light",
      forcedColors: forced ? "active" : "none",
      reducedMotion: "reduce",
    });
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
    });
    await page.goto(`https://hallway/#${scenario}:${locale}`);
    await page.locator("main").waitFor();
    return { page, errors };
  }

  /** Takes a page back, with nothing of the test in it. */
  async leave(page: Page): Promise<void> {
    page.removeAllListeners();
    await page.goto("about:blank");
    this.#left.push(page);
  }

  async #newPage(): Promise<Page> {
    const context = await this.#browser.newContext();
    const page = await context.newPage();
    await page.route("**/*", (route) => {
      const name = new URL(route.request().url()).pathname.slice(1) || "index.html";
      const body = this.#files.get(name);
      return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body, headers: pageHeaders(name) });
    });
    await page.clock.setFixedTime(new Date(2026, 10, 20, 9, 42));
    return page;
  }
}

/** The window as it ships, with the stand-in loaded before it. */
async function bundleWindow(): Promise<ReadonlyMap<string, Buffer>> {
  const bundled = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: "iife",
    target: "chrome120",
    jsx: "automatic",
    jsxImportSource: "preact",
    entryPoints: { main: "renderer/main.tsx", fake: "renderer/dev/page.ts" },
    outdir: "/",
  });
  const html = await readFile(join(root, "renderer/index.html"), "utf8");
  return new Map([
    [
      "index.html",
      Buffer.from(html.replace('<script src="main.js">', '<script src="fake.js"></script><script src="main.js">')),
    ],
    ["icon.svg", await readFile(join(root, "build/icons/hallway.svg"))],
    ...bundled.outputFiles.map((file): [string, Buffer] => [file.path.slice(1), Buffer.from(file.contents)]),
  ]);
}
